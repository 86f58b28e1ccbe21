"""Puts events of the system itself into the outbox whose place was taken when they were announced (flow.announce).

The row that has the place was decided by nobody of ours: it is judged, told, and taken out by an operator. The event
keeps the seal of who decided it.
"""

from __future__ import annotations

from typing import Final

import asyncpg
import structlog

from schemas.outbox_seal import Forged
from schemas.process.outbox_calls import CALL
from schemas.process.outbox_seals import Seals
from streams.watchdog.outbox_events import genuine

log = structlog.get_logger("watchdog")

#: Events that are looked at in one go, and rows in their way.
MOST: Final = 100

# Those that claim to be published, or to wait behind one that is not there: all others the relay judges by itself.
_IN_THE_WAY: Final = """
    select distinct o.seq from flow.unannounced u
      join decide.outbox o on (o.stream, o.version) = (u.stream, u.version) or o.event_id = u.event_id
     where o.published_at is not null
        or (o.held_at is not null and not exists (select from decide.outbox w where w.stream = o.stream
                                                   and w.held_at is not null and w.held_why is not null)) limit $1
"""
_FREE: Final = """
    select u.seq as number, 0 as seq, u.event_id::text,  -- none is older than seals
           u.topic, u.key, u.type, u.stream, u.version, u.occurred_at, u.causation_id,
           u.correlation_id, u.actor, u.data::text, u.raw, u.raw_headers::text, u.seal from flow.unannounced u
     where not exists (select from decide.outbox o where (o.stream, o.version) = (u.stream, u.version))
       and not exists (select from decide.outbox o where o.event_id = u.event_id)
     order by u.seq limit $1
"""
_PUT: Final = """
    insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,
                               actor, data, seal)
    select event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id, actor, data, seal
      from flow.unannounced where seq = any ($1::bigint[]) order by seq on conflict do nothing returning event_id
"""
_DROP: Final = """
    delete from flow.unannounced
     where seq = any ($1::bigint[]) or (seq = any ($2::bigint[]) and event_id = any ($3::uuid[]))
"""


async def announce(connection: asyncpg.Connection, seals: Seals) -> None:
    """Put those there whose place is free, and have the relay judge what stands in the way of the others."""
    await genuine(connection, [row["seq"] for row in await connection.fetch(_IN_THE_WAY, MOST)], seals)
    good, forged = [], []
    rows = await connection.fetch(_FREE, MOST)
    await seals.learn(connection, rows)
    for row in rows:
        try:
            seals.check(row)
        except Forged as error:
            forged.append(row["number"])
            log.critical("an event was kept that nobody decided: it is dropped", stream=row["stream"], error=str(error))
        else:
            good.append(row["number"])
    if good or forged:
        async with connection.transaction():
            put = [row["event_id"] for row in await connection.fetch(_PUT, good)]
            await connection.execute(_DROP, forged, good, put)
            await connection.execute(CALL)
