"""Goes on without the log: while accepted events do not get there, they are projected from the outbox.

The same mapping, the same statements and the same version guards as for the log. So the records themselves change
nothing when they come later, except that the history learns where in the log they are.
"""

from __future__ import annotations

import time
from typing import Any, Final

import asyncpg
import orjson
import structlog
from aiokafka.partitioner import murmur2

from projections.rows import Recorded, Row
from projections.writer import rows_of, write
from schemas import telemetry
from schemas.events import Event
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, declared

log = structlog.get_logger("projections")

#: How often it is looked whether events get to the log.
CHECK_S: Final = 0.5
#: Rows in one transaction.
BATCH: Final = 500
#: The offset of an event that is not in the log yet.
NOWHERE: Final = -1

# A relay that publishes is only busy: reading its backlog a second time would be a load on top of a load.
_STUCK: Final = """
    select exists (select 1 from decide.outbox
                    where published_at is null and stored_at < clock_timestamp() - interval '1 second')
       and not exists (select 1 from decide.outbox where published_at > clock_timestamp() - interval '2 seconds')
"""
_WAITING: Final = """
    select seq, event_id::text, topic, key, type, stream, version, occurred_at, causation_id, correlation_id, actor,
           data::text, traceparent, stored_at
      from decide.outbox
     where published_at is null and raw is null and seq > $1 and topic = any ($2::text[])
     order by seq limit $3
"""


class Degraded:
    """Projects what waits in the outbox, for the partitions that this process holds."""

    def __init__(self) -> None:
        self._checked_at = 0.0
        self._after = 0
        self.since: float | None = None
        self.projected = 0

    async def step(self, connection: asyncpg.Connection, held: set[tuple[str, int]]) -> None:
        """Look, at most every CHECK_S, whether events get to the log; project those that do not."""
        if time.monotonic() - self._checked_at < CHECK_S:
            return
        self._checked_at = time.monotonic()
        if not await connection.fetchval(_STUCK):
            if self.since is not None:
                log.warning("events get to the log again", degraded_s=round(time.monotonic() - self.since, 1))
            self.since, self._after = None, 0
            return
        if self.since is None:
            self.since = time.monotonic()
            log.warning("events do not get to the log: projecting them from the outbox")
        while await self._batch(connection, held):
            pass

    async def _batch(self, connection: asyncpg.Connection, held: set[tuple[str, int]]) -> bool:
        waiting = await connection.fetch(_WAITING, self._after, [PLAN_EVENTS, TASK_EVENTS], BATCH)
        rows: list[Row] = []
        plans: dict[str, None] = {}
        for row in waiting:
            self._after = row["seq"]
            partition = partition_of(row["topic"], row["key"])
            if (row["topic"], partition) not in held:
                continue
            try:
                rows += rows_of(recorded(row, partition))
            except (LookupError, TypeError, ValueError) as error:
                # an event that does not fit its schema: the relay holds it back, too
                log.exception(
                    "outbox row cannot be projected", seq=row["seq"], type=row["type"], error=repr(error)[:300]
                )
                continue
            plans[row["correlation_id"]] = None
            self.projected += 1
        if rows:
            await write(connection, rows, [], list(plans))
        return len(waiting) == BATCH


def partition_of(topic: str, key: str) -> int:
    """Return the partition that the relay's producer will choose."""
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % declared()[topic].partitions)


def recorded(row: Any, partition: int) -> Recorded:
    """Return an outbox row as the log would give it, save for its place there."""
    event = Event(
        row["type"],
        row["event_id"],
        row["stream"],
        row["version"],
        row["occurred_at"],
        row["causation_id"],
        row["correlation_id"],
        row["actor"],
        orjson.loads(row["data"]),
    )
    trace_id = telemetry.trace_id(row["traceparent"])
    return Recorded(event, row["topic"], partition, NOWHERE, row["stored_at"], trace_id)
