"""The relay: nothing skipped, nothing marked too early, one at work."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from unittest.mock import AsyncMock

import asyncpg
import pytest

from gateway.outbox import marks, relay, session
from gateway.outbox.looks import Look
from gateway.outbox.publishing import Publishing
from gateway.outbox.relay import Relay
from gateway.services.metrics import Metrics
from gateway.settings import Settings as GatewaySettings
from projections.settings import Settings
from schemas.process import sessions
from schemas.process.kafka import Brokers
from schemas.process.outbox_calls import CALL, Caller
from schemas.process.outbox_seals import Seals
from schemas.wire import Codec
from tests.support.log_lines import ids_of, log_lines
from tests.support.patience import PATIENCE_S
from tests.support.staying import stays

INSERT = (
    "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,"
    " actor, data) values ($1::uuid, 'plan.events', $2, 'plan.rejected', $3, $4, 1, 'c', $2, 'ana', $5::jsonb)"
)

HOLDER = "select pid from pg_locks where locktype = 'advisory' and objid = $1::bigint::oid and granted"


def row(plan: str, version: int, data: str | None = None) -> tuple[object, ...]:
    good = f'{{"plan_id": "{plan}", "reason": "r"}}'
    return (str(uuid.uuid4()), plan, f"plan-{plan}", version, data or good)


@asynccontextmanager
async def working(settings: Settings, codec: Codec, seals: Seals | None = None) -> AsyncIterator[Relay]:
    relay = Relay(settings.database_url, settings.brokers, codec, seals)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await task


async def published(pool: asyncpg.Pool, plan: str, count: int, within_s: float = PATIENCE_S) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        seen = await pool.fetchval(
            "select count(*) from decide.outbox where key = $1 and published_at is not null", plan
        )
        if seen == count:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_late_commit_with_a_low_number_is_not_skipped(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    plan, late = str(uuid.uuid4()), str(uuid.uuid4())
    async with working(settings, codec), pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute(INSERT, *row(late, 1))  # takes its number first
        await pool.execute(INSERT, *row(plan, 1))
        assert await published(pool, plan, 1)

        await transaction.commit()

        assert await published(pool, late, 1)


async def test_what_a_decision_looked_up_is_published_without_another_look(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = str(uuid.uuid4())
    monkeypatch.setattr(relay, "POLL_S", 3600.0)
    monkeypatch.setattr(marks, "GATHER_S", 3600.0)
    async with working(settings, codec) as one:
        look = await lent(one)
        await pool.execute(INSERT, *row(plan, 1))
        look.give(await pool.fetch(relay._SELECT, 10, look.known))

        assert (await lent(one)).known == [await pool.fetchval("select seq from decide.outbox where key = $1", plan)]
    assert await published(pool, plan, 1)  # marked at its end, at the latest


async def test_a_relay_lends_no_look_while_a_stream_is_set_aside(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    bad, good = str(uuid.uuid4()), str(uuid.uuid4())
    async with working(settings, codec) as one:
        (await lent(one)).give([])
        await pool.execute(INSERT, *row(bad, 1, '{"plan_id": 1}'))
        await pool.execute(INSERT, *row(good, 1))
        one.wake()
        assert await published(pool, good, 1)

        assert one.lend() is None

        await pool.execute("delete from decide.outbox where key = $1", bad)
        (await lent(one)).give([])


async def lent(relay: Relay) -> Look:
    """Return a look of the relay, once it rests."""
    async with asyncio.timeout(PATIENCE_S):
        while (look := relay.lend()) is None:
            await asyncio.sleep(0.01)
    return look


async def test_one_relay_works_and_the_other_takes_over(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, stood_by = str(uuid.uuid4()), 0
    stand_by = Relay._stand_by

    async def counted(relay: Relay, connection: asyncpg.Connection) -> None:
        nonlocal stood_by
        await stand_by(relay, connection)
        stood_by += 1

    monkeypatch.setattr(Relay, "_stand_by", counted)
    async with working(settings, codec) as second, working(settings, codec) as first:
        assert await one_works(first, second)
        before = stood_by
        async with asyncio.timeout(PATIENCE_S):
            while stood_by < before + 3:  # it has tried for the lock twice at least
                await asyncio.sleep(0.02)
        assert [first.active, second.active].count(True) == 1
        if first.active:
            first.stop()
        else:
            second.stop()
        await pool.execute(INSERT, *row(plan, 1))

        assert await published(pool, plan, 1)


async def test_the_relay_at_work_is_called_by_others_and_looks_by_itself_if_it_is_not(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "POLL_S", 60.0)
    by_process, by_gateway, by_nobody = (str(uuid.uuid4()) for _ in range(3))
    async with working(settings, codec) as second, working(settings, codec) as first:
        assert await one_works(first, second)
        stands_by = first if second.active else second

        await pool.execute(INSERT, *row(by_process, 1))
        Caller(pool).call()
        assert await published(pool, by_process, 1)

        await pool.execute(INSERT, *row(by_gateway, 1))
        stands_by.wake()
        assert await published(pool, by_gateway, 1)

    monkeypatch.setattr(relay, "POLL_S", 0.05)
    async with working(settings, codec):
        await pool.execute(INSERT, *row(by_nobody, 1))
        assert await published(pool, by_nobody, 1)


async def test_calls_at_once_are_few(pool: asyncpg.Pool) -> None:
    calls: list[str] = []

    async def execute(text: str) -> None:
        calls.append(text)
        await pool.execute(text)

    caller = Caller(SimpleNamespace(execute=execute))
    for _ in range(100):
        caller.call()
    async with asyncio.timeout(PATIENCE_S):
        while not calls or not caller._calling or not caller._calling.done():
            await asyncio.sleep(0.005)
    assert calls == [CALL]

    caller = Caller(SimpleNamespace(execute=AsyncMock(side_effect=OSError("the database is away"))))
    caller.call()
    assert caller._calling is not None
    await caller._calling  # nobody's failure: the relay looks by itself


async def test_another_takes_over_from_a_relay_that_is_frozen(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps its connection, and the kernel answers for it: on another host nobody can end it."""
    monkeypatch.setattr(sessions, "FROZEN_S", 0.5)
    plan = str(uuid.uuid4())
    frozen = await session.connect(settings.database_url)
    assert await frozen.fetchval("select pg_try_advisory_lock($1)", relay._LOCK)
    try:
        async with working(settings, codec):
            await pool.execute(INSERT, *row(plan, 1))

            assert await published(pool, plan, 1)
    finally:
        await frozen.close(timeout=2)


