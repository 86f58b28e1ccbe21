"""Asks the schema registry by HTTP, and Postgres by SQL."""

from __future__ import annotations

import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any, Final

import asyncpg

from schemas.process import database, log_home
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.named import named
from schemas.registry import Registry, RegistryError, load_codec, placements, subject_of
from streams.cluster.facts import DatabaseFacts, RegistryFacts

#: The schemas of the database that are ours.
OURS: Final = ("access", "decide", "flow", "rm")
_ABOUT: Final = """
    select current_setting('server_version_num')::int as version, current_user as name,
           (select rolsuper from pg_roles where rolname = current_user) as superuser,
           coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls,
           current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby,
           has_database_privilege(current_database(), 'create') as may_create,
           extract(epoch from clock_timestamp())::float8 as clock
"""
_SETTINGS: Final = "select name, setting from pg_settings where name = any($1::text[])"
_TABLES: Final = """
    select format('%I.%I', n.nspname, c.relname) as name,
           has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
           and has_table_privilege(c.oid, 'insert') as open
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1::text[]) and c.relkind in ('r', 'p') order by 1
"""
_DURABILITY: Final = ("fsync", "full_page_writes", "synchronous_commit")


def ask_registry(url: str) -> RegistryFacts:
    """Return what the registry tells; blocking. Never raises for one that is away or says no."""
    registry = Registry(url)
    before = time.time()
    try:
        subjects = set(registry.subjects())
    except (OSError, RegistryError) as error:
        return RegistryFacts(away=f"it cannot be asked: {error}"[:300])
    ahead_s = _ahead(registry.date, (before + time.time()) / 2)
    ours = sorted({subject_of(topic, type_) for topic, type_ in placements()} & subjects)
    refused, missing = "", False
    try:
        load_codec(registry)
    except (OSError, RegistryError) as error:
        missing = isinstance(error, RegistryError) and error.status == 404
        refused = "" if missing else str(error)[:300]
    types = _asked(registry, "/schemas/types")
    mode = _asked(registry, "/mode")
    return RegistryFacts(
        refused=refused,
        missing=missing,
        types=frozenset(map(str, types)) if isinstance(types, list) else None,
        mode=str(mode["mode"]) if isinstance(mode, dict) and "mode" in mode else None,
        levels={subject: _level(registry, subject) for subject in ours} or None,
        ahead_s=ahead_s,
    )


def _asked(registry: Registry, path: str) -> Any:
    """Return an answer, None where there is none: not every registry has all of the API."""
    try:
        return registry.call("GET", path)
    except (OSError, RegistryError):
        return None


def _level(registry: Registry, subject: str) -> str:
    found = _asked(registry, f"/config/{subject}")
    return str(found.get("compatibilityLevel", "not told")) if isinstance(found, dict) else "not told"


def _ahead(date: str | None, ours: float) -> float | None:
    try:
        return None if date is None else parsedate_to_datetime(date).timestamp() + 0.5 - ours
    except ValueError:
        return None


async def ask_database(url: str) -> DatabaseFacts:
    """Return what Postgres tells. Never raises for one that is away or says no."""
    try:
        connection = await database.connect(url, "cluster")
    except DATABASE_FAILS as error:
        return DatabaseFacts(away=f"it cannot be asked: {named(error, 300)}")
    try:
        before = time.time()
        about = await connection.fetchrow(_ABOUT)
        assert about is not None  # a select without a table has one row
        ahead_s = about["clock"] - (before + time.time()) / 2
        settings = {row["name"]: row["setting"] for row in await connection.fetch(_SETTINGS, list(_DURABILITY))}
        tables = await connection.fetch(_TABLES, list(OURS))
        log_prefix = await log_home.noted_in(connection)
    except DATABASE_FAILS as error:
        return DatabaseFacts(away=f"it does not answer: {named(error, 300)}")
    finally:
        await _close(connection)
    return DatabaseFacts(
        version=about["version"],
        user=about["name"],
        superuser=about["superuser"],
        tls=about["tls"],
        encoding=about["encoding"],
        standby=about["standby"],
        settings=settings,
        may_create=about["may_create"],
        migrated=bool(tables),
        closed=tuple(row["name"] for row in tables if not row["open"]),
        ahead_s=ahead_s,
        log_prefix=log_prefix,
    )


async def _close(connection: asyncpg.Connection) -> None:
    with suppress(*DATABASE_FAILS):
        await connection.close(timeout=2)
