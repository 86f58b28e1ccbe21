"""What is kept of costs and stock, by SKU with its history; and of advertising, by report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where
from schemas.retention import AD_REPORT_DAYS

#: Entries of one SKU's history that a page of the list shows, the newest first.
MOST_OF_ONE: Final = 50
#: Reports of advertising that are listed.
MOST_REPORTS: Final = 200
_ORDER: Final = Order("goods", (Key("g.sku_key", "text"),))
#: SKUs that have the words in any of their names, so many at most.
_WITH_WORDS: Final = """
    select sku_key from (
        select sku_key, sku, title from rm.unit_cost where not deleted
        union all select sku_key, sku, title from rm.stock_level) g
     where {has} limit {most:d}"""
#: If the words are in more names than this, those with them are looked for in the order of the list.
FEW: Final = 500
_COUNT: Final = """
    select count(*) from (
        select sku_key from rm.unit_cost g where not deleted and {fits}
        union select sku_key from rm.stock_level g where {fits}) every"""
# The first SKUs after a place, by the indexes of both tables, and of these alone what each is called.
_FIRST: Final = """(
    select k.sku_key, named.sku, named.title from (
        select sku_key from (
            (select distinct sku_key from rm.unit_cost g where not deleted and {fits} order by sku_key limit {limit:d})
            union
            (select distinct sku_key from rm.stock_level g where {fits} order by sku_key limit {limit:d})) both_tables
         order by sku_key limit {limit:d}) k
      cross join lateral (
        select sku, title from (
            select sku, title, version from rm.unit_cost where sku_key = k.sku_key and not deleted
            union all select sku, title, version from rm.stock_level where sku_key = k.sku_key) every
         order by (title <> '') desc, version desc limit 1) named) g"""
_COSTS: Final = """
    select * from (
        select sku_key, sku, title, valid_from, unit_cost, packaging, tax_rate, currency, version, document,
               recorded_by, recorded_at, row_number() over (partition by sku_key order by valid_from desc) as place
          from rm.unit_cost where sku_key = any($1::text[]) and not deleted) c
     where place <= $2 order by sku_key, valid_from desc"""
_STOCK: Final = """
    select distinct on (sku_key, channel) sku_key, channel, counted_on, quantity, document, recorded_by, recorded_at
      from rm.stock_level where sku_key = any($1::text[]) order by sku_key, channel, counted_on desc"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one unit costs from a day on, and who told it."""

    sku: str
    title: str
    valid_from: date
    unit_cost: float
    packaging: float | None
    tax_rate: float | None
    currency: str
    version: int
    document: str  # empty: a person put it right
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Stock:
    """How many units were counted last, of one channel or of all ("")."""

    channel: str
    counted_on: date
    quantity: float
    document: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class CostedSku:
    """One SKU with its costs, the newest first, and its stock."""

    sku: str
    title: str
    costs: list[Cost]
    stock: list[Stock]


async def find(db: Reader, q: str = "", *, cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> Page[CostedSku]:
    """Return a page of SKUs, in the order of their names; `total` counts all that match. Raises BadCursor.

    `q`: words that are in any name that a document gave a SKU, which is shown by the newest of them.
    """
    where = Where()
    if q:
        has = where.has("g.sku || chr(10) || g.title", q)
        few = await db.fetch(_WITH_WORDS.format(has=has, most=FEW + 1), *where.args)
        if len(few) <= FEW:
            where = Where()
            has = f"g.sku_key = any ({where.arg([row['sku_key'] for row in few])}::text[])"
        where.add(has)
    total = await db.fetchval(_COUNT.format(fits=where.condition()), *where.args)
    if cursor is not None:
        _ORDER.start_after(cursor, where)
    first = _FIRST.format(fits=where.condition(), limit=limit + 1)
    sql = f"select g.*, {_ORDER.columns()} from {first} {_ORDER.order_by()}"  # noqa: S608 - placeholders only
    rows = await db.fetch(sql, *where.args)
    keys = [row["sku_key"] for row in rows[:limit]]
    costs = _by_key(Cost, await db.fetch(_COSTS, keys, MOST_OF_ONE))
    stock = _by_key(Stock, await db.fetch(_STOCK, keys))
    items = [
        CostedSku(row["sku"], row["title"], costs.get(row["sku_key"], []), stock.get(row["sku_key"], []))
        for row in rows
    ]
    return page_of(rows, limit, _ORDER, items, total)


@dataclass(frozen=True, slots=True)
class KeptReport:
    """What one report tells of a channel's advertising in all of its days, and who told it. None: not known."""

    key: str
    channel: str
    first_day: date
    last_day: date
    currency: str
    amount: float
    sales: float | None
    impressions: float | None
    clicks: float | None
    document: str
    recorded_by: str
    recorded_at: datetime


async def reports(db: Reader, limit: int = MOST_REPORTS) -> list[KeptReport]:
    """Return the reports of advertising that are kept, those of the last days first."""
    rows = await db.fetch(
        "select * from rm.ad_report where not deleted and last_day >= current_date - $2::int"
        " order by last_day desc, channel, key limit $1",
        limit,
        AD_REPORT_DAYS,
    )
    return [KeptReport(**{name: row[name] for name in KeptReport.__dataclass_fields__}) for row in rows]


async def version_of(db: Reader) -> int:
    """Return the version of the newest change that the read model has; 0: nothing is kept."""
    found: int = await db.fetchval(
        "select greatest((select coalesce(max(version), 0) from rm.unit_cost),"
        " (select coalesce(max(version), 0) from rm.stock_level),"
        " (select coalesce(max(version), 0) from rm.ad_report))"
    )
    return found


def _by_key(kind: Any, rows: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row["sku_key"], []).append(kind(**{name: row[name] for name in kind.__dataclass_fields__}))
    return found
