"""Hosts slow work on aiokafka: many items in flight, priority lanes, offsets committed in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from schemas.process import kafka
from schemas.process.crashpoints import crashpoint
from schemas.process.ending import ended
from schemas.process.kafka import BROKER_AWAY, Brokers
from schemas.process.log_context import of_record, of_records
from schemas.process.rounds import Round
from streams.broker.records import Incoming
from streams.guard.lanes import Lanes
from streams.hosts.offsets import InOrder, to_commit

log = structlog.get_logger("lanes")

#: Items of one lane kept here; of a lane that has so many nothing more is taken, the others are read on.
LANE_BUFFER: Final = 64
#: What is asked for while every lane is full: nothing, and yet a sign of life for the group.
NOWHERE: Final = TopicPartition("", 0)
COMMIT_S: Final = 0.5
POLL_MS: Final = 200
#: How long a rebalance waits for items in flight: the whole group waits for it, with all that a process that died had
#: to do. What is not done by then is not called off: its result counts, if it is the first one.
REVOKE_DRAIN_S: Final = 1.0
#: Heartbeats within a session timeout. A member hears of a rebalance by the next one; the group waits for the last.
HEARTBEATS: Final = 12
#: How long items that were called off are waited for: they give back what they hold, such as a breaker's probe.
CALLED_OFF_S: Final = 1.0
#: How long a stop waits for the broker, for the last commit and for leaving the group: it may be gone.
LEAVE_S: Final = 3.0

#: How soon an item is tried again whose work ended with an error that nobody handled, at first and at most.
AGAIN_S: Final = 0.5
AGAIN_MOST_S: Final = 30.0

SeeThrough = Callable[[Incoming], Awaitable[None]]


@dataclass(slots=True)
class _Item:
    record: Incoming
    tp: TopicPartition


class LaneHost(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Reads the topics of `lanes` (lane -> topic) and keeps up to `concurrency` items in flight.

    While `paused` says so, nothing new is begun. `last_progress` is the monotonic time of the last poll or finished
    item; `consumer` is the one at work.
    """

    def __init__(  # noqa: PLR0913 - what it works with, handed in by the one process that builds it
        self,
        brokers: Brokers,
        group: str,
        lanes: dict[str, str],
        see_through: SeeThrough,
        *,
        concurrency: int,
        session_timeout_s: float,
        drain_s: float,
        paused: Callable[[], bool] = lambda: False,
    ) -> None:
        self._brokers = brokers
        self._group = group
        self._lane_of = {topic: lane for lane, topic in lanes.items()}
        self._see_through = see_through
        self._concurrency = concurrency
        self._session_timeout_s = session_timeout_s
        self._drain_s = drain_s
        self._paused = paused
        self._lanes: Lanes[_Item] = Lanes()
        self._offsets: dict[TopicPartition, InOrder] = {}
        self._committed: dict[TopicPartition, int] = {}
        self._in_flight: dict[asyncio.Task[None], Incoming] = {}
        self._under_way: set[tuple[TopicPartition, int]] = set()
        self._stopping = False
        self.consumer: AIOKafkaConsumer | None = None
        self.done = 0
        self.last_progress = time.monotonic()

    @property
    def in_flight(self) -> int:
        """Return how many items are being worked on."""
        return len(self._in_flight)

    @property
    def waiting(self) -> int:
        """Return how many items were taken and not begun."""
        return len(self._lanes)

    def stop(self) -> None:
        """End `run`: no new items; those in flight are given `drain_s`, then they are the next process's to do."""
        self._stopping = True

    async def run(self) -> None:
        """Work until stopped; never raises for an outage."""
        while not self._stopping:
            consumer = self._consumer()
            with Round("lanes", partial(kafka.tell_away, log), *BROKER_AWAY) as this:
                try:
                    await consumer.start()
                    consumer.subscribe(list(self._lane_of), listener=self)
                    self.consumer = consumer
                    await self._loop(consumer)
                finally:
                    await self._drain(self._drain_s if self._stopping else REVOKE_DRAIN_S)
                    if self._stopping:
                        await self._call_off()
                    with suppress(Exception):
                        await asyncio.wait_for(self._commit(consumer), LEAVE_S)
                    await ended(consumer.stop(), LEAVE_S)
                    self._forget(list(self._offsets))
            if this.error is not None:
                await asyncio.sleep(0.5)

    def _consumer(self) -> AIOKafkaConsumer:
        return kafka.member(
            self._brokers,
            self._group,
            session_timeout_s=self._session_timeout_s,
            heartbeats=HEARTBEATS,
            rebalance_timeout_s=REVOKE_DRAIN_S + 5,
        )

    async def _loop(self, consumer: AIOKafkaConsumer) -> None:
        committed_at = time.monotonic()
        while not self._stopping:
            records = await consumer.getmany(
                *self._wanted(consumer), timeout_ms=POLL_MS if not self._lanes else 0, max_records=LANE_BUFFER
            )
            self.last_progress = time.monotonic()
            for tp, of_partition in records.items():
                for record in of_partition:
                    self._take(tp, record)
            self._start_items()
            if not records and self._lanes and self._in_flight:
                # every place is taken: wait for an item to end
                await asyncio.wait(self._in_flight, timeout=POLL_MS / 1000, return_when=asyncio.FIRST_COMPLETED)
            elif not records and self._lanes:
                await asyncio.sleep(POLL_MS / 1000)
            if time.monotonic() - committed_at >= COMMIT_S:
                committed_at = time.monotonic()
                await self._commit(consumer)

    def _wanted(self, consumer: AIOKafkaConsumer) -> list[TopicPartition]:
        """Return the partitions of lanes that are not full.

        Full ones are left out rather than paused: a consumer throws away what it has fetched of a paused partition, and
        would fetch a whole backlog again for every few items of it.
        """
        open_ = {topic for topic, lane in self._lane_of.items() if self._lanes.size(lane) < LANE_BUFFER}
        return [tp for tp in consumer.assignment() if tp.topic in open_] or [NOWHERE]

    def _take(self, tp: TopicPartition, record: Any) -> None:
        self._offsets.setdefault(tp, InOrder()).begin(record.offset)
        if (tp, record.offset) in self._under_way:
            return  # the partition has come back to us: the call that was begun before is paid for, and ends it
        incoming = Incoming(
            record.topic,
            record.partition,
            record.offset,
            record.timestamp,
            record.key,
            record.value,
            list(record.headers),
            lambda: None,
        )
        self._lanes.put(self._lane_of[tp.topic], _Item(incoming, tp))

    def _start_items(self) -> None:
        while len(self._in_flight) < self._concurrency and not self._stopping and not self._paused():
            item = self._lanes.take()
            if item is None:
                return
            task = asyncio.get_running_loop().create_task(self._work(item))
            self._in_flight[task] = item.record
            task.add_done_callback(self._in_flight.pop)

    async def _work(self, item: _Item) -> None:
        place = item.tp, item.record.offset
        self._under_way.add(place)
        try:
            with of_record(item.record):
                done = await self._see_to(item)
        finally:
            self._under_way.discard(place)
        if not done:
            return
        crashpoint("lanes.item_done")
        # where the partition was taken away meanwhile there is nothing to note; where it came back, there is
        offsets = self._offsets.get(item.tp)
        if offsets is not None:
            offsets.end(item.record.offset)
        self.done += 1
        self.last_progress = time.monotonic()
        self._start_items()

    async def _see_to(self, item: _Item) -> bool:
        """Work on an item until it is done. False: this process stops, and the next one does it."""
        delay = AGAIN_S
        while True:
            try:
                await self._see_through(item.record)
            except Exception as error:  # a bug, or an outage that nobody thought of: the item is not done, so again
                log.exception(
                    "item ended with an error", topic=item.tp.topic, offset=item.record.offset, error=repr(error)
                )
                if self._stopping:
                    return False  # its offset stays open: the next process takes it
                await asyncio.sleep(delay)
                delay = min(delay * 2, AGAIN_MOST_S)
            else:
                return True

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        offsets = to_commit(self._offsets, self._committed)
        if not offsets:
            return
        crashpoint("lanes.before_commit")
        try:
            await consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError):
            return  # the partitions have moved: their new owner repeats what was not committed
        crashpoint("lanes.committed")
        self._committed.update(offsets)

    async def _drain(self, most_s: float) -> None:
        if self._in_flight:
            await asyncio.wait(set(self._in_flight), timeout=most_s)

    async def _call_off(self) -> None:
        """Cancel the items in flight while their database is there. Their offsets stay open."""
        left = list(self._in_flight)
        if left:
            with of_records([self._in_flight[task] for task in left], "lanes"):
                log.warning("items are handed back undone", items=len(left))
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=CALLED_OFF_S)

    def _forget(self, partitions: Iterable[TopicPartition]) -> None:
        gone = set(partitions)
        self._lanes.drop_where(lambda item: item.tp in gone)
        for tp in gone:
            self._offsets.pop(tp, None)
            self._committed.pop(tp, None)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Commit, and drop the items that are not begun. Those in flight get a moment, and go on after it."""
        gone = list(revoked)
        self._lanes.drop_where(lambda item: item.tp in set(gone))
        await self._drain(REVOKE_DRAIN_S)
        with suppress(KafkaError):
            await self._commit(self.consumer)
        self._forget(gone)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Do nothing: positions come from the group's committed offsets."""
