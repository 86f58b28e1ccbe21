"""A backup meets what changes the tables that it copies: a rebuild that swaps them, a migration."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from projections import migrate
from projections.rebuild.build import Rebuild, Refused
from projections.settings import Settings as OfProjections
from schemas.process.sessions import MIGRATIONS
from schemas.wire import Codec
from streams.backup import log, moment, tables
from streams.backup.files import Folder
from streams.backup.make import make
from streams.backup.moment import NoMoment
from streams.settings import Settings
from tests.integration.pipeline.conftest import Bare

_WAITING = "select count(*) from pg_locks where locktype = 'advisory' and objid = $1::bigint::oid and not granted"

_WAITS_FOR = "select exists (select from pg_locks where relation = $1::text::regclass and not granted)"


@pytest.fixture(scope="module")
def streams(bare: Bare) -> Settings:
    return Settings.from_env(bare.env)


@asynccontextmanager
async def cut(pool: asyncpg.Pool) -> AsyncIterator[None]:
    """Let the log have lost its end, which is being mended."""
    await pool.execute(
        "insert into flow.log_cut (topic, partition, epoch, kept, reached, since)"
        " values ('plan.events', 0, 1, 0, 0, now())"
    )
    yield
    await pool.execute("truncate flow.log_cut")


@asynccontextmanager
async def migrating(url: str) -> AsyncIterator[None]:
    """Keep the lock of migrations, as one that is under way."""
    connection = await asyncpg.connect(url)
    await connection.execute("select pg_advisory_lock($1)", MIGRATIONS)
    yield
    await connection.close()


async def test_who_changes_tables_waits_until_they_are_copied(
    streams: Settings,
    settings: OfProjections,
    codec: Codec,
    pool: asyncpg.Pool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A rebuild is refused, a migration waits, no table can be dropped: names stay what they were."""
    keep, keep_log, met = tables.keep, log.keep, []

    async def meet(shown: asyncpg.Connection, folder: Folder) -> Any:
        with pytest.raises(Refused, match="another rebuild, or a backup, is running"):
            await Rebuild(settings, codec).run()
        met.append(asyncio.create_task(migrate.migrate(settings.database_url)))
        while not await pool.fetchval(_WAITING, MIGRATIONS):
            assert not met[0].done()
            await asyncio.sleep(0.02)
        with pytest.raises(asyncpg.LockNotAvailableError):
            async with pool.acquire() as other, other.transaction():
                await other.execute("set local lock_timeout = 1; drop table rm.task")
        return await keep(shown, folder)

    async def go_on(*given: Any) -> Any:
        assert await met[0] == []
        return await keep_log(*given)

    monkeypatch.setattr(tables, "keep", meet)
    monkeypatch.setattr(log, "keep", go_on)
    made = await make(streams, tmp_path / "made")

    assert made.manifest.rows
    assert met[0].done()


async def test_commands_go_on_while_another_table_is_kept(
    streams: Settings, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    """The outbox is the last that a backup asks for: it waits for none of the others with commands behind it."""
    async with pool.acquire() as keeping, pool.acquire() as deciding:
        for table in ("flow.parked", "rm.projection_offset"):
            async with keeping.transaction():
                await keeping.execute(f"lock table {table} in row exclusive mode")
                making = asyncio.create_task(make(streams, tmp_path / table))
                while not await deciding.fetchval(_WAITS_FOR, table):
                    assert not making.done()
                async with deciding.transaction():
                    await deciding.execute("set local lock_timeout = 1; lock table decide.outbox in row exclusive mode")
            assert (await making).manifest.rows


async def test_none_is_made_while_tables_change(
    streams: Settings, settings: OfProjections, codec: Codec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moment, "GIVE_UP_S", 0.0)
    async with Rebuild(settings, codec)._alone():
        with pytest.raises(NoMoment, match="a rebuild, or an addition of partitions, is under way"):
            await make(streams, tmp_path / "made")
    async with migrating(settings.database_url):
        with pytest.raises(NoMoment, match="a migration is under way"):
            await make(streams, tmp_path / "made")
    assert not (tmp_path / "made").exists()


async def test_none_is_made_while_a_log_that_lost_its_end_is_mended(
    streams: Settings, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    """What is still to be sent again is known by a row that no restored system has: its leaders are counted anew."""
    async with cut(pool):
        with pytest.raises(NoMoment, match=r"sent again just now: .* \(the finding log-cut\)"):
            await make(streams, tmp_path / "made")
