"""A process that is frozen keeps its connections: the server ends its session all the same, and others take over."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack

import asyncpg
import pytest

from local.service import Service
from local.state import ROOT
from projections.run.connections import connect
from projections.run.topics import MEMBERS, TOPICS, Lane, lease_numbers
from projections.settings import Settings
from schemas.process import sessions
from schemas.process.sessions import FROZEN_S, STAY_S, kept
from schemas.topics import declared
from tests.integration.pipeline.conftest import Bare
from tests.support.patience import PATIENCE_S
from tests.support.staying import stays

LANES: tuple[Lane, ...] = ("urgent", "others")
ALL = sum(declared()[topic].partitions for topic in TOPICS)
HELD = f"""
    select count(*) as held from pg_locks l join pg_stat_activity a using (pid)
     where a.application_name = 'projections' and l.locktype = 'advisory' and l.granted
       and l.objid not in (0, {MEMBERS["urgent"]})
     group by l.pid order by 1
"""
SAID = """
    select (select sum(jsonb_array_length(value)) from jsonb_each(progress -> 'holds'))::int as holds
      from flow.running where role = 'projections' and connected and progress ->> 'in_flight' = '0' order by 1
"""


@pytest.fixture
def two(bare: Bare) -> Iterator[list[Service]]:
    """Two projections whose sessions may be idle for four seconds: more than a busy machine takes between questions."""
    with ExitStack() as running:
        yield [
            running.enter_context(
                Service(
                    f"projections-{n}",
                    "tests.support.impatient_projections",
                    env=bare.env,
                    log=bare.logs / f"impatient-{n}.log",
                    cwd=ROOT,
                    grace=5.0,
                )
            )
            for n in range(2)
        ]


@pytest.fixture
async def session(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncpg.Connection]:
    """A session that may be idle for half a second."""
    monkeypatch.setattr(sessions, "FROZEN_S", 0.5)
    made = await connect(settings.database_url, "rm")
    yield made
    await made.close(timeout=2)


async def eventually(ask: Callable[[], Awaitable[object]], wanted: object, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while (found := await ask()) != wanted:
        assert time.monotonic() < deadline, f"{found} after {within_s} s"
        await asyncio.sleep(0.1)


async def test_the_leases_of_a_frozen_process_go_to_the_other(
    bare: Bare, pool: asyncpg.Pool, two: list[Service]
) -> None:
    async def leases() -> object:
        return [row["held"] for row in await pool.fetch(HELD)]

    async def health() -> object:
        command = [sys.executable, "deploy/healthy.py", "database", "projections"]
        return (await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env=bare.env, timeout=PATIENCE_S)).returncode

    async def said() -> object:
        return [row["holds"] for row in await pool.fetch(SAID)]

    # each process has a session for urgent partitions and one for the others
    lanes = sorted(len(lease_numbers(lane)) for lane in LANES)
    assert sum(lanes) == ALL
    shared = sorted(half for lane in lanes for half in (lane // 2, lane - lane // 2))
    await eventually(leases, shared, 60)
    assert [lane % 2 for lane in lanes] == [0, 0]
    await eventually(said, [ALL // 2, ALL // 2], 60)  # the watchdog judges by that
    try:
        two[0].pause()
        await eventually(leases, lanes, 60)
        assert await health() == 0  # of those that are here, one beats

        two[1].pause()
        await eventually(health, 1, 60)
    finally:
        for service in two:
            service.resume()
    await eventually(leases, shared, 60)  # each finds its session gone, and begins anew
    await eventually(health, 0, 30)


async def test_a_session_that_waits_for_others_stays(
    pool: asyncpg.Pool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is heard of again and again, so it is never idle for long."""
    monkeypatch.setattr(sessions, "STAY_S", 0.1)
    session = await connect(settings.database_url, "rm")
    try:
        async with kept(session):
            await stays(pool, session.get_server_pid())

        assert await session.fetchval("select 1") == 1
    finally:
        await session.close(timeout=2)


def test_two_words_may_be_late() -> None:
    assert 3 * STAY_S < FROZEN_S


async def ended(pool: asyncpg.Pool, session: asyncpg.Connection) -> None:
    """Return once the server has ended a session."""
    pid = session.get_server_pid()
    async with asyncio.timeout(PATIENCE_S):
        while await pool.fetchval("select count(*) from pg_stat_activity where pid = $1", pid):
            await asyncio.sleep(0.05)


async def test_a_session_in_which_nothing_is_asked_ends(pool: asyncpg.Pool, session: asyncpg.Connection) -> None:
    await ended(pool, session)

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await session.fetchval("select 1")


async def test_a_transaction_in_which_nothing_is_asked_ends(pool: asyncpg.Pool, session: asyncpg.Connection) -> None:
    await session.execute("begin")
    await ended(pool, session)

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await session.fetchval("select 1")
