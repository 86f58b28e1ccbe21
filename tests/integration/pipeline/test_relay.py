"""The relay: nothing skipped, nothing marked too early, one at work."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest

from gateway.metrics import Metrics
from gateway.outbox import relay
from gateway.outbox import set_aside as relay_set_aside
from gateway.outbox.publishing import Publishing
from gateway.outbox.relay import BATCH, STANDBY_S, Relay
from gateway.settings import Settings as GatewaySettings
from projections.reads import overview
from projections.settings import Settings
from projections.verify.expected import Report
from projections.verify.log_reader import LogReader
from projections.verify.verify import check_set_aside
from schemas.events import Event
from schemas.process import sessions
from schemas.process.kafka import Brokers
from schemas.wire import Codec
from tests.support.log_lines import ids_of, log_lines
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
async def working(settings: Settings, codec: Codec) -> AsyncIterator[Relay]:
    relay = Relay(settings.database_url, settings.brokers, codec)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await task


async def published(pool: asyncpg.Pool, plan: str, count: int, within_s: float = 15) -> bool:
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


async def test_one_relay_works_and_the_other_takes_over(pool: asyncpg.Pool, settings: Settings, codec: Codec) -> None:
    plan = str(uuid.uuid4())
    async with working(settings, codec) as second, working(settings, codec) as first:
        assert await one_works(first, second)
        await asyncio.sleep(2 * STANDBY_S)
        assert [first.active, second.active].count(True) == 1
        if first.active:
            first.stop()
        else:
            second.stop()
        await pool.execute(INSERT, *row(plan, 1))

        assert await published(pool, plan, 1)


async def test_another_takes_over_from_a_relay_that_is_frozen(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps its connection, and the kernel answers for it: on another host nobody can end it."""
    monkeypatch.setattr(sessions, "FROZEN_S", 0.5)
    plan = str(uuid.uuid4())
    frozen = await relay.connect(settings.database_url)
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

        async with asyncio.timeout(20):
            while first.failing_since is not None or second.failing_since is not None:
                await asyncio.sleep(0.02)

        assert [first.active, second.active].count(True) == 1


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
    async with asyncio.timeout(20):
        while not any(relay.active for relay in relays):
            await asyncio.sleep(0.02)
    return True


class Counting(Codec):
    """A codec that counts what it is asked to encode."""

    def __init__(self, codec: Codec) -> None:
        self.__dict__.update(codec.__dict__)
        self.asked = 0

    def encode(self, topic: str, event: Event) -> bytes:
        self.asked += 1
        return super().encode(topic, event)


async def clear(pool: asyncpg.Pool) -> None:
    await pool.execute("delete from decide.outbox")


async def set_aside(pool: asyncpg.Pool, plan: str) -> list[tuple[int, str | None]]:
    rows = await pool.fetch(
        "select version, held_why from decide.outbox where key = $1 and held_at is not null order by version", plan
    )
    return [(row["version"], row["held_why"]) for row in rows]


async def test_a_row_that_does_not_fit_holds_its_own_stream_only(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_set_aside, "REVIEW_S", 0.2)
    bad, good = str(uuid.uuid4()), str(uuid.uuid4())
    await pool.execute(INSERT, *row(bad, 1, '{"plan_id": 7}'))
    await pool.execute(INSERT, *row(bad, 2))
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec) as relay:
        assert await published(pool, good, 1)
        await pool.execute(INSERT, *row(bad, 3))  # comes when the stream waits already
        relay.wake()
        async with asyncio.timeout(20):
            while len(await set_aside(pool, bad)) < 3:
                await asyncio.sleep(0.05)
        assert await published(pool, bad, 0)
        (one, why), *behind = await set_aside(pool, bad)
        assert (one, behind) == (1, [(2, None), (3, None)])
        assert "plan_id" in (why or "")
        # mended by a person, it goes, and what waits behind it goes after it
        await pool.execute(
            "update decide.outbox set data = jsonb_build_object('plan_id', key, 'reason', 'r') where key = $1", bad
        )
        assert await published(pool, bad, 3)
        assert await set_aside(pool, bad) == []
    assert await versions(settings, codec, f"plan-{bad}") == [1, 2, 3]


