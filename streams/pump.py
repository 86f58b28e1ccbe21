"""The retry pump: `python -m streams.pump`. Brings records back from the delay topics when their time has come.

Within a tier the delay is constant, so due times rise along a partition: the pump waits for the head of each only,
with seek and pause, and never blocks another partition. It never sends early. A due time beyond the tier's delay, of a
clock that was wrong or of a damaged header, holds nobody up: what has been here for that delay is due. Any number may
run: they share the partitions.

It also keeps the index of waiting records whole: it writes the rows that the guard could not write, and sends again
what is long overdue, whose copy is lost or whose end could not be noted.
"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from functools import partial
from itertools import takewhile
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from schemas import headers as h
from schemas import metrics as measured
from schemas.belief import Belief, UntilUnknown
from schemas.process import kafka, metrics, start
from schemas.process.crashpoints import crashpoint
from schemas.process.ending import ended
from schemas.process.fetching import IDLE_WAIT_MS
from schemas.process.heartbeat import heartbeat, with_heartbeat
from schemas.process.kafka import BROKER_AWAY
from schemas.process.log_context import job, of_records
from schemas.process.rounds import Round
from schemas.process.signing import keep_learning
from schemas.topics import AGENTS, ANALYSIS, REDELIVER, RETRY_PUMP, RETRY_TIERS, WORK
from streams.broker.publisher import Publisher
from streams.broker.records import Outgoing
from streams.hosts.assignment import assignment_of
from streams.retries.first_seen import FirstSeen
from streams.retries.genuine import UNKNOWN_S
from streams.retries.index import Away, PostgresParking
from streams.retries.order import row_of
from streams.settings import Settings

log = structlog.get_logger("pump")

JOB: Final = "redelivery"
#: How long a poll waits at most: it ends with the first record, and when the time of the next has come.
POLL_MS: Final = 250
#: Heartbeats within a session: no record is in flight between two polls, so a rebalance may wait for the next one.
HEARTBEATS: Final = 4
#: A record of the agents that is still waiting so long after its time is sent again.
OVERDUE_S: Final = 30.0
#: The same for requests for analyses: they take their time in their lanes. The watchdog has given them up by then.
ANALYSIS_OVERDUE_S: Final = 900.0
OVERDUE_EVERY_S: Final = 5.0
OVERDUE_AT_ONCE: Final = 50


class Pump:
    """Moves due records from the tiers to where their group reads them again. `moved` counts them.

    `sent_again` counts those that were overdue; `consumer` is the one at work. Without a `parking` only the
    topics are looked after.
    """

    def __init__(
        self,
        settings: Settings,
        publisher: Publisher,
        parking: PostgresParking | None = None,
        belief: Belief | None = None,
    ) -> None:
        self._settings = settings
        self._belief = belief or Belief()
        self._publisher = publisher
        self._parking = parking
        self._stopping = False
        self._resume_at: dict[TopicPartition, float] = {}
        self._indexed: dict[TopicPartition, int] = {}
        self._longest_s = settings.longest_waits_s
        self._first_seen = FirstSeen()
        self._began = time.time() - time.monotonic()
        self._overdue_at = time.monotonic() + OVERDUE_EVERY_S
        self.consumer: AIOKafkaConsumer | None = None
        self.moved = 0
        self.sent_again = 0
        self.last_progress = time.monotonic()

    def stop(self) -> None:
        """End `run` after the records under way."""
        self._stopping = True

    async def run(self) -> None:
        """Work until stopped; never raises for an outage."""
        while not self._stopping:
            consumer = kafka.member(
                self._settings.brokers,
                RETRY_PUMP,
                (topic for topic, _ in RETRY_TIERS),
                session_timeout_s=self._settings.session_timeout_s,
                heartbeats=HEARTBEATS,
                # it goes back to each record whose time has not come: by then no question of before is under way
                patient=min(self._settings.retry_delays_s) >= 2 * IDLE_WAIT_MS / 1000,
            )
            self.consumer = consumer
            self._resume_at.clear()
            self._indexed.clear()
            self._first_seen.clear()
            with Round(JOB, partial(kafka.tell_away, log), *BROKER_AWAY) as this:
                try:
                    await consumer.start()
                    while not self._stopping:
                        with job(JOB):
                            await self._round(consumer)
                finally:
                    await ended(consumer.stop(), 5)
            if this.error is not None:
                await asyncio.sleep(0.5)

    async def _round(self, consumer: AIOKafkaConsumer) -> None:
        now = time.monotonic()
        for tp, due in list(self._resume_at.items()):
            if due <= now:
                del self._resume_at[tp]
                with suppress(IllegalStateError):
                    consumer.resume(tp)
        left = [due - now for due in self._resume_at.values()]
        timeout = min([POLL_MS, *(max(1, int(1000 * s) + 1) for s in left)])
        records = await consumer.getmany(timeout_ms=timeout, max_records=500)
        self.last_progress = time.monotonic()
        await self._index(records)
        await self._send_overdue()
        due_now: list[Outgoing] = []
        late: list[float] = []
        offsets: dict[TopicPartition, int] = {}
        for tp, of_partition in records.items():
            self._first_seen.note(tp, of_partition[-1].offset, self.last_progress)
            for record in of_partition:
                ours = self._is_ours(record)
                with of_records([record], JOB):
                    wait = UNKNOWN_S if ours is None else self._wait(tp, record)
                if wait > 0:
                    # not yet: come back to exactly this record
                    with suppress(IllegalStateError):
                        consumer.seek(tp, record.offset)
                        consumer.pause(tp)
                        # not by the clock that may be set: an hour back would be an hour more
                        self._resume_at[tp] = time.monotonic() + wait
                    break
                due_now.append(redelivered(record, ours=bool(ours)))
                late.append(self._now() - due_of(record))
                offsets[tp] = record.offset + 1
        if not due_now:
            return
        crashpoint("pump.before_publish")
        with of_records(due_now, JOB):
            await self._publisher.publish(due_now)
        crashpoint("pump.published")
        self.moved += len(due_now)
        for tp, found in records.items():
            came = sum(record.offset < offsets.get(tp, 0) for record in found)
            metrics.count(measured.REDELIVERED, tp.topic, by=came)
        for late_s in late:
            metrics.observe(measured.REDELIVERED_LATE, late_s)
        with suppress(CommitFailedError, IllegalStateError):
            await consumer.commit(offsets)
        for tp, offset in offsets.items():
            self._first_seen.forget(tp, offset)
        crashpoint("pump.committed")

    def _now(self) -> float:
        """Return the seconds since 1970 UTC. A clock that is set forward while the pump runs is not followed.

        So no record is early. One may be late where the clock was behind at the start; `_wait` bounds that.
        """
        return min(time.time(), self._began + time.monotonic())

    def _wait(self, tp: TopicPartition, record: Any) -> float:
        """Return for how long a record waits on, in seconds: up to its time, and no longer than its tier's delay."""
        wait = due_of(record) - self._now()
        if wait <= 0:
            return 0.0
        now = time.monotonic()
        left = self._longest_s[tp.topic] - (now - self._first_seen.since(tp, record.offset, now))
        if left <= 0:
            log.warning(
                "a due time lies beyond the delay of its tier, not waiting for it",
                topic=tp.topic,
                partition=tp.partition,
                offset=record.offset,
                beyond_s=round(wait, 1),
            )
        return min(wait, left)

    def _is_ours(self, record: Any) -> bool | None:
        """Return whether a copy is of our making. Another goes on as it is, unsealed, and is told there.

        None: it is not known yet. What lies behind it in its partition waits with it.
        """
        try:
            return self._belief.is_genuine(record)
        except UntilUnknown:
            return None

    async def _index(self, records: dict[TopicPartition, list[Any]]) -> None:
        """Write the rows that are missing, before their records move on. Records are seen more than once: see seek."""
        if self._parking is None:
            return
        told = {tp: list(takewhile(lambda r: self._is_ours(r) is not None, found)) for tp, found in records.items()}
        new = [r for tp, found in told.items() for r in found if r.offset >= self._indexed.get(tp, 0)]
        new = [record for record in new if self._is_ours(record)]  # what the index sends again is sealed
        rows = {row.record_id: row for r in new if (row := row_of(r.topic, r.key, r.value, list(r.headers))).group}
        try:
            if rows:
                with of_records(new, JOB):
                    await self._parking.add_missing(list(rows.values()))
        except Away:
            return  # not noted: those that are still waiting are written with the next look
        for tp, found in told.items():
            self._indexed[tp] = max([self._indexed.get(tp, 0), *(record.offset + 1 for record in found)])

    async def _send_overdue(self) -> None:
        """Redeliver overdue records from the index now and then, however busy the pump is.

        A pump that is behind sends some of it twice; the copies count once.
        """
        if self._parking is None or time.monotonic() < self._overdue_at:
            return
        self._overdue_at = time.monotonic() + OVERDUE_EVERY_S
        with suppress(Away):
            await self._parking.close_with_results(ANALYSIS, OVERDUE_S, OVERDUE_AT_ONCE)
            rows = await self._parking.take_overdue(AGENTS, OVERDUE_S, REDELIVER, OVERDUE_AT_ONCE)
            rows += await self._parking.take_overdue(ANALYSIS, ANALYSIS_OVERDUE_S, None, OVERDUE_AT_ONCE)
            if rows:
                with of_records(rows, JOB):
                    log.warning("records are overdue, sending them again", count=len(rows), first=rows[0].record_id)
            # a header can name any topic: nothing goes to one that no group reads its retries from
            copies = [row.copy() for row in rows if row.tier in (REDELIVER, *WORK.values())]
            with of_records(copies, JOB):
                await self._publisher.publish(copies)
            self.sent_again += len(rows)
            metrics.count(measured.OVERDUE, by=len(rows))


