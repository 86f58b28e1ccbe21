"""Projects from the outbox while accepted events do not reach the log.

The same mapping, the same statements and the same version guards as for the log. So the records themselves change
nothing when they come later, except that the history learns where in the log they are.

A version guard drops what comes after its successor, so an event is projected only once the version before it is. That
may be one that got to the log and was not read there any more: the outbox keeps those for a while.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog

from projections.rows import Recorded, Row
from projections.run.arrival import NOWHERE
from projections.run.writer import REFUSED, rows_of, write
from schemas.events import ID_TEXT, Event
from schemas.process import telemetry
from schemas.process.log_context import of_rows
from schemas.process.outbox_seals import COLUMNS, Seals
from schemas.process.places import partition_of
from schemas.process.signing import NO_SIGNING, Signing
from schemas.topics import PLAN_EVENTS, TASK_EVENTS
from schemas.wire import Invalid, as_read

log = structlog.get_logger("projections")

#: How often it is looked whether events get to the log.
CHECK_S: Final = 0.5
#: How often everything is looked at again: rows that were committed late, or kept back, or another process's.
AGAIN_S: Final = 5.0
#: Rows in one transaction.
BATCH: Final = 500

# A relay that publishes is only busy: reading its backlog a second time would be a load on top of a load.
_LOG_AWAY: Final = """
    select exists (select 1 from decide.outbox
                    where published_at is null and held_at is null
                      and stored_at < clock_timestamp() - interval '1 second')
       and not exists (select 1 from decide.outbox where published_at > clock_timestamp() - interval '2 seconds')
"""
_COLUMNS: Final = f"{COLUMNS}, o.traceparent, o.stored_at"
# One look into the history for each row: a join of the two would read all of it where statistics are old. The text is
# made an id only where it is one. A task whose phase was projected is there: its first event has no row of its own.
_NEW: Final = f"""
      left join lateral (
           select true as known from timeline t
            where t.plan_id = case when o.correlation_id ~ '^{ID_TEXT}$'
                                   then o.correlation_id::uuid end
              and t.stream = o.stream and t.version = o.version limit 1) seen on true
      left join lateral (
           select true as known from task k
            where k.task_id = case when o.type = 'task.created' and o.stream ~ '^task-{ID_TEXT}$'
                                   then substr(o.stream, 6)::uuid end
              and k.created_at is not null) made on true
     where seen.known is null and made.known is null and o.raw_headers is null
"""  # noqa: S608 - constants only
_WAITING: Final = f"""
    select {_COLUMNS} from decide.outbox o {_NEW}
       and o.published_at is null and o.held_at is null and o.seq > $1 and o.topic = any ($2::text[])
     order by o.seq limit $3
"""  # noqa: S608 - constants only
#: What got to the log, was never read there, and comes before what waits.
_UNREAD: Final = f"""
    select {_COLUMNS} from decide.outbox o {_NEW}
       and o.published_at is not null and o.stream = any ($1::text[]) and o.topic = any ($2::text[])
"""  # noqa: S608 - constants only
_KNOWN: Final = f"""
    select w.stream, w.version from unnest($1::text[], $2::text[], $3::int[]) w (plan, stream, version)
     where exists (
           select from timeline t
            where t.plan_id = case when w.plan ~ '^{ID_TEXT}$' then w.plan::uuid end
              and t.stream = w.stream and t.version = w.version)
        or exists (
           select from task k
            where w.version = 1 and k.created_at is not null
              and k.task_id = case when w.stream ~ '^task-{ID_TEXT}$' then substr(w.stream, 6)::uuid end)
