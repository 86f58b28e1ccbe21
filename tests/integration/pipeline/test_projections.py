"""The projections: exactly once in effect, fenced, never held up by a poison record."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from projections.run.leases import Leases
from projections.run.runner import Runner
from projections.run.writer import Fenced, Position, start_positions, write
from projections.settings import Settings
from schemas import headers
from schemas.events import Event
from schemas.topics import PLAN_EVENTS, declared
from schemas.wire import Codec
from tests.support.odd_registry import odd_registry
from tests.support.patience import PATIENCE_S
from tests.support.topic_records import first_of


def uploaded(plan: str, version: int = 1, title: str = "t", event_id: str | None = None) -> Event:
    data = {
        "plan_id": plan,
        "document_id": str(uuid.uuid4()),
        "title": title,
        "filename": "f",
        "media_type": "text/csv",
        "size_bytes": 1,
        "sha256": "s",
        "channels": ["shopee"],
        "priority": "high",
    }
    return Event("plan.uploaded", event_id or str(uuid.uuid4()), f"plan-{plan}", version, 1, "c", plan, "ana", data)


def rejected(plan: str, version: int, reason: str = "não") -> Event:
    return Event(
        "plan.rejected",
        str(uuid.uuid4()),
        f"plan-{plan}",
        version,
        2_000_000,
        "c",
        plan,
        "ana",
        {"plan_id": plan, "reason": reason},
    )


@pytest.fixture(scope="module")
async def producer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    made = AIOKafkaProducer(bootstrap_servers=settings.brokers.servers, enable_idempotence=True)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def send(producer: AIOKafkaProducer, codec: Codec) -> Callable[..., Any]:
    async def one(event: Event) -> Any:
        return await producer.send_and_wait(
            "plan.events",
            codec.encode("plan.events", event),
            key=event.correlation_id.encode(),
            headers=headers.for_event(event, None),
        )

    return one


R = TypeVar("R", bound=Runner)


@asynccontextmanager
async def projecting(runner: R) -> AsyncIterator[R]:
    task = asyncio.create_task(runner.run())
    try:
        yield runner
    finally:
        runner.stop()
        await task


async def seen(pool: asyncpg.Pool, plan: str, version: int, within_s: float = PATIENCE_S) -> asyncpg.Record:
    deadline = time.monotonic() + within_s
    while True:
        row = await pool.fetchrow("select * from rm.plan where plan_id = $1::uuid", plan)
        if row is not None and row["version"] >= version:
            return row
        assert time.monotonic() < deadline, f"plan {plan} is not projected: {row}"
        await asyncio.sleep(0.02)


async def test_a_repeated_and_a_late_record_change_nothing(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, send: Callable[..., Any]
) -> None:
    plan = str(uuid.uuid4())
    first, second = uploaded(plan), rejected(plan, 2)
    for event in (first, second, first, first, second):
        await send(event)

    async with projecting(Runner(settings, codec)):
        row = await seen(pool, plan, 2)

    assert (row["status"], row["reason"], row["priority"]) == ("rejected", "não", "high")
    assert await pool.fetchval("select count(*) from rm.timeline where plan_id = $1::uuid", plan) == 2


async def test_poison_becomes_a_dead_letter_and_holds_nothing_up(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, producer: AIOKafkaProducer, send: Callable[..., Any]
) -> None:
    plan = str(uuid.uuid4())
    key = plan.encode()
    good = codec.encode("plan.events", uploaded(plan))
    unknown, too_large = b"\x00\x7f\xff\xff\xff" + good[5:], b"\x00\x80\x00\x00\x00" + good[5:]
    poison = [b"", b"nonsense", good[:-3], unknown, too_large, good + b"x"]
    for value in poison:
        await producer.send_and_wait("plan.events", value, key=key)
    await send(uploaded(plan))

    async with projecting(Runner(settings, codec)) as runner:
        await seen(pool, plan, 1)

    assert runner.given_up == len(poison)
    assert await _codes(settings, len(poison)) == [
        "too-short",
        "too-short" if len(b"nonsense") < 5 else "bad-magic",
        "damaged",
        "unknown-schema",
        "bad-schema-id",
        "trailing-bytes",
    ]


async def test_poison_stops_nothing_where_the_registry_refuses_its_id(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, producer: AIOKafkaProducer, send: Callable[..., Any]
) -> None:
    plan = str(uuid.uuid4())
    good = codec.encode("plan.events", uploaded(plan))
    await producer.send_and_wait("plan.events", b"\x00\x7f\xff\xff\xff" + good[5:], key=plan.encode())
    await send(uploaded(plan))

    with odd_registry(422, b'{"error_code": 42202, "message": "no such id"}') as registry:
        async with projecting(Runner(replace(settings, registry_url=registry.url), codec)) as runner:
            await seen(pool, plan, 1)

    assert (runner.given_up, len(registry.asked)) == (1, 1)


async def test_poison_with_a_large_key_is_buried_and_its_partition_goes_on(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, producer: AIOKafkaProducer, send: Callable[..., Any]
) -> None:
    plan = str(uuid.uuid4())
    partition = (await send(uploaded(plan))).partition
    await producer.send_and_wait("plan.events", b"v" * 947_900, key=b"k" * 100_000, partition=partition)
    await send(rejected(plan, 2))

    async with projecting(Runner(settings, codec)) as runner:
        await seen(pool, plan, 2)
        async with asyncio.timeout(PATIENCE_S):
            while (key := await pool.fetchval("select key from rm.dead_letter where key ~ '^kk'")) is None:
                await asyncio.sleep(0.02)

    assert runner.given_up == 1
    assert key == "k" * headers.KEY_KEPT


async def test_a_registry_that_is_not_well_makes_the_projections_wait(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, producer: AIOKafkaProducer, send: Callable[..., Any]
) -> None:
    plan = str(uuid.uuid4())
    good = codec.encode("plan.events", uploaded(plan))
    await producer.send_and_wait("plan.events", b"\x00\x7f\xff\xff\xff" + good[5:], key=plan.encode())
    await send(uploaded(plan))

    with odd_registry(503) as registry:
        async with projecting(Runner(replace(settings, registry_url=registry.url), codec)) as runner:
            async with asyncio.timeout(PATIENCE_S):
                while len(registry.asked) < 2:
                    await asyncio.sleep(0.02)
            waited = (runner.given_up, await pool.fetchval("select 1 from rm.plan where plan_id = $1::uuid", plan))
            registry.status = 404
            await seen(pool, plan, 1)

    assert waited == (0, None)
    assert runner.given_up == 1


async def _codes(settings: Settings, count: int) -> list[str]:
    found = await first_of(settings.brokers.servers, "projections.dlq", count)
    found.sort(key=lambda record: record.timestamp)
    return [headers.text(record.headers, headers.ERROR_CODE) or "" for record in found]


async def test_contents_that_the_tables_refuse_are_found_and_put_aside(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, send: Callable[..., Any]
) -> None:
    bad, good = str(uuid.uuid4()), str(uuid.uuid4())
    await send(uploaded(bad, title="NUL \x00 in a text"))
    await send(uploaded(good))

    async with projecting(Runner(settings, codec)) as runner:
        await seen(pool, good, 1)

    assert runner.given_up == 1
    assert await pool.fetchval("select count(*) from rm.plan where plan_id = $1::uuid", bad) == 0


async def test_who_lost_a_partition_cannot_write(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection:
        await connection.execute("set search_path to rm")
        (tp, offset), *_ = (await start_positions(connection, [("plan.events", 11)])).items()
        await write(connection, [], [Position(*tp, offset, offset + 5)], [])

        with pytest.raises(Fenced):
            await write(connection, [], [Position(*tp, offset, offset + 3)], [])
        stored = await start_positions(connection, [tp])

        assert stored[tp] == offset + 5
        await write(connection, [], [Position(*tp, offset + 5, offset)], [])
        await connection.execute("reset search_path")


async def test_leases_are_shared_fairly_and_freed_with_the_session(settings: Settings) -> None:
    partitions = {("t", n): n + 1 for n in range(7)}
    one, two = [await asyncpg.connect(settings.database_url) for _ in range(2)]
    first, second = Leases(one, "fair", partitions), Leases(two, "fair", partitions)
    await first.join()
    await first.balance()
    assert len(first.leased) == 7

    await second.join()
    await second.balance()
    await first.balance()
    await second.balance()
    assert (len(first.leased), len(second.leased)) == (4, 3)
    assert not first.leased & second.leased

    await one.close()
    async with asyncio.timeout(PATIENCE_S):  # until the server has ended the session
        while len(second.leased) < 7:
            await second.balance()
    await two.close()


class Noting(Runner):
    """A runner that says which plans' records it took, and from which partition of the history of plans."""

    def __init__(self, settings: Settings, codec: Codec) -> None:
        super().__init__(settings, codec)
        self.took: dict[str, int] = {}

    async def _map(self, records: Sequence[Any], *, ahead: bool = False) -> Any:
        self.took |= {r.key.decode(): r.partition for r in records if r.topic == PLAN_EVENTS}
        return await super()._map(records, ahead=ahead)

    def of(self, plans: Iterable[str]) -> dict[str, int]:
        """Return plan -> partition for those of the plans that it took."""
        return {plan: self.took[plan] for plan in plans if plan in self.took}


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not so():
            await asyncio.sleep(0.02)


