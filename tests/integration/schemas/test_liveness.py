"""A process that stops while a beat is under way: both go over one connection, which takes a statement at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import asyncpg
import pytest

from schemas.process.liveness import Connection, Liveness
from tests.support.patience import PATIENCE_S


@asynccontextmanager
async def beating(url: str, pool: asyncpg.Pool, said: list[str]) -> AsyncIterator[tuple[Liveness, asyncio.Task[None]]]:
    """Beat from here, and return once it has begun."""

    async def connect() -> Connection:
        return cast("Connection", await asyncpg.connect(url, server_settings={"application_name": "beating"}))

    liveness = Liveness(connect, "gateway", dict, say=said.append, deaf_after_s=3600.0)  # the tests' own process
    task = asyncio.create_task(liveness.run())
    while not await pool.fetchval("select exists (select from flow.worker where source = $1)", liveness.source):
        await asyncio.sleep(0.02)
    try:
        yield liveness, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def waits(pool: asyncpg.Pool, function: str) -> None:
    """Return once a statement of the one that beats waits for a lock."""
    async with asyncio.timeout(PATIENCE_S):
        while not await pool.fetchval(
            "select exists (select from pg_stat_activity where datname = current_database()"
            " and application_name = 'beating' and wait_event_type = 'Lock' and query like '%' || $1 || '%')",
            function,
        ):
            await asyncio.sleep(0.01)


async def last_word(pool: asyncpg.Pool, liveness: Liveness) -> str | None:
    word: str | None = await pool.fetchval("select stop_reason from flow.worker where source = $1", liveness.source)
    return word


async def test_told_to_stop_while_a_beat_is_held_up_it_says_so_after_the_beat(
    database_url: str, pool: asyncpg.Pool
) -> None:
    said: list[str] = []
    async with beating(database_url, pool, said) as (liveness, task):
        async with pool.acquire() as other, other.transaction():
            await other.execute("select from flow.worker where source = $1 for update", liveness.source)
            await waits(pool, "worker_beat")
            stopping = asyncio.create_task(liveness.stop("told to stop"))
            await asyncio.sleep(0)  # stop is under way, and the beat is still held up
            assert not stopping.done()
        await stopping
        await task

    assert said == []
    assert await last_word(pool, liveness) == "told to stop"


async def test_while_the_last_word_is_held_up_no_beat_begins(
    database_url: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schemas.process.liveness.HEARTBEAT_S", 0.02)
    said: list[str] = []
    beats = iter(range(1, 1_000_000))
    told = {"handled": 0}

    def beaten() -> dict[str, int]:
        told["handled"] = next(beats)
        return told

    async with (
        beating(database_url, pool, []) as (neighbour, _),
        beating(database_url, pool, said) as (liveness, task),
    ):
        neighbour._progress = beaten
        async with pool.acquire() as other, other.transaction():
            # the last word announces an event; a beat does not wait for this lock
            await other.execute("lock table decide.outbox in exclusive mode")
            stopping = asyncio.create_task(liveness.stop("told to stop"))
            await waits(pool, "worker_stop")
            before = told["handled"]
            async with asyncio.timeout(PATIENCE_S):
                while told["handled"] < before + 10:  # as often as its neighbour it would have beaten
                    await asyncio.sleep(0.01)
        await stopping
        await task

    assert said == []
    assert await last_word(pool, liveness) == "told to stop"


async def test_a_beat_that_stays_held_up_does_not_hold_up_the_end(
    database_url: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schemas.process.liveness.PATIENCE_S", 1.0)
    monkeypatch.setattr("schemas.process.liveness.FAREWELL_S", 0.1)
    said: list[str] = []
    async with beating(database_url, pool, said) as (liveness, task), pool.acquire() as other, other.transaction():
        await other.execute("select from flow.worker where source = $1 for update", liveness.source)
        await waits(pool, "worker_beat")
        await liveness.stop("told to stop")
        await task

    assert said == ["no heartbeat can be written: TimeoutError"]
    assert await last_word(pool, liveness) is None
