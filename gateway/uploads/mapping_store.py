"""People's mappings of columns, stored for every document of the team, or of no team, that has the same header."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import asyncpg
import orjson

from gateway.commands.deadlock_retry import tried_again
from projections.reads.paging import Key, Order, Page, page_of
from projections.reads.rows import Reader, Where
from schemas.process.connection import Db

#: Mappings that one list shows; those used last come first.
LISTED: Final = 500
#: Mappings on one page: each has a choice of fields for every column.
SHOWN: Final = 20
_COLUMNS: Final = "header_id, columns, currency, channel, document, made_by, made_at, used_at"
#: The company's and those of teams, each with its team; of no team: ''.
_BOTH: Final = f"""
    (select {_COLUMNS}, '' as team_id, '' as name from decide.column_mapping
     union all
     select {_COLUMNS}, team_id::text, coalesce((select name from access.team t where t.team_id = k.team_id), '')
       from decide.team_mapping k) kept"""  # noqa: S608 - constants
_ORDER: Final = Order(
    "-usedAt",
    (
        Key("used_at", "timestamptz", descending=True),
        Key("header_id", "text", descending=True),
        Key("team_id", "text", descending=True),
    ),
)
#: What is said of a header for a team: its own, and what it has said nothing of as the company has it.
_FOR_A_TEAM: Final = f"""
    select {_COLUMNS}, team_id::text from decide.team_mapping where header_id = any($1) and team_id = $2::uuid
    union all
    select {_COLUMNS}, '' from decide.column_mapping where header_id = any($1)
    order by team_id"""  # noqa: S608 - constants
_COMPANYS: Final = f"select {_COLUMNS} from decide.column_mapping where header_id = any($1)"  # noqa: S608 - constants
#: The company's is used where the team has said nothing of its own.
_USED_BY_A_TEAM: Final = """
    update decide.column_mapping c set used_at = now() where header_id = any($1)
       and not exists (select from decide.team_mapping t
                        where t.team_id = $2::uuid and t.header_id = c.header_id and t.columns::text <> '{}')"""


@dataclass(frozen=True, slots=True)
class OfTeam:
    """The team that a mapping is of."""

    team_id: str
    name: str


@dataclass(frozen=True, slots=True)
class KeptMapping:
    """What is kept of one header. `columns`: column -> field, or `ignore`; none where only the rest was said.

    `currency`: what sales under it are in where they do not tell it, `channel`: whose they are where they name none;
    "" where nobody said so.
    """

    header_id: str
    columns: dict[str, str]
    currency: str
    channel: str
    document: str
    made_by: str
    made_at: datetime
    used_at: datetime
    team: OfTeam | None = None  # None: the company's

    @property
    def key(self) -> str:
        """What is of no other mapping, of this header or another."""
        return f"{self.header_id}-{self.team.team_id}" if self.team else self.header_id


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said with a document, by header: what the columns are, and the currency and channel of sales."""

    columns: Mapping[str, Mapping[str, str]]
    currencies: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


async def find(pool: asyncpg.Pool, header_ids: Collection[str], team: str | None = None) -> dict[str, KeptMapping]:
    """Return the stored mappings of these headers, by header: for documents of the team, or of none.

    What a team has not said, columns, currency or channel, is as the company has it. No other team's is among them.
    """
    if not header_ids:
        return {}
    if not team:
        return {row["header_id"]: _kept(row) for row in await pool.fetch(_COMPANYS, list(header_ids))}
    found: dict[str, KeptMapping] = {}
    for row in await pool.fetch(_FOR_A_TEAM, list(header_ids), team):  # the company's come first
        own, companys = _kept(row), found.get(row["header_id"])
        if companys is not None:
            currency, channel = own.currency or companys.currency, own.channel or companys.channel
            own = replace(own if own.columns else companys, currency=currency, channel=channel)
        found[own.header_id] = own
    return found


async def locked(db: Db, header_id: str, team: str | None) -> KeptMapping | None:
    """Return what the team itself has said of the header, or the company, until the transaction ends; None: nothing."""
    row = await db.fetchrow(
        f"select {_COLUMNS} from {_table(team)} where header_id = $1{_AND_TEAM if team else ''} for update",  # noqa: S608 - constants
        *_args(header_id, team=team),
    )
    return None if row is None else _kept(row)


async def page(reader: Reader, cursor: str | None) -> Page[KeptMapping]:
    """Return some of the mappings that the reader sees, the one used last first. Raises BadCursor."""
    where = Where()
    if cursor is not None:
        _ORDER.start_after(cursor, where)
    rows = await reader.fetch(
        f"select *, {_ORDER.columns()} from {_BOTH} {where.sql()} {_ORDER.order_by()} limit {SHOWN + 1:d}",  # noqa: S608 - constants
        *where.args,
    )
    return page_of(rows, SHOWN, _ORDER, [_kept(row) for row in rows], None)


