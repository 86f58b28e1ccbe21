"""Records how far each log reaches, and repairs the log when a new leader begins with a shorter one.

A broker acknowledges from memory, or its disk lies: after a loss of power its log can end before what was
acknowledged, was read, and was marked as published. It grows again at once, over the offsets that others have read
already. What was lost is sent again from the outbox, where it is kept for that; the read models go back to where the
log ended. Members of groups stay where they are, and leave unread what comes before it: so plans' events are sent
until they are beyond that.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import structlog
from aiokafka import TopicPartition

from schemas.process.kafka import Brokers
from schemas.process.named import named
from schemas.process.rounds import Round
from schemas.topics import PLAN_EVENTS, declared
from streams.broker.asking import ask
from streams.broker.leaders import leaders_of, records_at
from streams.broker.protocol import EpochEnds
from streams.watchdog.broker import BrokerView
from streams.watchdog.clients import Clients
from streams.watchdog.reach import Place, Reach, cut, grown, led_anew, sent_since

log = structlog.get_logger("watchdog")

EVERY_S: Final = 1.0
#: While nothing comes: how often it is looked all the same.
IDLE_S: Final = 10.0
_NOTED: Final = """
    select topic, partition, epoch, next_offset, exists (select from flow.log_cut where whole_at is null) as unfinished
      from flow.log_end
"""
_NOTE: Final = """
    insert into flow.log_end (topic, partition, epoch, next_offset)
    select * from unnest($1::text[], $2::int[], $3::int[], $4::bigint[])
        on conflict (topic, partition) do update set next_offset = excluded.next_offset, seen_at = clock_timestamp()
     where flow.log_end.epoch = excluded.epoch and flow.log_end.next_offset < excluded.next_offset
"""
#: When the end of the log was last noted, in seconds since 1970 UTC.
NOTED_AT: Final = "select extract(epoch from max(seen_at))::float8 from flow.log_end"
MEND: Final = "select lost, sent from flow.mend_log($1, $2, $3, $4, $5, $6, $7, $8)"
#: Cuts that are not whole yet, once what was sent again is in the log. Another watchdog waits, and finds them whole.
_OPEN: Final = """
    select topic, partition, reached, since from flow.log_cut c
     where whole_at is null and not exists (
           select from decide.outbox o where o.published_at is null and o.held_at is null and o.stored_at < c.sent_at)
       for update
"""
#: Has all be sent again that was published since: what was published in the last moments nobody may have noted.
AGAIN: Final = "update decide.outbox set published_at = null where published_at >= $1"
_SENT: Final = """
    update flow.log_cut set sent_at = clock_timestamp(), whole_at = case when $1 then clock_timestamp() end
     where whole_at is null
