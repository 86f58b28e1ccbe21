"""A worker's guard, the pump and the topics between them, in memory: either is killed by chance and begins again."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Final, cast

import detangle
import pytest
from aiokafka import TopicPartition

from schemas import headers as h
from schemas.catalogue import newest
from schemas.events import Event
from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.registry import placements
from schemas.topics import PLAN_EVENTS, REDELIVER, RETRY_TIERS
from schemas.wire import Codec
from streams.broker.publisher import Publisher
from streams.broker.records import Incoming, Outgoing
from streams.guard.guard import Guard
from streams.hosts.offsets import InOrder
from streams.pump import Pump
from streams.retries.index import Ending
from streams.retries.ladder import Ladder
from streams.retries.order import Parked
from streams.settings import Settings
from tests.support.events import uploaded
from tests.support.parking import MemoryParking
from tests.support.schedules import a_moment

IDS = {placement: n for n, placement in enumerate(placements(), start=1)}
CODEC = Codec(IDS, {schema_id: (type_, newest(type_).raw) for (_, type_), schema_id in IDS.items()})
TIERS: Final = tuple(topic for topic, _ in RETRY_TIERS)
SETTINGS: Final = Settings(Brokers("b"), "r", "", 6.0, 4, None, None)
PLANS: Final = ("a", "b")
RECORDS: Final = 4
#: What an attempt that comes too early would be early by: due times are whole milliseconds.
MS: Final = 0.001
VALUES: Final = [
    CODEC.encode(
        PLAN_EVENTS,
        replace(
            uploaded(["shopee"]),
            correlation_id=plan,
            version=number + 1,
            stream=f"plan-{plan}",
            data={**uploaded(["shopee"]).data, "plan_id": plan},
        ),
    )
    for number, plan in enumerate(PLANS[n % 2] for n in range(RECORDS))
]


@dataclass
class Topics:
    """What is in each topic, and up to where each was read. `hasty`: it says "acknowledged" at once."""

    hasty: bool = False
    log: dict[str, list[Outgoing]] = field(default_factory=lambda: defaultdict(list))
    committed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sending: set[asyncio.Task[None]] = field(default_factory=set)
    done: dict[int, None] = field(default_factory=dict)  # records of plans to which there is an answer, by their first
    copied: set[int] = field(default_factory=set)  # those of which there is a copy

    async def publish(self, records: Sequence[Outgoing]) -> None:
        if self.hasty:
            self.sending.add(asyncio.create_task(self._send(records)))
            return
        await self._send(records)

    async def _send(self, records: Sequence[Outgoing]) -> None:
        for record in records:
            await a_moment()
            self.log[record.topic].append(record)
            if record.topic == PLAN_EVENTS:
                self.done[CODEC.decode(record.value).version - 1] = None
            else:
                self.copied.add(h.number(record.headers, h.ORIG_OFFSET))
        if records:
            await a_moment()


class SlowParking(MemoryParking):
    """The index: each question takes its time, and what was saved stays where nobody hears of it."""

    async def look(self, group: str, keys: Collection[str], ids: Collection[str]) -> list[Parked]:
        await a_moment()
        return await super().look(group, keys, ids)

    async def save(self, rows: Sequence[Parked]) -> list[Parked]:
        await a_moment()
        saved = await super().save(rows)
        await a_moment()
        return saved

    async def resolve(self, endings: Sequence[Ending]) -> None:
        await a_moment()
        await super().resolve(endings)


@dataclass
class Consumer:
    """The pump's, from where its group stands. `eager`: it commits what it hands out."""

    topics: Topics
    eager: bool = False
    paused: set[TopicPartition] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._at = {topic: self.topics.committed[topic] for topic in TIERS}

    async def start(self) -> None:
        await a_moment()

    async def stop(self) -> None:
        await a_moment()

    async def getmany(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Any]]:
        found = {}
        for topic, at in self._at.items():
            place = TopicPartition(topic, 0)
            log = self.topics.log[topic][at:]
            if not log or place in self.paused:
                continue
            found[place] = [as_read(record, topic, at + n) for n, record in enumerate(log)]
            self._at[topic] = at + len(log)
        await asyncio.sleep(0.001 if found else timeout_ms / 1000)
        if self.eager:
            self.topics.committed |= {place.topic: self._at[place.topic] for place in found}
        return found

    def seek(self, place: TopicPartition, offset: int) -> None:
        self._at[place.topic] = offset

    def pause(self, place: TopicPartition) -> None:
        self.paused.add(place)

    def resume(self, place: TopicPartition) -> None:
        self.paused.discard(place)

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        await a_moment()
        self.topics.committed |= {place.topic: offset for place, offset in offsets.items()}


