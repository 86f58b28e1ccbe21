"""Hosts the guard on aiokafka alone, in place of Faust: one event loop, and no thread.

A record is acknowledged by the guard. What is committed is the offset up to which all records are acknowledged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import CommitFailedError, IllegalStateError

from schemas.process import kafka
from schemas.process.crashpoints import crashpoint
from schemas.process.ending import ended
from schemas.process.kafka import BROKER_AWAY, Brokers
from schemas.process.rounds import Round
from schemas.topics import AGENTS, PLAN_EVENTS, REDELIVER
from streams.broker.records import Incoming
from streams.guard.guard import Guard
from streams.guard.portion import PORTION_BYTES
from streams.hosts.asking import Asking
from streams.hosts.lane_host import NOWHERE
from streams.hosts.offsets import InOrder, to_commit

log = structlog.get_logger("worker")

JOB: Final = "hosting"
COMMIT_S: Final = 0.5
POLL_MS: Final = 500
#: How often a host that is paused looks whether it still is.
PAUSED_MS: Final = 200
#: How long a rebalance waits for the records in hand. The guard has at most BACKLOG_LIMIT of them, some seconds' work.
REVOKE_DRAIN_S: Final = 15.0
#: The same for a stop, and how long that waits for the broker, which may be gone: for the last commit, and for leaving.
STOP_DRAIN_S: Final = 5.0
LEAVE_S: Final = 3.0
#: Heartbeats within a session timeout: a member hears of a rebalance by the next one.
HEARTBEATS: Final = 6


class PlainHost(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    """Hands plan events and redelivered records to the guard; nothing while `paused` says so.

    `consumer` is the one at work.
    """

    def __init__(
        self, brokers: Brokers, guard: Guard, *, session_timeout_s: float, paused: Callable[[], bool] = lambda: False
    ) -> None:
        self._brokers = brokers
        self._guard = guard
        self._session_timeout_s = session_timeout_s
        self._paused = paused
        self._in_hand: dict[TopicPartition, InOrder] = {}
        self._committed: dict[TopicPartition, int] = {}
        self._asking = Asking[TopicPartition]()
        self._stop = asyncio.Event()
        self._ended = asyncio.Event()
        self.consumer: AIOKafkaConsumer | None = None

    def stop(self) -> None:
        """End `run`: nothing more is taken, and what is in hand is given a moment."""
        self._stop.set()

    async def run(self) -> None:
        """Work until stopped; never raises for an outage."""
        while not self._stop.is_set():
            with Round(JOB, partial(kafka.tell_away, log), *BROKER_AWAY) as this:
                await self._session()
            if this.error is not None and not self._stop.is_set():
                await asyncio.sleep(0.5)

    async def _session(self) -> None:
        consumer = kafka.member(
            self._brokers,
            AGENTS,
            session_timeout_s=self._session_timeout_s,
            heartbeats=HEARTBEATS,
            rebalance_timeout_s=REVOKE_DRAIN_S + 5,
            portion_bytes=PORTION_BYTES,
        )
        works = (self._stop.wait(), self._read(consumer), self._commit_at_times(consumer))
        tasks = [asyncio.ensure_future(work) for work in works]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()  # a look at the broker may last for as long as the broker is away
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._drained(self._in_hand.values(), STOP_DRAIN_S)
            with suppress(Exception):
                await asyncio.wait_for(self._commit(consumer, self._in_hand), LEAVE_S)
            await ended(consumer.stop(), LEAVE_S)
            self._in_hand.clear()
            self._committed.clear()

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        await consumer.start()
        consumer.subscribe([PLAN_EVENTS, REDELIVER], listener=self)
        self.consumer = consumer
        while True:
            if self._paused():
                # asked for nothing, and yet a sign of life for the group
                await consumer.getmany(NOWHERE, timeout_ms=PAUSED_MS)
                continue
            found = await self._portion(consumer)
            # at once: while one partition is handed over, another may be taken away, and even come back
            looked = [(tp, self._in_hand.setdefault(tp, InOrder()), records) for tp, records in found.items()]
            for tp, in_hand, records in looked:
                await self._hand_over(consumer, tp, in_hand, records)

    async def _portion(self, consumer: AIOKafkaConsumer) -> Mapping[TopicPartition, list[Any]]:
        """Return the next records, those of more urgent plans first (asking.py)."""
        for ask in self._asking.next(consumer.assignment(), self._guard.wants):
            if ask.pause_s:
                await asyncio.sleep(ask.pause_s)
            found: Mapping[TopicPartition, list[Any]] = await consumer.getmany(
                *(() if ask.places is None else ask.places or (NOWHERE,)),
                timeout_ms=POLL_MS if ask.wait_s is None else int(ask.wait_s * 1000),
                max_records=ask.most,
            )
            if found:
                self._asking.found(ask)
                return found
        return {}

    async def _hand_over(
        self, consumer: AIOKafkaConsumer, tp: TopicPartition, in_hand: InOrder, records: Iterable[Any]
    ) -> None:
        """Hand the records of a partition to the guard; what is left of them is read again by whoever has it next."""
        for record in records:
            if self._in_hand.get(tp) is not in_hand:
                return
            if self._paused():
                consumer.seek(tp, record.offset)
                return
            in_hand.begin(record.offset)
            if self._guard.concerns(record.headers):
                await self._guard.submit(_incoming(record, partial(self._done, in_hand, record.offset)))
            else:
                in_hand.end(record.offset)

    async def _commit_at_times(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            await asyncio.sleep(COMMIT_S)
            await self._commit(consumer, self._in_hand)

    async def _commit(self, consumer: AIOKafkaConsumer, in_hand: Mapping[TopicPartition, InOrder]) -> None:
        offsets = to_commit(in_hand, self._committed)
        if not offsets:
            return
        crashpoint("host.before_commit")
        try:
            await consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError):
            return  # the partitions have moved: their new owner repeats what was not committed
        crashpoint("host.committed")
        self._committed.update(offsets)

    def _done(self, in_hand: InOrder, offset: int) -> None:
        in_hand.end(offset)
        self._ended.set()

    async def _drained(self, in_hand: Iterable[InOrder], most_s: float) -> None:
        waited_for = list(in_hand)
        with suppress(TimeoutError):
            async with asyncio.timeout(most_s):
                while any(of_one.under_way for of_one in waited_for):
                    self._ended.clear()
                    await self._ended.wait()

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Stop reading these partitions and commit what is done, so that their next owner begins there."""
        gone = {tp: in_hand for tp in revoked if (in_hand := self._in_hand.pop(tp, None)) is not None}
        await self._drained(gone.values(), REVOKE_DRAIN_S)
        with suppress(*BROKER_AWAY):
            await self._commit(self.consumer, gone)
        for tp in gone:
            self._committed.pop(tp, None)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Do nothing: positions come from the group's committed offsets."""


def _incoming(record: Any, ack: Callable[[], None]) -> Incoming:
    return Incoming(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp,
        key=record.key,
        value=record.value,
        headers=list(record.headers),
        ack=ack,
    )
