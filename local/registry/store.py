"""The registry's memory, in Postgres. Every change is one transaction under one lock: ids and versions never race."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import asyncpg

from local.registry.errors import incompatible, not_now
from local.registry.rules import DEFAULT_LEVEL, Candidate, violations
from schemas.compatibility import Schema

TABLES = Path(__file__).with_name("tables.sql")
LOCK = 0x7265_6769  # one number for all registries on this database
GLOBAL = ""
_IMPORTING = "select exists (select from registry.importing where subject = $1)"


@dataclass(frozen=True)
class Version:
    subject: str
    number: int
    schema_id: int
    definition: str


class Store:
    """Reads and writes. Every method may raise OSError or an asyncpg error while the database is away."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._pool = pool

    async def create_tables(self) -> None:
        async with self._locked() as connection:
            await connection.execute(TABLES.read_text(encoding="utf-8"))

    async def ping(self) -> None:
        await self._pool.fetchval("select 1")

    async def subjects(self, prefix: str = "") -> list[str]:
        query = "select distinct subject from registry.version where starts_with(subject, $1) order by subject"
        return [row["subject"] for row in await self._pool.fetch(query, prefix)]

    async def versions(self, subject: str) -> list[Version]:
        """Return the versions of a subject, oldest first; empty for an unknown subject."""
        return await _versions(self._pool, subject)

    async def definition(self, schema_id: int) -> str | None:
        query = "select definition from registry.schema where id = $1"
        found: str | None = await self._pool.fetchval(query, schema_id)
        return found

    async def uses(self, schema_id: int) -> list[tuple[str, int]]:
        """Return the (subject, version) pairs under which a schema is registered."""
        query = "select subject, version from registry.version where schema_id = $1 order by 1, 2"
        return [(row["subject"], row["version"]) for row in await self._pool.fetch(query, schema_id)]

    async def find(self, subject: str, new: Candidate) -> Version | None:
        """Return the version of `subject` that is this schema."""
        return await _find(self._pool, subject, new)

    async def register(self, subject: str, new: Candidate) -> int:
        """Return the id of the schema, registered as the next version unless it is one already.

        Raises RegistryError 409 with every reason when the subject's level does not allow it.
        """
        async with self._locked() as connection:
            if known := await _find(connection, subject, new):
                return known.schema_id
            earlier = await _versions(connection, subject)
            reasons = violations(await _level(connection, subject), new.parsed, parsed(earlier))
            if reasons:
                raise incompatible(subject, reasons)
            schema_id: int = await connection.fetchval(
                """with added as (
                     insert into registry.schema (fingerprint, definition) values ($1, $2)
                     on conflict (fingerprint) do nothing returning id)
                   select id from added union all select id from registry.schema where fingerprint = $1""",
                new.fingerprint,
                new.text,
            )
            await connection.execute(
                "insert into registry.version (subject, version, schema_id) values ($1, $2, $3)",
                subject,
                earlier[-1].number + 1 if earlier else 1,
                schema_id,
            )
            return schema_id

    async def take_over(self, subject: str, new: Candidate, schema_id: int, version: int) -> None:
        """Register a schema under the id and version that it had elsewhere.

        Raises RegistryError 42205 where the subject is not importing, or where either is another's.
        """
        async with self._locked() as connection:
            if not await connection.fetchval(_IMPORTING, subject):
                raise not_now(f"subject {subject} is not in mode IMPORT")
            known = await connection.fetchval(
                """insert into registry.schema (id, fingerprint, definition) overriding system value values ($1, $2, $3)
                   on conflict do nothing returning id""",
                schema_id,
                new.fingerprint,
                new.text,
            ) or await connection.fetchval(
                "select id from registry.schema where id = $1 and fingerprint = $2", schema_id, new.fingerprint
            )
            if known is None:
                raise not_now(f"id {schema_id} is another schema's, or the schema has another id")
            await connection.execute(
                "insert into registry.version (subject, version, schema_id) values ($1, $2, $3) on conflict do nothing",
                subject,
                version,
                schema_id,
            )
            if schema_id != await connection.fetchval(
                "select schema_id from registry.version where subject = $1 and version = $2", subject, version
            ):
                raise not_now(f"version {version} of {subject} is another schema's, or the schema has another version")
            await connection.execute(
                "select setval(pg_get_serial_sequence('registry.schema', 'id'), (select max(id) from registry.schema))"
            )

    async def set_importing(self, subject: str, *, wanted: bool) -> None:
        """Let a subject take ids as they are given, or no more.

        Raises RegistryError 42205 where it has versions, and does not import already.
        """
        async with self._locked() as connection:
            if not wanted:
                await connection.execute("delete from registry.importing where subject = $1", subject)
            elif not await connection.fetchval(_IMPORTING, subject):
                if await _versions(connection, subject):
                    raise not_now(f"subject {subject} has versions already")
                await connection.execute("insert into registry.importing values ($1)", subject)

    async def level(self, subject: str) -> str:
        """Return the level that holds for a subject: its own, else the global one."""
        return await _level(self._pool, subject)

    async def own_level(self, subject: str) -> str | None:
        query = "select level from registry.compatibility where subject = $1"
        found: str | None = await self._pool.fetchval(query, subject)
        return found

    async def set_level(self, subject: str, level: str) -> None:
        await self._pool.execute(
            """insert into registry.compatibility (subject, level) values ($1, $2)
               on conflict (subject) do update set level = excluded.level""",
            subject,
            level,
        )

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy[asyncpg.Record]]:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
            yield connection


Reader: TypeAlias = "asyncpg.Pool[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

VERSION = """select v.subject, v.version, v.schema_id, s.definition
             from registry.version v join registry.schema s on s.id = v.schema_id"""


def parsed(versions: list[Version]) -> list[tuple[int, Schema]]:
    return [(version.number, json.loads(version.definition)) for version in versions]


async def _versions(reader: Reader, subject: str) -> list[Version]:
    rows = await reader.fetch(f"{VERSION} where v.subject = $1 order by v.version", subject)
    return [Version(*row) for row in rows]


async def _find(reader: Reader, subject: str, new: Candidate) -> Version | None:
    query = f"{VERSION} where v.subject = $1 and s.fingerprint = $2"
    row = await reader.fetchrow(query, subject, new.fingerprint)
    return None if row is None else Version(*row)


async def _level(reader: Reader, subject: str) -> str:
    # The empty subject sorts first, so the subject's own level wins.
    query = "select level from registry.compatibility where subject in ($1, '') order by subject desc limit 1"
    return await reader.fetchval(query, subject) or DEFAULT_LEVEL
