"""People's mappings of columns, stored for every document that has the same header."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import asyncpg
import orjson

from gateway.commands.given_up import tried_again
from projections.reads.paging import Key, Order, Page, page_of
from projections.reads.rows import Where
from schemas.process.connection import Db

#: Mappings that one list shows; those used last come first.
LISTED: Final = 500
#: Mappings on one page: each has a choice of fields for every column.
SHOWN: Final = 20
_ALL: Final = "select header_id, columns, currency, document, made_by, made_at, used_at from decide.column_mapping"
_ORDER: Final = Order(
    "-usedAt", (Key("used_at", "timestamptz", descending=True), Key("header_id", "text", descending=True))
)
_SOME: Final = _ALL.replace(" from ", f", {_ORDER.columns()} from ")


@dataclass(frozen=True, slots=True)
class KeptMapping:
    """What is kept of one header. `columns`: column -> field, or `ignore`; none where only the currency was said.

    `currency`: what sales under it are in where they do not tell it; "" where nobody said so.
    """

    header_id: str
    columns: dict[str, str]
    currency: str
    document: str
    made_by: str
    made_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said with a document, by header: what the columns are, and which currency amounts are in."""

    columns: Mapping[str, Mapping[str, str]]
    currencies: Mapping[str, str] = field(default_factory=dict)


async def find(pool: asyncpg.Pool, header_ids: Collection[str]) -> dict[str, KeptMapping]:
    """Return the stored mappings of these headers, by header."""
    rows = await pool.fetch(f"{_ALL} where header_id = any($1)", list(header_ids)) if header_ids else []
    return {row["header_id"]: _kept(row) for row in rows}


async def page(pool: asyncpg.Pool, cursor: str | None) -> Page[KeptMapping]:
    """Return some of the mappings, the one used last first. Raises BadCursor."""
    where = Where()
    if cursor is not None:
        _ORDER.start_after(cursor, where)
    rows = await pool.fetch(f"{_SOME} {where.sql()} {_ORDER.order_by()} limit {SHOWN + 1:d}", *where.args)
    return page_of(rows, SHOWN, _ORDER, [_kept(row) for row in rows], None)


async def find_all(pool: asyncpg.Pool) -> list[KeptMapping]:
    """Return the mappings, the one used last first; not more than LISTED."""
    return [_kept(row) for row in await pool.fetch(f"{_ALL} order by used_at desc, header_id limit $1", LISTED)]


async def in_one_go(pool: asyncpg.Pool, keeping: Callable[[Db], Awaitable[None]]) -> None:
    """Keep mappings of a document that makes no plan, in a transaction of their own."""

    async def whole() -> None:
        async with pool.acquire() as connection, connection.transaction():
            await keeping(connection)

    await tried_again(whole)


async def keep(db: Db, said: Said, used: Collection[str], document: str, who: str) -> None:
    """Keep what was said, in the place of what was kept for the same headers, and note which a document was read by.

    What nobody uses for long is forgotten. Belongs in the transaction that accepts the document.
    """
    told = {*said.columns, *said.currencies}
    touched = sorted({*told, *used})
    if not touched:
        return
    # all of them first, in one order: of two uploads at once neither waits for the other for ever
    await db.execute(
        "select from decide.column_mapping where header_id = any($1) order by header_id for update", touched
    )
    for header_id in sorted(told):
        columns = said.columns.get(header_id)
        await db.execute(
            "insert into decide.column_mapping as kept (header_id, columns, currency, document, made_by)"
            " values ($1, coalesce($2::json, '{}'), coalesce($3, ''), $4, $5)"
            " on conflict (header_id) do update set columns = coalesce($2::json, kept.columns),"
            " currency = coalesce($3, kept.currency), document = excluded.document,"
            " made_by = excluded.made_by, made_at = now(), used_at = now()",
            header_id,
            None if columns is None else orjson.dumps(columns).decode(),
            said.currencies.get(header_id),
            document,
            who,
        )
    await db.execute("update decide.column_mapping set used_at = now() where header_id = any($1)", list(used))


async def change(db: Db, header_id: str, columns: Mapping[str, str], currency: str, who: str) -> KeptMapping | None:
    """Put another mapping and currency in the place of the header's; None where none is kept."""
    row = await db.fetchrow(
        "update decide.column_mapping set columns = $2::json, currency = $3, made_by = $4, made_at = now()"
        " where header_id = $1 returning header_id, columns, currency, document, made_by, made_at, used_at",
        header_id,
        orjson.dumps(columns).decode(),
        currency,
        who,
    )
    return None if row is None else _kept(row)


async def forget(db: Db, header_id: str) -> dict[str, str] | None:
    """Delete a mapping; return its columns, None where there was none. Plans that were made by it stay as they are."""
    gone = await db.fetchval(
        "delete from decide.column_mapping where header_id = $1 returning columns::text", header_id
    )
    return None if gone is None else orjson.loads(gone)


def _kept(row: asyncpg.Record) -> KeptMapping:
    values = {name: value for name, value in row.items() if name != "cursor_keys"}
    return KeptMapping(**{**values, "columns": orjson.loads(values["columns"])})