def as_read(record: Outgoing, topic: str, offset: int) -> SimpleNamespace:
    return SimpleNamespace(
        topic=topic, partition=0, offset=offset, key=record.key, value=record.value, headers=tuple(record.headers)
    )


@dataclass
class World:
    """`guard` is what works; `hasty` and `eager` are ways in which a broker's client must not be used."""

    patch: pytest.MonkeyPatch
    guard: type[Guard] = Guard
    hasty: bool = False
    eager: bool = False

    async def live(self) -> None:
        """See every record through, whoever is killed meanwhile."""
        self.topics = Topics(self.hasty)
        self.tried: dict[int, int] = defaultdict(int)
        self.fails = [detangle.choice([0, 0, 1, 2]) for _ in range(RECORDS)]
        self.parking = SlowParking()
        self.patch.setattr(kafka, "member", lambda *_, **__: Consumer(self.topics, self.eager))
        keys = [PLANS[n % 2].encode() for n in range(RECORDS)]
        self.topics.log[PLAN_EVENTS] += [Outgoing(PLAN_EVENTS, keys[n], VALUES[n], []) for n in range(RECORDS)]

        @detangle.invariant
        def nothing_is_committed_that_led_to_nothing() -> None:
            committed = range(self.topics.committed[PLAN_EVENTS])
            assert all(n in self.topics.done or n in self.topics.copied for n in committed)

        lives = [asyncio.create_task(self.again_and_again(one)) for one in (self.work, self.pump)]
        while len(self.topics.done) < RECORDS:
            await asyncio.sleep(0.5)
        for one in lives:
            one.cancel()
        await asyncio.gather(*lives, return_exceptions=True)
        done = list(self.topics.done)
        assert [n for n in done if n % 2 == 0] == [0, 2]
        assert [n for n in done if n % 2 == 1] == [1, 3]

    async def again_and_again(self, process: Any) -> None:
        """Let a process live, killed twice at most, and then for as long as it takes."""
        for _ in range(2):
            if detangle.flip(0.4):
                with suppress(TimeoutError):
                    await asyncio.wait_for(process(), detangle.choice([0.01, 0.1, 0.3, 1.0, 2.0]))
        await process()

    async def pump(self) -> None:
        await Pump(SETTINGS, cast("Publisher", self.topics)).run()

    async def work(self) -> None:
        guard = self.guard(CODEC, cast("Publisher", self.topics), self.handle, ladder=Ladder(), parking=self.parking)
        async with asyncio.TaskGroup() as life:
            life.create_task(guard.run())
            for topic in (PLAN_EVENTS, REDELIVER):
                life.create_task(self.read(topic, guard))

    async def read(self, topic: str, guard: Guard) -> None:
        """Hand over what is in a topic, from where the group stands, and commit what is acknowledged."""
        at, in_order = self.topics.committed[topic], InOrder()

        def ended(offset: int) -> None:
            in_order.end(offset)
            self.topics.committed[topic] = in_order.safe or self.topics.committed[topic]

        while True:
            for record in self.topics.log[topic][at : RECORDS if topic == PLAN_EVENTS else None]:
                in_order.begin(at)
                carried = list(record.headers)
                ack = lambda offset=at: ended(offset)  # noqa: E731
                await guard.submit(Incoming(topic, 0, at, 0, record.key, record.value, carried, ack))
                at += 1
            await asyncio.sleep(0.2)

    def handle(self, event: Event) -> list[Event]:
        number = event.version - 1
        due = [
            h.number(row.headers, h.NEXT_ATTEMPT_AT) / 1000
            for row in self.parking.rows.values()
            if row.orig_offset == number and not row.behind
        ]
        assert max(due, default=0.0) <= time.time() + MS, "an attempt is early"
        self.tried[number] += 1
        if self.tried[number] <= self.fails[number]:
            raise ValueError("asked to fail")
        return [replace(event, type="plan.rejected", data={"plan_id": event.data["plan_id"], "reason": ""})]
