"""When plans come to a state that people can see, and where they were on the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

import asyncpg
from aiokafka import TopicPartition

from schemas import headers
from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.topics import declared

#: The read models are not asked more often than this, however often they change.
PAUSE_S: Final = 0.004

READY: Final = "select plan_id::text from rm.plan where plan_id = any($1::uuid[]) and analyzed_at is not null"
TASKS: Final = """
    select plan_id::text from rm.plan p where plan_id = any($1::uuid[]) and phase1 is not null
       and jsonb_array_length(phase1 -> 'tasks') = (select count(*) from rm.task t where t.plan_id = p.plan_id)
"""


@dataclass(slots=True)
class Sample:
    """One measured plan; times are seconds since 1970.

    `began` is when it was due to begin: where the client itself is late, that counts.
    """

    plan: str
    lane: str
    began: float
    seen: float = 0.0
    passed: dict[str, float] = field(default_factory=dict)

    @property
    def ms(self) -> float:
        return (self.seen - self.began) * 1000


class Sightings:
    """Waits for many plans with one question at a time, asked when the projections say that something has changed."""

    def __init__(self, database_url: str, question: str) -> None:
        self._url = database_url
        self._question = question
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._connection = await asyncpg.connect(self._url)
        await self._connection.add_listener("projected", lambda *_: self._changed.set())
        self._task = asyncio.get_running_loop().create_task(self._look())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self._connection.close()

    async def of(self, plan: str, within_s: float) -> float:
        """Return when the plan was seen. Raises TimeoutError."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[plan] = future
        self._changed.set()  # it may be there already
        try:
            return await asyncio.wait_for(future, within_s)
        except TimeoutError:
            raise TimeoutError(f"plan {plan} was not seen within {within_s:.0f} s") from None
        finally:
            self._waiting.pop(plan, None)

    async def _look(self) -> None:
        while True:
            with suppress(TimeoutError):  # a notice that came too early is not the last word
                await asyncio.wait_for(self._changed.wait(), 0.25)
            self._changed.clear()
            if self._waiting:
                rows = await self._connection.fetch(self._question, list(self._waiting))
                now = time.time()
                for row in rows:
                    future = self._waiting.get(row["plan_id"])
                    if future is not None and not future.done():
                        future.set_result(now)
            await asyncio.sleep(PAUSE_S)


async def trace(brokers: str, samples: Collection[Sample], topics: Collection[str]) -> None:
    """Note when the events of the samples came into the log, by type. Reads the topics from their beginning."""
    wanted = {sample.plan.encode(): sample for sample in samples}
    consumer = kafka.reader(Brokers(brokers), "bench")
    await consumer.start()
    try:
        places = [TopicPartition(topic, n) for topic in topics for n in range(declared()[topic].partitions)]
        ends = await consumer.end_offsets(places)
        consumer.assign(places)
        left = {place for place in places if ends[place] > 0}
        while left:
            for place, records in (await consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    sample = wanted.get(record.key)
                    if sample is not None:
                        type_ = headers.text(record.headers, headers.TYPE)
                        sample.passed.setdefault(type_ or "", record.timestamp / 1000)
                if await consumer.position(place) >= ends[place]:
                    left.discard(place)
    finally:
        await consumer.stop()
