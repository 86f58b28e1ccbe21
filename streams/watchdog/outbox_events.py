"""What the outbox says of a plan that waits: the event that began it, and the one that ends it. Only what is sealed.

The watchdog seals what follows from such an event. So a row that nobody of ours decided must not begin anything, nor be
taken for the end of a wait: it is passed over, and the relay judges it, whatever it claims.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import asyncpg

from schemas.events import Event
from schemas.outbox_seal import IS_TOLD, Forged
from schemas.process.connection import Db
from schemas.process.in_the_way import place_of
from schemas.process.outbox_seals import COLUMNS, Seals, event_of

_SEALED: Final = f"select {COLUMNS}, o.traceparent from decide.outbox o"  # noqa: S608 - a constant
_CAUSE: Final = f"""
    {_SEALED} where o.stream = 'plan-' || $1::uuid and o.type = $2 and o.version = coalesce($3, o.version)
     order by o.version"""
_ROWS: Final = f"{_SEALED} where o.seq = any ($1::bigint[])"
_AT: Final = f"""
    {_SEALED} where (o.stream, o.version) in (select * from unnest($1::text[], $2::int[]))
        or o.event_id = any ($3::uuid[])"""  # noqa: S608 - a constant
# The outbox forgets an event a day after it was published, the history never.
_HISTORY: Final = """
    select t.event_id::text, t.type, t.stream, t.version,
           (extract(epoch from t.occurred_at) * 1000000)::bigint as occurred_at, t.causation_id,
           t.plan_id::text as correlation_id, t.actor, decide.whole_data(t.plan_id, t.data, t.body)::text as data,
           (select h.traceparent from decide.head h where h.stream = 'plan-' || $1::uuid) as traceparent
      from rm.timeline t
     where t.plan_id = $1::uuid and t.stream = 'plan-' || $1::uuid and t.type = $2
       and t.version = coalesce($3, t.version)
     limit 1
"""
#: A row that claims to be published, or to wait behind another, is looked at by the relay only then. One that is
#: listed as forged stays in its list.
_HAVE_JUDGED: Final = f"""
    update decide.outbox set published_at = null, held_at = null, held_why = null
     where seq = any ($1::bigint[]) and not ({IS_TOLD})
"""  # noqa: S608 - a constant
#: Asks for no seal, as where nothing is signed.
UNASKED: Final = Seals()


async def cause_of(
    connection: Db, plan_id: str, type_: str, version: int | None = None, seals: Seals = UNASKED
) -> tuple[Event, str | None] | None:
    """Return the event that began a wait, as it was decided, with its trace context; `version` where several may be."""
    found = await _judged(connection, seals, await connection.fetch(_CAUSE, plan_id, type_, version))
    row = found[0] if found else await connection.fetchrow(_HISTORY, plan_id, type_, version)
    if row is None:
        return None
    return event_of(row), row["traceparent"]


async def genuine(connection: Db, seqs: Collection[int], seals: Seals) -> frozenset[int]:
    """Return those of these rows of the outbox that a process of ours has decided."""
    if not seqs or not seals.keys:
        return frozenset(seqs)
    rows = await connection.fetch(_ROWS, sorted(seqs))
    return frozenset(row["seq"] for row in await _judged(connection, seals, rows))


async def in_the_way(connection: Db, events: Collection[Event], seals: Seals) -> None:
    """Have what stands in the places of these events, or has their ids, judged where nobody of ours decided it."""
    if seals.keys:
        found = [e.stream for e in events], [e.version for e in events], [e.event_id for e in events]
        await _judged(connection, seals, await connection.fetch(_AT, *found))


async def in_its_way(connection: Db, error: BaseException, seals: Seals) -> None:
    """Have what kept a decision from its place judged, where `error` says that something did."""
    if seals.keys and (place := place_of(error)) is not None:
        stream, version, event_id = place
        found = await connection.fetch(_AT, [stream], [version], [] if event_id is None else [event_id])
        await _judged(connection, seals, found)


async def _judged(connection: Db, seals: Seals, rows: Sequence[asyncpg.Record]) -> list[asyncpg.Record]:
    """Return the rows that are as they were decided, and have the relay judge the others."""
    await seals.learn(connection, rows)
    good, forged = [], []
    for row in rows:
        try:
            seals.check(row)
        except Forged:
            forged.append(row["seq"])
        else:
            good.append(row)
    if forged:
        await connection.execute(_HAVE_JUDGED, forged)
    return good
