"""Which processes the watchdog takes for alive, frozen or gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncpg

from schemas.process.kafka import Brokers
from schemas.process.liveness import LOCK
from schemas.process.sessions import FROZEN_S
from streams.watchdog.broker import BrokerView
from streams.watchdog.processes import Processes
from tests.integration.streams.watchdog.watched import PATIENCE, Watched


async def test_a_process_whose_connection_closes_is_said_to_be_gone_once(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    watched = Watched()
    processes = Processes(watched.view, BrokerView(Brokers("127.0.0.1:1")), replace(PATIENCE, settle_s=0.0))
    async with pool.acquire() as other:
        id_ = await other.fetchval("select flow.worker_start('worker-1', 'worker', 'h', 1, 0, 'v')")
        await other.execute("select pg_advisory_lock($1, $2)", LOCK, id_)
        for _ in range(3):
            await watched.view.look(connection)
            await processes.see_to(connection, frozenset())
        assert processes.gone == 0
        await other.execute("select pg_advisory_unlock($1, $2)", LOCK, id_)
    await asyncio.sleep(0.25)
    for _ in range(3):
        await watched.view.look(connection)
        await processes.see_to(connection, frozenset())

    assert processes.gone == 1
    stopped = await pool.fetch(
        "select version, data ->> 'reason' as why from decide.outbox where type = 'worker.stopped'"
    )
    assert [(r["version"], r["why"].split(":")[0]) for r in stopped] == [(2, "gone without a word")]


async def test_a_process_that_has_been_frozen_for_long_holds_nothing_any_more(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    """Its sessions were ended; that of its beats stays, for that the kernel answers."""
    watched = Watched()

    async def seen(silent_s: float) -> tuple[int, int, int]:
        await pool.execute("update flow.worker set beat_at = now() - make_interval(secs => $1)", silent_s)
        await watched.view.look(connection)
        role = (await watched.view.gather(connection)).role("projections")
        return role.living, role.frozen, role.still_assigned

    async with pool.acquire() as other:
        id_ = await other.fetchval("select flow.worker_start('p-1', 'projections', 'h', 1, 0, 'v')")
        await other.execute("select pg_advisory_lock($1, $2)", LOCK, id_)
        assert await seen(0.0) == (1, 0, 0)
        assert await seen(10.0) == (1, 1, 1)
        assert await seen(FROZEN_S + 10.0) == (1, 1, 0)
        await other.execute("select pg_advisory_unlock($1, $2)", LOCK, id_)
