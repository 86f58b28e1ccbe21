"""Read marks of state that changes without an event of a plan. A changed mark means that pages are out of date."""

from __future__ import annotations

from typing import Final

from projections.reads.rows import Reader
from schemas.topics import AGENTS_DLQ, PROJECTIONS_DLQ, SYSTEM_EVENTS

#: The names of the marks.
MARKED: Final = ("letters", "retries", "breakers", "replays", "alerts")
#: Each looks into a small table or a partial index, however much there is.
_MARKS: Final = """
    select (select jsonb_build_array(max(dead_at),
                   (select sum(next_offset) from rm.projection_offset where topic = any ($1::text[])))
              from rm.dead_letter)::text as letters,
           (select jsonb_build_array(count(*), min(due_at), max(since),
                   (select max(resolved_at) from flow.parked where resolved_at is not null))
              from flow.parked where state = 'waiting')::text as retries,
           (select jsonb_agg(jsonb_build_array(name, state, changed_at) order by name)
              from flow.breaker where state <> 'closed')::text as breakers,
           (select jsonb_build_array(count(*), count(*) filter (where state = 'running'), max(moved_at), max(ended_at))
              from flow.replay_job)::text as replays,
           (select jsonb_build_array(going.told, sending.told,
                   (select max(resolved_at) from flow.alert where resolved_at is not null),
                   (select max(ended_at) from flow.alert_message where ended_at is not null))
              from (select jsonb_build_array(count(*), sum(version), max(changed_at), sum(hashtext(text)),
                                             sum(jsonb_array_length(follows))) as told
                      from flow.alert where state <> 'resolved') going,
                   (select jsonb_build_array(count(*), sum(attempts), max(due_at)) as told
                      from flow.alert_message where state = 'waiting') sending)::text as alerts"""


async def read(db: Reader) -> dict[str, str]:
    """Return a mark of the state of each part of the system, such as the id of its newest alert."""
    row = await db.fetchrow(_MARKS, [AGENTS_DLQ, PROJECTIONS_DLQ, SYSTEM_EVENTS])
    return {name: row[name] or "" for name in MARKED}