async def test_more_rows_that_do_not_fit_than_a_batch_holds_stop_nobody(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_set_aside, "REVIEW_S", 3600.0)  # a review is waited for by nobody here
    await clear(pool)
    bad = [str(uuid.uuid4()) for _ in range(BATCH + 20)]
    await pool.executemany(INSERT, [row(plan, 1, '{"plan_id": 7}') for plan in bad])
    good = str(uuid.uuid4())
    await pool.execute(INSERT, *row(good, 1))

    counting = Counting(codec)
    async with working(settings, counting) as relay:
        assert await published(pool, good, 1)
        # and none of them costs those that come later anything: they alone are looked at
        looked_at = counting.asked
        for n in range(1, 4):
            later = str(uuid.uuid4())
            await pool.execute(INSERT, *row(later, 1))
            relay.wake()
            assert await published(pool, later, 1)
            assert counting.asked == looked_at + n
    assert await pool.fetchval("select count(*) from decide.outbox where held_why is not null") == len(bad)
    assert (await overview.read(pool)).outbox.set_aside == len(bad)

    # a relay to which they all fit, such as one of a newer version, does not take its time with them
    await pool.execute("update decide.outbox set data = jsonb_build_object('plan_id', key, 'reason', 'r')")
    async with working(settings, codec) as newer:
        assert await one_works(newer)
        async with asyncio.timeout(60):
            while await pool.fetchval("select count(*) from decide.outbox where published_at is null"):
                await asyncio.sleep(0.05)
    await clear(pool)


async def test_the_next_relay_keeps_what_waits_behind_a_row_that_is_set_aside(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    await clear(pool)
    bad = str(uuid.uuid4())
    await pool.execute(INSERT, *row(bad, 1, '{"plan_id": 7}'))
    async with working(settings, codec):
        while not await set_aside(pool, bad):
            await asyncio.sleep(0.02)
    await pool.execute(INSERT, *row(bad, 2))
    good = str(uuid.uuid4())
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)

    assert [version for version, _ in await set_aside(pool, bad)] == [1, 2]
    report = Report()
    connection = await asyncpg.connect(settings.database_url)
    await check_set_aside(connection, report)
    await connection.close()
    assert [problem.partition(" is set aside")[0] for problem in report.problems] == [
        f"set-aside: plan-{bad} version 1 (plan.rejected)",
        f"set-aside: plan-{bad} version 2 (plan.rejected)",
    ]
    seq = await pool.fetchval("select seq from decide.outbox where key = $1 and version = 1", bad)
    assert report.problems[0].endswith(f"`marketplace outbox edit {seq}`")
    assert report.problems[1].endswith("it waits behind one that is")
    await clear(pool)


async def test_a_record_that_no_broker_takes_stops_nobody(pool: asyncpg.Pool, settings: Settings, codec: Codec) -> None:
    good = str(uuid.uuid4())
    await pool.execute(
        "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data, raw, raw_headers) values (gen_random_uuid(), 'agents.dlq', 'k', 't', 'raw-1', 1,"
        " 1, 'c', 'k', 'ana', '{}', $1, '[]')",
        b"x" * 1_048_576,
    )
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)

    [(_, why)] = await set_aside(pool, "k")
    assert "1048576 bytes" in (why or "")
    await clear(pool)


async def test_a_record_that_no_broker_takes_with_its_key_stops_nobody(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    good = str(uuid.uuid4())
    put = "select flow.put_raw('agents.dlq', $1, 't', $2, '[]', 'r', 'ana', null)"
    await pool.execute(put, "k" * 100_000, b"x" * 1_000_000)
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)

    [(_, why)] = await set_aside(pool, "k" * 100_000)
    assert "1000000 bytes" in (why or "")
    await clear(pool)


async def test_a_record_without_key_and_value_stops_nobody(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    good = str(uuid.uuid4())
    await pool.execute("select flow.put_raw('agents.dlq', '', 't', null, '[]', 'r', 'ana', null)")
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)
        assert await published(pool, "", 1)

    await clear(pool)


async def test_a_record_for_a_topic_that_does_not_exist_stops_nobody(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    good, raw = str(uuid.uuid4()), str(uuid.uuid4())
    put = "select flow.put_raw($1, $2, 't', 'bytes', '[]', 'r', 'ana', null)"
    await pool.execute(put, "of.nobody", raw)
    await pool.execute(put, "", raw)
    await pool.execute(put, "agents.dlq", raw)  # of the same plan: raw records are no stream, none waits for another
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)
        assert await published(pool, raw, 1)

    assert [why for _, why in await set_aside(pool, raw)] == [
        "Invalid: there is no topic 'of.nobody'",
        "Invalid: there is no topic ''",
    ]
    await clear(pool)


async def versions(settings: Settings, codec: Codec, stream: str) -> list[int]:
    """Return the versions of a stream in the order in which they stand in the log."""
    async with LogReader(settings, codec, Report()) as log:
        await log.read_to(await log.ends())
        return [version for name, version in log.expected.ids if name == stream]


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
            async with asyncio.timeout(20):
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
        async with asyncio.timeout(20):
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
    return [line for line in metrics.exposition().decode().splitlines() if line.startswith("marketplace_broker_up")]