async def test_a_relay_that_waits_for_a_silent_broker_keeps_its_place(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "STAY_S", 0.1)
    plan = str(uuid.uuid4())
    await pool.execute(INSERT, *row(plan, 1))

    async with AsyncExitStack() as silence:
        brokers = await silence.enter_async_context(silent_server())
        async with working(replace(settings, brokers=Brokers(brokers)), codec) as waiting:
            assert await one_works(waiting)
            holder = await pool.fetchval(HOLDER, relay._LOCK)
            assert holder is not None
            await stays(pool, holder)

            assert await pool.fetchval(HOLDER, relay._LOCK) == holder
            assert waiting.active
            await silence.aclose()  # or the relay would wait for it until its patience is over
    assert await pool.fetchval("select published_at from decide.outbox where key = $1", plan) is None


async def test_after_a_failure_the_one_that_stands_by_does_not_say_that_it_fails(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    async with working(settings, codec) as second, working(settings, codec) as first:
        assert await one_works(first, second)
        first.failing_since = second.failing_since = time.monotonic()  # both have lost the database

        async with asyncio.timeout(PATIENCE_S):
            while first.failing_since is not None or second.failing_since is not None:
                await asyncio.sleep(0.02)

        assert [first.active, second.active].count(True) == 1


@pytest.mark.parametrize("away", ["refused", "ended"])
async def test_a_database_that_is_away_is_no_failure_of_the_broker(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, away: str
) -> None:
    """It was told as a broker or a registry that does not answer, for seconds after the database was back."""
    if away == "refused":
        settings = replace(settings, database_url="postgresql://nobody@127.0.0.1:1/nothing")
    with log_lines() as lines:
        async with working(settings, codec) as tries:
            if away == "ended":
                assert await one_works(tries)
                holder = await pool.fetchval(HOLDER, relay._LOCK)
                await pool.execute("select pg_terminate_backend($1)", holder)
            async with asyncio.timeout(PATIENCE_S):
                while not any(line["event"] == "relay failed, trying again" for line in lines):
                    await asyncio.sleep(0.02)
            assert tries.failing_since is None


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """Give the address of one that takes connections and never says a word."""
    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: writers.append(writer), "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in writers:
            writer.close()


async def one_works(*relays: Relay) -> bool:
    async with asyncio.timeout(PATIENCE_S):
        while not any(relay.active for relay in relays):
            await asyncio.sleep(0.02)
    return True


async def test_what_fails_says_what_it_would_have_carried(pool: asyncpg.Pool, settings: Settings, codec: Codec) -> None:
    plan, trace = str(uuid.uuid4()), "a" * 32
    with log_lines() as lines:
        async with working(replace(settings, brokers=Brokers("127.0.0.1:1")), codec) as failing:
            assert await one_works(failing)
            await pool.execute("update decide.outbox set published_at = now() where published_at is null")
            await pool.execute(INSERT, *row(plan, 1))
            await pool.execute(
                "update decide.outbox set traceparent = $2 where key = $1", plan, f"00-{trace}-{'1' * 16}-01"
            )
            async with asyncio.timeout(PATIENCE_S):
                while not any(line.get("trace_id") == trace for line in lines):
                    await asyncio.sleep(0.02)
    line = next(line for line in lines if line.get("trace_id") == trace)
    assert (line["event"], line["job"]) == ("relay failed, trying again", "relay")
    assert ids_of(line) == ("c", plan, trace)
    await pool.execute("update decide.outbox set published_at = now() where key = $1", plan)


async def test_one_that_stands_by_does_not_vouch_for_the_broker(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    """As a sample of 1 it would, while the relay at work fails: the most of all gateways says nothing then."""
    async with working(settings, codec) as first, working(settings, codec) as second:
        assert await one_works(first, second)
        at_work, stands_by = (vouches(settings, relay) for relay in sorted((first, second), key=lambda r: not r.active))
    assert at_work == ["marketplace_broker_up 1.0"]
    assert stands_by == []

    async with working(replace(settings, brokers=Brokers("127.0.0.1:1")), codec) as failing:
        await pool.execute(INSERT, *row(plan := str(uuid.uuid4()), 1))
        async with asyncio.timeout(PATIENCE_S):
            while failing.failing_since is None:
                await asyncio.sleep(0.02)
        assert vouches(settings, failing) == ["marketplace_broker_up 0.0"]
    await pool.execute("update decide.outbox set published_at = now() where key = $1", plan)


def vouches(settings: Settings, at_work: Relay) -> list[str]:
    """Return the samples that the gateway of a relay has of the broker."""
    told = GatewaySettings(settings.database_url, brokers=settings.brokers, registry_url=settings.registry_url)
    publishing, metrics = Publishing(told), Metrics()
    publishing._relay = at_work
    metrics.broker_up.up = publishing.reaches_broker()
    return [line for line in metrics.exposition()[0].decode().splitlines() if line.startswith("marketplace_broker_up")]