"""
#: The topics that members of groups read and the outbox feeds.
_MEMBERS: Final = [PLAN_EVENTS]

Seen = tuple[dict[Place, Reach], dict[Place, int]]


class LogReach:
    """`run` it beside the watchdog; any number may. `broker` says whether anything has come."""

    def __init__(self, brokers: Brokers, pool: asyncpg.Pool, broker: BrokerView) -> None:
        self._brokers = brokers
        self._pool = pool
        self._broker = broker
        self._clients = Clients(brokers)
        self._ends: dict[Place, int] | None = None
        self._looked_at = 0.0

    async def run(self) -> None:
        """Look once a second until cancelled; never raises for an outage."""
        try:
            while True:
                await asyncio.sleep(EVERY_S)
                with Round("watchdog", self._failed) as this:
                    await self.look()
                if this.error is not None:
                    await self._clients.drop()
        finally:
            await self._clients.drop()

    def _failed(self, error: Exception) -> None:
        """Tell of an error of broker or database: the next look finds the same."""
        self._ends = None
        if not self._broker.error:
            log.warning("cannot tell how far the log reaches", error=named(error, 200))

    async def look(self) -> None:
        """Look, note and mend. Raises the errors of broker and database as they are."""
        if self._ends == self._broker.ends and time.monotonic() - self._looked_at < IDLE_S:
            return
        ends, began = dict(self._broker.ends), time.monotonic()
        # what is noted first: another watchdog goes on noting, and what it saw after us would look like a shorter log
        rows = await self._pool.fetch(_NOTED)
        noted = {(row["topic"], row["partition"]): Reach(row["epoch"], row["next_offset"]) for row in rows}
        found = await self._seen()
        if found is None:  # leaders change just now
            return
        seen, leaders = found
        if any(place not in seen and place[0] in declared() for place in noted):
            return  # one has no leader: as long as that is so, no note may look as if all had been seen
        anew = led_anew(noted, seen)
        if anew:
            await self._mend(anew, noted, seen, leaders)
        more = grown(noted, seen)
        if more:
            places = sorted(more)
            await self._pool.execute(
                _NOTE,
                [topic for topic, _ in places],
                [partition for _, partition in places],
                [more[place].epoch for place in places],
                [more[place].following for place in places],
            )
        if rows and rows[0]["unfinished"]:
            await self._send_on(seen)
        self._ends, self._looked_at = ends, began

    async def _send_on(self, seen: dict[Place, Reach]) -> None:
        """Send once more what was lost while members of groups have read further than the log reaches.

        Each time the log grows, by the lost events at least. What was sent when it had come so far is read by all.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(_OPEN)
            if rows:
                behind = [row for row in rows if seen[row["topic"], row["partition"]].following < row["reached"]]
                sent = await connection.execute(AGAIN, min(row["since"] for row in rows))
                await connection.execute(_SENT, not behind)
                log.warning("sent again what the log had lost", rows=sent, partitions_behind=len(behind))

    async def _mend(
        self, anew: dict[Place, int], noted: dict[Place, Reach], seen: dict[Place, Reach], leaders: dict[Place, int]
    ) -> None:
        kept = await self._kept(anew, seen, leaders)
        cuts = cut(noted, kept)
        noted_s = await self._pool.fetchval(NOTED_AT)
        since = sent_since(cuts, await self._times(cuts), noted_s)
        places = sorted(anew)
        row = await self._pool.fetchrow(
            MEND,
            [topic for topic, _ in places],
            [partition for _, partition in places],
            [anew[place] for place in places],
            [seen[place].epoch for place in places],
            [kept[place] for place in places],
            [seen[place].following for place in places],
            datetime.fromtimestamp(since, UTC),
            _MEMBERS,
        )
        assert row is not None  # a function's one row
        if row["lost"]:
            log.error("the log has lost its end, and is mended", records=row["lost"], sent_again=row["sent"])
        else:
            log.info("partitions have other leaders", count=len(places), sent_again=row["sent"])

    async def _seen(self) -> Seen | None:
        """Return how far each partition reaches under which leader; None where leaders change meanwhile."""
        admin, consumer = await self._clients.open()
        before = await leaders_of(admin)
        ends = await consumer.end_offsets([TopicPartition(*place) for place in before])
        if before != await leaders_of(admin):
            return None
        seen = {place: Reach(epoch, ends[TopicPartition(*place)]) for place, (_, epoch) in before.items()}
        return seen, {place: leader for place, (leader, _) in before.items()}

    async def _kept(
        self, anew: dict[Place, int], seen: dict[Place, Reach], leaders: dict[Place, int]
    ) -> dict[Place, int]:
        """Return where the log of the leader before ended. A topic that was made anew has nothing of it.

        An epoch before that one is of such a topic where its leader never had the later one; else a broker that has
        not heard of the newest leader told it. Raises LookupError then.
        """
        admin, _ = await self._clients.open()
        kept = {place: 0 for place, epoch in anew.items() if seen[place].epoch == epoch}
        for leader in sorted({leaders[place] for place in anew}):
            asked = {place: epoch for place, epoch in anew.items() if leaders[place] == leader and place not in kept}
            if asked:
                answer: Any = await ask(admin, EpochEnds(asked), leader)
                for topic, partitions in answer.topics:
                    for error, partition, _epoch, end in partitions:
                        older = seen[topic, partition].epoch < anew[topic, partition]
                        if error or older == (end >= 0):
                            raise LookupError(f"where {topic}/{partition} ended is not told: error {error}")
                        kept[topic, partition] = max(0, end)
        return kept

    async def _times(self, cuts: dict[Place, int]) -> dict[Place, float]:
        """Return the time of the last record that is left, in seconds since 1970 UTC, where there is one."""
        left = {TopicPartition(*place): end - 1 for place, end in cuts.items() if end > 0}
        if left:  # a record whose time is over is there no more
            _, asker = await self._clients.open()
            begins = await asker.beginning_offsets(list(left))
            left = {partition: offset for partition, offset in left.items() if begins[partition] <= offset}
        if not left:
            return {}
        places = {(partition.topic, partition.partition): offset for partition, offset in left.items()}
        found = await records_at(self._brokers, "watchdog", places)
        return {place: record.timestamp / 1000 for place, record in found.items()}
