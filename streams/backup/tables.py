"""The tables of a backup: out of the database as text, and into an empty one in one transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from graphlib import TopologicalSorter
from typing import Final

import asyncpg

from schemas import database as made_by
from schemas.database.reference import references
from streams.backup import audited
from streams.backup.files import Folder
from streams.backup.manifest import Manifest, NotRestorable, Table

SCHEMAS: Final = ("access", "audit", "decide", "flow", "rm")
#: How far the log reaches under which leader, and where it was cut, is of the broker that is lost: the next one counts
#: its leaders anew, and a cut of now would be taken for one of then. So is the prefix, which `restore` notes anew. The
#: rest is filled from the code.
LEFT_OUT: Final = frozenset(
    {"flow.log_cut", "flow.log_end", "flow.log_home", *(reference.table for reference in references())}
)
#: A system in which anything has ever happened has a row in one of these.
TELLING: Final = (
    *("access.api_key", "audit.entry", "decide.head", "decide.outbox"),
    *("flow.parked", "flow.worker", "rm.plan", "rm.timeline"),
)
WAIT_MS: Final = 10_000
_TABLES: Final = """
    select format('%s.%s', n.nspname, c.relname) as name,
           array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind = 'r' and n.nspname = any($1::text[]) group by 1 order by 1
"""
_SEQUENCES: Final = """
    select format('%s.%s', schemaname, sequencename) as name, last_value from pg_sequences
     where schemaname = any($1::text[]) and last_value is not null order by 1
"""
_NEEDS: Final = """
    select conrelid::regclass::text as table, confrelid::regclass::text as needs from pg_constraint where contype = 'f'
"""
#: A copy of a system must not tell its customers anything before a person wants it to.
_PAUSE: Final = """
    with paused as (update flow.webhook set paused_at = now() where paused_at is null and removed_at is null
                    returning name)
    select name from paused order by 1
"""
_CHANGES: Final = "select name, digest from public.migration"
_SET: Final = "select number, digest from public.function_set"


async def keep(shown: asyncpg.Connection, folder: Folder) -> tuple[Table, ...]:
    """Write each table into a file of its own."""
    kept = []
    for name, columns in (await _tables(shown)).items():
        schema, _, table = name.partition(".")
        out = folder.packing(f"table-{name}")
        said = await shown.copy_from_table(table, schema_name=schema, columns=columns, output=out.take)
        kept.append(Table(name, columns, out.close(_count(said))))
    return tuple(kept)


async def names(connection: asyncpg.Connection) -> tuple[str, ...]:
    """Return the tables that `keep` writes."""
    return tuple(await _tables(connection))


async def sequences(connection: asyncpg.Connection) -> dict[str, int]:
    """Return the last number of each sequence that has given one. Asked after the moment, so none is given twice."""
    return {row["name"]: row["last_value"] for row in await connection.fetch(_SEQUENCES, SCHEMAS)}


async def made_from(connection: asyncpg.Connection) -> tuple[dict[str, str], int, str] | None:
    """Return the changes of a database, the number of its functions and their digest; None where it has no tables."""
    if not await connection.fetchval("select to_regclass('public.migration') is not null"):
        return None
    changes = {row["name"]: row["digest"] for row in await connection.fetch(_CHANGES)}
    row = await connection.fetchrow(_SET)
    return (changes, row["number"], row["digest"]) if changes and row is not None else None


def of_this_version() -> tuple[dict[str, str], int, str]:
    """Return what `made_from` finds in a database of this version."""
    ours = made_by.files()
    return {file.name: file.digest for file in (*ours.tables, *ours.migrations)}, ours.seal.number, ours.seal.digest


async def in_use(connection: asyncpg.Connection) -> str:
    """Return the name of a table that has rows already, "" if there is none."""
    for name in TELLING:
        if await connection.fetchval(f"select exists (select from {name})"):  # noqa: S608 - names from above
            return name
    return ""


async def bring_back(connection: asyncpg.Connection, manifest: Manifest, folder: Folder) -> tuple[str, ...]:
    """Fill an empty database, all of it or nothing; return the webhooks that went on, and are paused now.

    Raises NotRestorable where somebody works with it.
    """
    there = await _tables(connection)
    async with connection.transaction():
        await connection.execute(f"set local lock_timeout = {WAIT_MS}")
        await connection.execute(f"lock table {', '.join(there)} in access exclusive mode")
        if name := await in_use(connection):
            raise NotRestorable(f"a process works with this database: {name} has rows since. End it, and begin again")
        # what triggers count and refuse is in the tables as it was
        for name in there:
            await connection.execute(f"alter table {name} disable trigger user")
        await connection.execute(f"truncate {', '.join(there)}")
        for table in await _in_order(connection, manifest.tables):
            schema, _, name = table.name.partition(".")
            said = await connection.copy_to_table(
                name, schema_name=schema, columns=table.columns, source=_source(folder, table.file.name)
            )
            if _count(said) != table.file.rows:
                raise NotRestorable(f"{table.name} took {_count(said)} rows of {table.file.rows}")
        for name, last in manifest.sequences.items():
            await connection.execute("select setval($1::text::regclass, $2)", name, last)
        paused = tuple(row["name"] for row in await connection.fetch(_PAUSE))
        for name in there:
            await connection.execute(f"alter table {name} enable trigger user")
        await audited.tell(connection, "system.restore", folder.path.name, manifest.made_at, paused)
    await connection.execute("analyze")
    return paused


async def _tables(connection: asyncpg.Connection) -> dict[str, tuple[str, ...]]:
    rows = await connection.fetch(_TABLES, SCHEMAS)
    return {row["name"]: tuple(row["columns"]) for row in rows if row["name"] not in LEFT_OUT}


async def _in_order(connection: asyncpg.Connection, tables: Sequence[Table]) -> list[Table]:
    """Return the tables so that what others point to comes first."""
    by_name = {table.name: table for table in tables}
    order: TopologicalSorter[str] = TopologicalSorter({name: set() for name in by_name})
    for row in await connection.fetch(_NEEDS):
        if row["table"] in by_name and row["needs"] in by_name and row["table"] != row["needs"]:
            order.add(row["table"], row["needs"])
    return [by_name[name] for name in order.static_order()]


async def _source(folder: Folder, name: str) -> AsyncIterator[bytes]:
    for chunk in folder.chunks(name):
        yield chunk


def _count(said: str) -> int:
    """Return the rows of what the server says of a copy, `COPY 12`."""
    return int(said.rsplit(maxsplit=1)[-1])
