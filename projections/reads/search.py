"""Search plans, tasks, products and plans with a product, by words or id, in a time that does not grow with the rows.

The newest are looked through for words within their titles. Plans are found by how a title begins however old they are,
tasks among many more of the newest: an index of their titles would cost every approval more than all searches. By how
an id begins all are found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from projections.reads.rows import Reader
from projections.reads.unsourced import UNMATCHED, without_source
from schemas.lifecycle import TaskStatus

#: Results of each kind at most.
FOUND: Final = 8
#: The newest plans whose titles are searched for words, and the products that fit: this many at most.
LOOKED_AT: Final = 1000
#: Plans whose titles begin with what is asked for: this many are looked at.
BEGINNING: Final = 200
#: The newest tasks of each status that are searched for words.
LOOKED_BACK: Final = 2000
GOODS_COLUMNS: Final = "sku || ' ' || title"
#: What is as long as this, and the beginning of an id, is meant as one.
PLAIN_ID: Final = 8
#: Words of a query that count, and letters of each.
WORDS: Final = 6
LETTERS: Final = 60

_FROM: Final = "áàâãäéèêëíìîïóòôõöúùûüçñ_-./"
_TO: Final = "aaaaaeeeeiiiiooooouuuucn    "
_PLAIN: Final = str.maketrans(_FROM, _TO)
#: No text goes on with more than this.
_LAST: Final = "\U0010ffff"
#: A letter without accents -> all that it stands for.
_ACCENTED: Final = {
    plain: f"[{plain}{''.join(a + a.upper() for a, b in zip(_FROM, _TO, strict=True) if b == plain)}]"
    for plain in set(_TO) - {" "}
}
_WORD: Final = re.compile(r"[^\W_]+")
_ID: Final = re.compile(r"[0-9a-f]{4,8}|[0-9a-f]{8}-?[0-9a-f-]{0,28}")


@dataclass(frozen=True, slots=True)
class FoundPlan:
    plan_id: UUID
    title: str
    filename: str
    status: str
    uploaded_at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundTask:
    task_id: UUID
    title: str
    status: str
    channel: str
    plan_title: str
    unmatched: list[str]  # numbers of its title without a source in the document


@dataclass(frozen=True, slots=True)
class FoundProduct:
    sku: str
    title: str


@dataclass(frozen=True, slots=True)
class FoundSale:
    """A plan with a product in its figures."""

    plan_id: UUID
    title: str
    filename: str
    status: str
    sku: str
    product: str


def _plain(columns: str, length: int) -> str:
    """Return the SQL of the beginning of columns, in lower case without accents."""
    return f"translate(lower(left({columns}, {length})), '{_FROM}', '{_TO}')"


def _window(columns: str) -> str:
    """Return the condition that the columns have each of the patterns of $1.

    Removing the accents of each row costs several times as much as a pattern that allows for them.
    """
    return f"({columns}) ~* all ($1::text[])"


#: How a title begins: of plans it is in an index.
TITLE_BEGINS: Final = _plain("title", 100) + ' collate "C"'
#: A title that begins with $2; $3 is beyond all of these.
_BEGINS: Final = TITLE_BEGINS + " between $2 and $3"
_PLAN_FIELDS: Final = "plan_id, title, filename, status, uploaded_at"
#: Plans with such words among the newest, and those among all whose titles begin so.
_PLANS: Final = f"""
    select {_PLAN_FIELDS} from (
        select * from (
            select {_PLAN_FIELDS} from rm.plan where uploaded_at is not null order by uploaded_at desc, plan_id
             limit {LOOKED_AT}) newest
         where {_window("title || ' ' || filename")}
        union
        select * from (
            select {_PLAN_FIELDS} from rm.plan where {_BEGINS} limit {BEGINNING}) b) f
     where uploaded_at is not null order by uploaded_at desc, plan_id limit {FOUND}"""  # noqa: S608 - constants
_PLANS_BY_ID: Final = f"""
    select {_PLAN_FIELDS} from rm.plan where plan_id between $1 and $2 and uploaded_at is not null
     order by plan_id limit {FOUND}"""  # noqa: S608 - constants
_TASK_FIELDS: Final = (
    f"t.task_id, t.title, t.status, t.channel, coalesce(p.title, '') as plan_title, {UNMATCHED} as unmatched"
)
_TASK_ROW: Final = "task_id, plan_id, title, status, channel, created_at, phase, worded_by"


def _newest_tasks(number: int) -> str:
    """Return the SQL of so many tasks of each status, the newest: from an index."""
    return " union all ".join(
        f"(select {_TASK_ROW} from rm.task where status = '{status}' and created_at is not null"  # noqa: S608 - names of the lifecycle
        f" order by created_at desc limit {number})"
        for status in TaskStatus
    )


_TASKS: Final = f"""
    select {_TASK_FIELDS} from ({_newest_tasks(LOOKED_BACK)}) t
      left join rm.plan p using (plan_id)
     where {_window("t.title")} order by t.created_at desc, t.task_id limit {FOUND}"""  # noqa: S608 - constants
_TASKS_BY_ID: Final = f"""
    select {_TASK_FIELDS} from rm.task t left join rm.plan p using (plan_id)
     where t.task_id between $1 and $2 and t.created_at is not null order by t.task_id limit {FOUND}"""  # noqa: S608 - constants
_GOODS_FIT: Final = f"to_tsvector('simple', {_plain(GOODS_COLUMNS, 1000)}) @@ to_tsquery('simple', $1)"
_PRODUCTS: Final = f"""
    select sku, title from (
        select distinct on (sku_key) sku_key, sku, title from (
            (select sku_key, sku, title from rm.unit_cost where {_GOODS_FIT} and not deleted limit {LOOKED_AT})
            union all (select sku_key, sku, title from rm.stock_level where {_GOODS_FIT} limit {LOOKED_AT})) every
         order by sku_key, title desc) g
     order by sku_key limit {FOUND}"""  # noqa: S608 - constants

#: What was sold in a document: SKUs, then titles. Of those that fit, the newest so many are looked into.
SOLD: Final = (
    "jsonb_path_query_array(facts, '$.channels[*].products[*].sku')::text"
    " || jsonb_path_query_array(facts, '$.channels[*].products[*].title')::text"
)
LOOKED_INTO: Final = 3 * FOUND
_SOLD_FIT: Final = f"to_tsvector('simple', {_plain(SOLD, 20000)}) @@ to_tsquery('simple', $2)"
#: All the words are to be of one product: the index says only that they are of one document.
_SALES: Final = f"""
    select p.plan_id, p.title, p.filename, p.status, sold.sku, sold.product
      from (select plan_id, facts, stored_at from decide.document where {_SOLD_FIT}
             order by stored_at desc limit {LOOKED_INTO}) d
      cross join lateral (
        select sku, product from (
            select coalesce(one ->> 'sku', '') as sku, coalesce(one ->> 'title', '') as product
              from jsonb_path_query(d.facts, '$.channels[*].products[*]') one) every
         where {_window("sku || ' ' || product")} limit 1) sold
      join rm.plan p using (plan_id)
     where p.uploaded_at is not null order by d.stored_at desc limit {FOUND}"""  # noqa: S608 - constants


def words_of(text: str) -> list[str]:
    """Return the words of a text as the indexes have them: in lower case, without accents."""
    return [word[:LETTERS] for word in _WORD.findall(text.lower().translate(_PLAIN))]


def patterns(text: str) -> list[str]:
    """Return a pattern for each word of a text: a word that begins so, with accents or without."""
    return [
        "(^|[^[:alnum:]])" + "".join(_ACCENTED.get(letter, letter) for letter in word)
        for word in words_of(text)[:WORDS]
    ]


def beginnings(text: str) -> str:
    """Return the query for rows that have, for each word of a text, one that begins so; "" where it has none."""
    return " & ".join(f"'{word}':*" for word in words_of(text)[:WORDS])


def ids(text: str) -> tuple[UUID, UUID] | None:
    """Return the first and the last id with this prefix; None if no id can have it."""
    asked = text.strip().lower()
    if _ID.fullmatch(asked) is None:
        return None
    digits = asked.replace("-", "")
    if len(digits) > 32:
        return None
    return UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))


async def plans(db: Reader, text: str) -> list[FoundPlan]:
    """Find the newest plans by words of their title or file, or by id."""
    begins = text.strip().lower().translate(_PLAIN)[:LETTERS]
    found = await _found(db, text, "plan_id", _PLANS_BY_ID, _PLANS, begins, begins + _LAST)
    return [FoundPlan(**row) for row in found]


async def tasks(db: Reader, text: str) -> list[FoundTask]:
    """Find the newest tasks by words of their title, or by id."""
    found = await _found(db, text, "task_id", _TASKS_BY_ID, _TASKS)
    return [FoundTask(**{**row, "unmatched": without_source(row["title"], row["unmatched"])}) for row in found]


async def products(db: Reader, text: str) -> list[FoundProduct]:
    """Find products with costs or stock by words of their SKU or title."""
    asked = beginnings(text)
    return [FoundProduct(**row) for row in await db.fetch(_PRODUCTS, asked)] if asked else []


async def sales(db: Reader, text: str) -> list[FoundSale]:
    """Find the newest plans with a product whose SKU or title has these words."""
    asked = patterns(text)
    return [FoundSale(**row) for row in await db.fetch(_SALES, asked, beginnings(text))] if asked else []


async def _found(db: Reader, text: str, key: str, by_id: str, by_words: str, *more: str) -> list[Any]:
    """Return the hits by id or by words. A year is the beginning of many ids: for a short text the words come first."""
    between, asked = ids(text), patterns(text)
    of_id = await db.fetch(by_id, *between) if between is not None else []
    of_words = await db.fetch(by_words, asked, *more) if asked else []
    both = [*of_id, *of_words] if len(text.strip()) >= PLAIN_ID else [*of_words, *of_id]
    return list({row[key]: row for row in both}.values())[:FOUND]