async def test_each_topic_is_shared_not_whole_topics(settings: Settings) -> None:
    """Whoever comes second, or comes at the same time, gets a part of every topic: of the work, not of its name."""
    partitions = {(topic, n): n + of * 6 + 1 for of, topic in enumerate(("a", "b")) for n in range(6)}
    for late in (True, False):
        one, two = [await asyncpg.connect(settings.database_url) for _ in range(2)]
        first, second = (Leases(connection, f"parts-{late}", partitions) for connection in (one, two))
        await first.join()
        if late:
            await first.balance()
        await second.join()
        for leases in (first, second, first, second):
            await leases.balance()
        for leases in (first, second):
            assert sorted(topic for topic, _ in leases.leased) == ["a"] * 3 + ["b"] * 3
        await one.close()
        await two.close()


async def test_two_runners_share_the_work_and_one_takes_over(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, send: Callable[..., Any]
) -> None:
    every = set(range(declared()[PLAN_EVENTS].partitions))

    async def project(count: int) -> list[str]:
        plans = [str(uuid.uuid4()) for _ in range(count)]
        for plan in plans:
            await send(uploaded(plan))
        for plan in plans:
            await seen(pool, plan, 1)
        return plans

    async with projecting(Noting(settings, codec)) as one:
        async with projecting(Noting(settings, codec)) as two:

            def held(runner: Runner) -> set[int]:
                return set(runner.assignment.get(PLAN_EVENTS, ()))

            def shared() -> bool:
                """Each has its part: while they are shared out, one still says that it holds what it has given back."""
                parts = held(one), held(two)
                fair = min(map(len, parts)) >= len(every) // 3
                return fair and parts[0] | parts[1] == every and not parts[0] & parts[1]

            await until(shared)
            parts = held(one), held(two)
            plans = await project(60)

            # each took what it holds, all of that, and nothing else
            for runner, part in zip((one, two), parts, strict=True):
                assert set(runner.of(plans).values()) <= part
                assert runner.of(plans)
            assert len(one.of(plans)) + len(two.of(plans)) == len(plans)

        await until(lambda: held(one) == every)
        later = await project(60)
        assert set(one.of(later)) == set(later)
        assert {one.took[plan] for plan in later} & parts[1]


async def test_the_stored_offset_counts_not_the_groups(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, send: Callable[..., Any]
) -> None:
    plan = str(uuid.uuid4())
    meta = await send(uploaded(plan))
    async with projecting(Runner(settings, codec)):
        await seen(pool, plan, 1)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.brokers.servers, group_id="projections-rm", enable_auto_commit=False
    )
    await consumer.start()
    tp = TopicPartition("plan.events", meta.partition)
    consumer.assign([tp])
    await consumer.commit({tp: 0})
    await consumer.stop()

    async with projecting(Runner(settings, codec)) as again:
        other = str(uuid.uuid4())
        await send(uploaded(other))
        await seen(pool, other, 1)

        assert again.projected == 1