def due_of(record: Any) -> float:
    """Return when a record may go, in seconds since 1970 UTC; at once where it does not say."""
    return h.number(record.headers, h.NEXT_ATTEMPT_AT) / 1000


def redelivered(record: Any, *, ours: bool = True) -> Outgoing:
    """Return the record for where its group reads it again: the same key, bytes and headers.

    The lanes of waiting analyses are read by their one group only, so its records go back to their lane; all others
    go to the topic that only the agents read.
    """
    origin = h.text(record.headers, h.ORIG_TOPIC)
    topic = origin if origin is not None and origin in WORK.values() else REDELIVER
    return Outgoing(topic, record.key, record.value, list(record.headers), ours)


async def run(settings: Settings) -> int:
    """Pump until SIGTERM or SIGINT."""
    publisher = Publisher(settings.brokers, RETRY_PUMP, keys=settings.signing.own)
    parking = PostgresParking(settings.database_url) if settings.database_url else None
    belief = settings.signing.belief(None if settings.database_url else {})
    pump = Pump(settings, publisher, parking, belief)
    start.on_stop(lambda _: pump.stop())
    liveness = heartbeat(
        settings.database_url,
        "pump",
        lambda: {
            "handled": pump.moved,
            "idle_s": round(time.monotonic() - pump.last_progress, 1),
            **assignment_of(pump.consumer),
        },
        deaf_after_s=settings.deaf_after_s,
        keys=settings.signing.own,
    )
    async with with_heartbeat(liveness if settings.database_url else None):
        learning = asyncio.get_running_loop().create_task(keep_learning(belief, settings.database_url))
        await pump.run()
        learning.cancel()
        await publisher.close()
        if parking is not None:
            await parking.close()
    return start.DONE


def main() -> int:
    """Run until told to stop; return the exit status."""
    return start.run(start.Process("pump", Settings.from_env, run))


if __name__ == "__main__":
    sys.exit(main())
