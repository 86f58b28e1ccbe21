"""Takes events from the history for webhooks, each by its own offsets in the log.

Deliveries and offsets are stored in one transaction, so no event is left out or taken twice. A webhook that takes
nothing costs at most `WINDOW` rows: later events stay in the history until there is room.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg

from gateway.alerts.webhooks.body import body
from gateway.alerts.webhooks.marks import marks, strange_of
from gateway.webhooks.types import TOPICS, WINDOW, asks_for
from projections.timeline import reads
from schemas.events import derive_id
from schemas.process.connection import Db
from schemas.process.crashpoints import crashpoint

#: The most events that one transaction takes.
BATCH: Final = 100

# The process that locks the row takes for this webhook; another one goes on with the next webhook. A repair of a log
# that lost its end is waited for: it moves webhooks' offsets back, and this has to read what holds after it.
_MINE: Final = """
    select types, pg_advisory_xact_lock_shared(hashtext('flow.webhook_cursor')) as mended from flow.webhook
     where webhook_id = $1 and paused_at is null and removed_at is null for no key update skip locked"""
_WAITING: Final = """
    select count(*) from (select 1 from flow.webhook_delivery where webhook_id = $1 and state = 'waiting' limit $2) w"""
# A partition without any record when the webhook was registered is read from its beginning.
_NEW_PLACES: Final = """
    insert into flow.webhook_cursor (webhook_id, topic, partition, next_offset)
    select $1, o.topic, o.partition, 0 from rm.projection_offset o
     where o.projection = 'read_models' and o.topic = any ($2)
       and not exists (select from flow.webhook_cursor c
                        where c.webhook_id = $1 and c.topic = o.topic and c.partition = o.partition)
        on conflict do nothing"""
_PUT: Final = """
    insert into flow.webhook_delivery (delivery_id, webhook_id, plan_id, event_id, type, body, trace_id)
    select g.delivery_id, $1, g.plan_id, g.event_id, g.type, g.body, g.trace_id
      from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[]) with ordinality
           g (delivery_id, plan_id, event_id, type, body, trace_id, place)
     order by g.place
        on conflict do nothing"""
# Only from the offset that was read: one that was moved back meanwhile stays there.
_ADVANCE: Final = """
    update flow.webhook_cursor c set next_offset = g.after
      from unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[]) g (topic, partition, before, after)
     where c.webhook_id = $1 and c.topic = g.topic and c.partition = g.partition and c.next_offset = g.before"""


async def take(pool: asyncpg.Pool, webhook_id: UUID, source: str) -> int:
    """Take the next events for a webhook; return their number.

    With fewer than `BATCH` there are no more now, or no room.

    Raises the database's errors.
    """
    async with pool.acquire() as connection, connection.transaction():
        mine = await connection.fetchrow(_MINE, webhook_id)
        if mine is None:
            return 0
        room = WINDOW - await connection.fetchval(_WAITING, webhook_id, WINDOW)
        if room <= 0:
            return 0
        await connection.execute(_NEW_PLACES, webhook_id, list(TOPICS))
        found = await reads.untold(connection, webhook_id, min(BATCH, room))
        if not found.after:
            return 0
        await _put(connection, webhook_id, mine["types"], found.events, source)
        topics, partitions = zip(*found.after, strict=True)
        before = [found.before[place] for place in found.after]
        after = list(found.after.values())
        await connection.execute(_ADVANCE, webhook_id, list(topics), list(partitions), before, after)
        crashpoint("webhooks.before_commit")
    crashpoint("webhooks.committed")
    return len(found.events)


def delivery_id(webhook_id: UUID, event_id: str) -> str:
    """Return the id of an event's delivery to a webhook; it is the same at each try."""
    return derive_id(event_id, "webhook", str(webhook_id))


async def _put(
    connection: Db, webhook_id: UUID, types: Sequence[str], shown: Sequence[reads.Event], source: str
) -> None:
    strange = await strange_of(connection, [(one.plan_id, one.type) for one in shown])
    told = [
        (delivery_id(webhook_id, event.event_id), one.plan_id, event.event_id, event.type, text, one.trace_id)
        for one in shown
        for event in reads.with_tasks(one)
        if asks_for(types, event.type)
        for text in [body(event, source, one.recorded_at, marks(event, strange.get(one.plan_id)))]
    ]
    if told:
        await connection.execute(_PUT, webhook_id, *(list(column) for column in zip(*told, strict=True)))