"""  # noqa: S608 - constants only
#: What can come without the version before it, which is kept for an agent that may never write it, or whose event does
#: not mind to come later: (type, version) -> the version that must be there.
_SKIPS: Final = {("plan.cancelled", 3): 1, ("task.cancelled", 2): 0}
_TOPICS: Final = [PLAN_EVENTS, TASK_EVENTS]


class Degraded:
    """Projects what waits in the outbox, for the partitions that this process has leased."""

    def __init__(self, signing: Signing = NO_SIGNING) -> None:
        self._seals = Seals(signing)
        self._checked_at = 0.0
        self._after = 0
        self._began_at = 0.0
        self._leased: frozenset[tuple[str, int]] = frozenset()
        self.since: float | None = None
        self.projected = 0

    async def step(self, connection: asyncpg.Connection, leased: set[tuple[str, int]]) -> None:
        """Look, at most every CHECK_S, whether events get to the log; project those that do not."""
        if time.monotonic() - self._checked_at < CHECK_S:
            return
        self._checked_at = time.monotonic()
        if not await connection.fetchval(_LOG_AWAY):
            if self.since is not None:
                log.warning("events get to the log again", degraded_s=round(time.monotonic() - self.since, 1))
            self.since, self._after = None, 0
            return
        if self.since is None:
            self.since = time.monotonic()
            log.warning("events do not get to the log: projecting them from the outbox")
        if self._leased != leased or time.monotonic() - self._began_at >= AGAIN_S:
            self._leased, self._after, self._began_at = frozenset(leased), 0, time.monotonic()
        try:
            while await self._batch(connection, leased):
                pass
        except BaseException:
            self._after = 0
            raise

    async def _batch(self, connection: asyncpg.Connection, leased: set[tuple[str, int]]) -> bool:
        waiting = await connection.fetch(_WAITING, self._after, _TOPICS, BATCH)
        ours = [row for row in waiting if _place(row) in leased]
        if ours:
            unread = await connection.fetch(_UNREAD, list({row["stream"] for row in ours}), _TOPICS)
            with of_rows(ours, "degraded"):
                await self._project(connection, sorted([*ours, *unread], key=lambda row: (row["version"], row["seq"])))
        if waiting:
            self._after = waiting[-1]["seq"]
        return len(waiting) == BATCH

    async def _project(self, connection: asyncpg.Connection, found: Sequence[Any]) -> None:
        """Project rows, each after its predecessor in the list. A row that has to wait for one is left out."""
        needing = [row for row in found if _needs(row) > 0]
        plans, streams = [row["correlation_id"] for row in needing], [row["stream"] for row in needing]
        there = await connection.fetch(_KNOWN, plans, streams, [_needs(row) for row in needing])
        known = {(row["stream"], row["version"]) for row in there}
        try:
            done = await self._write(connection, found, set(known))
        except REFUSED as error:
            # one row's contents do not fit the tables: find it, the others must not wait for it
            log.warning("rows of the outbox do not fit the tables, going row by row", error=str(error)[:300])
            done = 0
            for row in found:
                try:
                    done += await self._write(connection, [row], known)
                except REFUSED as refused:
                    known.discard((row["stream"], row["version"]))
                    _cannot(row, refused)
        self.projected += done

    async def _write(self, connection: asyncpg.Connection, found: Sequence[Any], known: set[tuple[str, int]]) -> int:
        rows: list[Row] = []
        plans: dict[str, None] = {}
        done = 0
        await self._seals.learn(connection, found)
        for row in found:
            if _needs(row) > 0 and (row["stream"], _needs(row)) not in known:
                continue
            try:
                rows += rows_of(_recorded(self._seals.event_of(row), row))
            except (LookupError, TypeError, ValueError) as error:
                _cannot(row, error)  # it does not fit its schema, or its seal: the relay holds it back, too
                continue
            known.add((row["stream"], row["version"]))
            plans[row["correlation_id"]] = None
            done += 1
        if rows:
            await write(connection, rows, [], list(plans))
        return done


def _needs(row: Any) -> int:
    """Return the version of the stream that must be there before this one; 0 for none."""
    version: int = row["version"]
    return _SKIPS.get((row["type"], version), version - 1)


def _place(row: asyncpg.Record) -> tuple[str, int]:
    return row["topic"], partition_of(row["topic"], row["key"].encode())


def _cannot(row: Any, error: Exception) -> None:
    with of_rows([row]):
        log.error("outbox row cannot be projected", seq=row["seq"], type=row["type"], error=repr(error)[:300])


def _recorded(event: Event, row: Any) -> Recorded:
    """Return the event of an outbox row as the log would give it, save for its place there."""
    with suppress(Invalid):  # one of a newer version, which has fields that are not known here
        event = as_read(event)
    trace_id = telemetry.trace_id(row["traceparent"])
    topic, partition = _place(row)
    return Recorded(event, topic, partition, NOWHERE, row["stored_at"], trace_id)