async def find_all(reader: Reader) -> list[KeptMapping]:
    """Return the mappings that the reader sees, the one used last first; not more than LISTED."""
    rows = await reader.fetch(f"select * from {_BOTH} {_ORDER.order_by()} limit $1", LISTED)  # noqa: S608 - constants
    return [_kept(row) for row in rows]


async def in_one_go(pool: asyncpg.Pool, keeping: Callable[[Db], Awaitable[None]]) -> None:
    """Keep mappings of a document that makes no plan, in a transaction of their own."""

    async def whole() -> None:
        async with pool.acquire() as connection, connection.transaction():
            await keeping(connection)

    await tried_again(whole)


async def keep(db: Db, said: Said, used: Collection[str], document: str, who: str, team: str | None = None) -> None:
    """Keep what was said, in the place of what was kept for the same headers, and note which a document was read by.

    It is kept for the team whose document it is, else for the company. What nobody uses for long is forgotten. Belongs
    in the transaction that accepts the document.
    """
    told = {*said.columns, *said.currencies, *said.channels}
    touched = sorted({*told, *used})
    if not touched:
        return
    # all of them first, in one order: of two uploads at once neither waits for the other for ever
    for table in (team, None) if team else (None,):
        await db.execute(
            f"select from {_table(table)} where header_id = any($1){_AND_TEAM if table else ''}"
            " order by header_id for update",
            *_args(touched, team=table),
        )
    for header_id in sorted(told):
        columns = said.columns.get(header_id)
        await db.execute(
            _KEEP_OF_TEAM if team else _KEEP,
            header_id,
            None if columns is None else orjson.dumps(columns).decode(),
            said.currencies.get(header_id),
            document,
            who,
            said.channels.get(header_id),
            *([team] if team else []),
        )
    await db.execute(
        f"update {_table(team)} set used_at = now() where header_id = any($1){_AND_TEAM if team else ''}",  # noqa: S608 - constants
        *_args(list(used), team=team),
    )
    if team:
        await db.execute(_USED_BY_A_TEAM, list(used), team)


async def change(
    db: Db, kept: KeptMapping, columns: Mapping[str, str], currency: str, channel: str, who: str, team: str | None
) -> KeptMapping:
    """Put another mapping, currency and channel in the place of the header's, which is locked."""
    row = await db.fetchrow(
        f"update {_table(team)} set columns = $2::json, currency = $3, channel = $4, made_by = $5,"  # noqa: S608 - constants
        f" made_at = now() where header_id = $1{' and team_id = $6::uuid' if team else ''} returning {_COLUMNS}",
        kept.header_id,
        orjson.dumps(columns).decode(),
        currency,
        channel,
        who,
        *([team] if team else []),
    )
    assert row is not None
    return _kept(row)


async def forget(db: Db, header_id: str, team: str | None = None) -> dict[str, str] | None:
    """Delete a mapping; return its columns, None where there was none. Plans that were made by it stay as they are."""
    gone = await db.fetchval(
        f"delete from {_table(team)} where header_id = $1{_AND_TEAM if team else ''} returning columns::text",  # noqa: S608 - constants
        *_args(header_id, team=team),
    )
    return None if gone is None else orjson.loads(gone)


_AND_TEAM: Final = " and team_id = $2::uuid"
#: Whose table it is stands nowhere but in its place: so a process' rights are found (tests/support/process_reach.py).
_KEEP_IN: Final = """
    insert into {table} as kept (header_id, columns, currency, document, made_by, channel)
    values ($1, coalesce($2::json, '{}'), coalesce($3, ''), $4, $5, coalesce($6, ''))
    on conflict (header_id) do update set columns = coalesce($2::json, kept.columns),
        currency = coalesce($3, kept.currency), channel = coalesce($6, kept.channel), document = excluded.document,
        made_by = excluded.made_by, made_at = now(), used_at = now()"""
_KEEP: Final = _KEEP_IN.replace("{table}", "decide.column_mapping")
_KEEP_OF_TEAM: Final = (
    _KEEP_IN.replace("{table}", "decide.team_mapping")
    .replace("channel)", "channel, team_id)", 1)
    .replace("coalesce($6, ''))", "coalesce($6, ''), $7::uuid)")
    .replace("(header_id) do", "(team_id, header_id) do")
)


def _table(team: str | None) -> str:
    return "decide.team_mapping" if team else "decide.column_mapping"


def _args(*args: object, team: str | None) -> list[object]:
    return [*args, *([team] if team else [])]


def _kept(row: asyncpg.Record) -> KeptMapping:
    values = {name: value for name, value in row.items() if name not in ("cursor_keys", "team_id", "name")}
    team = row.get("team_id")
    of = OfTeam(team, row.get("name", "")) if team else None
    return KeptMapping(**{**values, "columns": orjson.loads(values["columns"]), "team": of})
