"""What a database records of itself: the files it was made from, its functions, the number of their set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from projections.migration.refusals import MadeBefore, MigrationChanged
from schemas.database import File, Files, Function, Seal

_TABLES: Final = """
    create table if not exists public.migration (
        name text primary key, digest text not null, applied_at timestamptz not null default now()
    );
    create table if not exists public.function_file (
        name text primary key, digest text not null, applied_at timestamptz not null default now()
    );
    create table if not exists public.function_set (
        one boolean primary key default true check (one),
        number integer not null, digest text not null, applied_at timestamptz not null default now()
    )
"""


@dataclass(frozen=True)
class Records:
    """The applied changes, by name and digest."""

    changes: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    seal: Seal | None = None

    @property
    def fresh(self) -> bool:
        return not self.changes


async def read(connection: asyncpg.Connection) -> Records:
    """Read what the database records, and prepare it for more.

    Raises MadeBefore, having changed nothing.
    """
    await _refuse_what_was_made_before(connection)
    await connection.execute(_TABLES)
    return await _recorded(connection)


async def seen(connection: asyncpg.Connection) -> Records:
    """Read what the database records, and change nothing. Raises MadeBefore."""
    await _refuse_what_was_made_before(connection)
    there = await connection.fetchval("select to_regclass('public.function_set') is not null")
    return await _recorded(connection) if there else Records()


async def _refuse_what_was_made_before(connection: asyncpg.Connection) -> None:
    if await connection.fetchval("select to_regclass('public.migration') is not null"):
        names = {row["name"] for row in await connection.fetch("select name from public.migration")}
        if names and not any(name.startswith("tables/") for name in names):
            raise MadeBefore(
                f"this database was made by migrations that are no more ({min(names)} and {len(names) - 1} others),"
                " before there was a release: nothing leads from there to here. Nothing was changed."
                " Use a new, empty database; for the system of this machine, `make reset` deletes its data"
            )


async def _recorded(connection: asyncpg.Connection) -> Records:
    seal = await connection.fetchrow("select number, digest from public.function_set")
    return Records(
        await _digests(connection, "public.migration"),
        await _digests(connection, "public.function_file"),
        Seal(**seal) if seal else None,
    )


_WHAT_TO_DO = (
    "nothing was changed. Add a new migration instead of editing. A system of this machine that an unreleased version"
    " made starts anew after `make reset`, which deletes its data"
)


def check_unchanged(records: Records, files: Files) -> None:
    """Raise MigrationChanged where an applied file was edited, or one was added to the baseline later."""
    for file in (*files.tables, *files.migrations):
        if records.changes.get(file.name, file.digest) != file.digest:
            raise MigrationChanged(f"{file.name} was applied with other contents; {_WHAT_TO_DO}")
    missing = [file.name for file in files.tables if file.name not in records.changes]
    if missing and not records.fresh:
        raise MigrationChanged(f"{', '.join(missing)}: the baseline is closed; {_WHAT_TO_DO}")


async def add_changes(connection: asyncpg.Connection, changes: Iterable[File]) -> None:
    await connection.executemany(
        "insert into public.migration (name, digest) values ($1, $2)", [(file.name, file.digest) for file in changes]
    )


async def replace_functions(connection: asyncpg.Connection, functions: Iterable[Function], seal: Seal) -> None:
    """Record these functions and no others: one that has lost its file is applied again when the file comes back."""
    await connection.execute("delete from public.function_file")
    await connection.executemany(
        "insert into public.function_file (name, digest) values ($1, $2)", [(f.name, f.digest) for f in functions]
    )
    await connection.execute(
        "insert into public.function_set (number, digest) values ($1, $2)"
        " on conflict (one) do update set number = excluded.number, digest = excluded.digest, applied_at = now()",
        seal.number,
        seal.digest,
    )


async def _digests(connection: asyncpg.Connection, table: str) -> dict[str, str]:
    rows = await connection.fetch(f"select name, digest from {table}")  # noqa: S608 - a name from above
    return {row["name"]: row["digest"] for row in rows}
