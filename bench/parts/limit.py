"""The limit of this machine: the same amount of data through the same servers, and nothing else done with it.

What a plan's approval leads to is seven events, a row of a plan, five of tasks and seven of a history. Here they are
bytes that nobody reads: written to the log in large batches, read from it, and put into tables in large batches.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiokafka import TopicPartition
from aiokafka.admin import NewTopic

from bench.parts.window import Bench, Figures, under
from schemas.process import kafka
from schemas.process.kafka import Brokers

PARTITIONS: Final = 12
#: Bytes of the events of one plan in the log, the approval first.
EVENTS: Final = (2800, 2600, 700, 700, 700, 700, 700)
#: Bytes of its rows: the plan, five tasks, and the history once more what is in the log.
ROWS: Final = (2800, 300, 300, 300, 300, 300, *EVENTS)
#: Plans in one batch.
BATCH: Final = 250
_TABLE: Final = """
    create table bench_row (plan_id uuid, n int, content text storage external not null, primary key (plan_id, n))
"""
_UPSERT: Final = """
    insert into bench_row (plan_id, n, content)
    select plan_id, row_number() over (partition by plan_id), repeat('x', bytes)
      from unnest($1::uuid[]) plan_id, unnest($2::int[]) bytes
    on conflict (plan_id, n) do update set content = excluded.content
"""


async def limit(bench: Bench, count: int) -> Figures:
    """Measure producing, consuming and upserting, each alone: plans a second, and processor time for one plan."""
    brokers = Brokers(bench.system.at.env["MARKETPLACE_BROKERS"])
    topic = f"bench.limit.{uuid.uuid4().hex[:8]}"
    await _make(brokers, topic)
    await bench.database.execute("drop table if exists bench_row")
    await bench.database.execute(_TABLE)
    found: Figures = {}
    found |= await _alone(bench, "limit produce", count, lambda: _produce(brokers, topic, count))
    found |= await _alone(bench, "limit consume", count, lambda: _consume(brokers, topic, count * len(EVENTS)))
    found |= await _alone(bench, "limit upsert", count, lambda: _upsert(bench, count))
    await bench.database.execute("drop table bench_row")
    return found


async def _alone(bench: Bench, name: str, count: int, work: Callable[[], Awaitable[None]]) -> Figures:
    async def timed() -> Figures:
        began = time.perf_counter()
        await work()
        return {"plans_per_s": count / (time.perf_counter() - began)}

    return under(name, await bench.cost(timed, count))


async def _make(brokers: Brokers, topic: str) -> None:
    admin = kafka.admin(brokers, "bench")
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, PARTITIONS, 1)])
    finally:
        await admin.close()


async def _produce(brokers: Brokers, topic: str, count: int) -> None:
    values = [bytes(size) for size in EVENTS]
    producer = kafka.producer(brokers, "bench")
    await producer.start()
    try:
        for start in range(0, count, BATCH):
            sent = [
                await producer.send(topic, value, partition=plan % PARTITIONS)
                for plan in range(start, min(count, start + BATCH))
                for value in values
            ]
            await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def _consume(brokers: Brokers, topic: str, records: int) -> None:
    consumer = kafka.reader(brokers, "bench")
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, n) for n in range(PARTITIONS)])
        while records > 0:
            records -= sum(len(some) for some in (await consumer.getmany(timeout_ms=1000)).values())
    finally:
        await consumer.stop()


async def _upsert(bench: Bench, count: int) -> None:
    plans: Sequence[uuid.UUID] = [uuid.uuid4() for _ in range(count)]
    await bench.database.execute("set synchronous_commit = off")  # as the projections write
    for start in range(0, count, BATCH):
        await bench.database.execute(_UPSERT, plans[start : start + BATCH], list(ROWS))
    await bench.database.execute("reset synchronous_commit")
