"""A migration that has to wait for a table keeps nobody waiting behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from projections import migrate
from projections.migrate import Migration

LATER = Migration("9999_pre_later.sql", "alter table rm.plan add column later text")
TAKEN = "select name from public.migration where name = '9999_pre_later.sql'"


@pytest.fixture
async def url(new_database: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database to which one migration more is to come."""
    made: str = await new_database()
    await migrate.migrate(made)
    known = migrate.migrations()
    monkeypatch.setattr(migrate, "migrations", lambda: [*known, LATER])
    monkeypatch.setattr(migrate, "LOCK_S", 0.1)
    monkeypatch.setattr(migrate, "LET_THROUGH_S", 0.1)
    return made


@pytest.fixture
async def reader(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who reads the table for long, as a rebuild does that compares."""
    connection = await asyncpg.connect(url)
    await connection.execute("begin; select count(*) from rm.plan")
    yield connection
    await connection.close()


async def test_a_migration_lets_others_through_and_comes_when_the_table_is_free(
    url: str, reader: asyncpg.Connection
) -> None:
    # of a busy machine, too: behind a migration that does not give up it would wait for as long as the reader reads
    other = await asyncpg.connect(url, server_settings={"statement_timeout": "10000"})
    migrating = asyncio.create_task(migrate.migrate(url))
    try:
        for _ in range(30):
            assert await other.fetchval("select count(*) from rm.plan") == 0
            await asyncio.sleep(0.02)
        assert not migrating.done()

        await reader.execute("rollback")

        assert await migrating == [LATER.name]
        assert await other.fetchval("select count(later) from rm.plan") == 0
    finally:
        migrating.cancel()
        await other.close()


async def test_a_table_that_never_comes_free_is_said_and_nothing_is_changed(
    url: str, reader: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(migrate, "TRIES", 2)

    with pytest.raises(asyncpg.LockNotAvailableError):
        await migrate.migrate(url)

    assert capsys.readouterr().err.count("9999_pre_later.sql waits: ") == 1
    assert await reader.fetchval(TAKEN) is None
