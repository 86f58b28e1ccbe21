"""Count the late and the failed work of a period, in the whole system, from the events in the read models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from projections.reads.overview import LAG
from projections.reads.rows import Reader, from_json
from schemas.slo import LIMITS, Measure

#: An approval that waits for its tasks for longer than this is late: as the objective has it.
LATE_S: Final = LIMITS[Measure.PHASE1] / 1000
#: Clocks of processes differ: what is told of may be a moment older than the alert that it began.
_CLOCKS_S: Final = 1
#: What came within so long before now may not be shown yet. Beyond it what is not shown makes the counts unknown.
SHOWN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Harm:
    """Counts of a time. A request that was refused is no event, and in none of them.

    `plans_stalled`: plans that missed a deadline. `approvals_late`: approvals that waited for their tasks in that time,
    for longer than `LATE_S` in all: for `waited_s` together, the longest for `longest_wait_s`; `tasks_late` are their
    tasks. `approvals_waiting` are that late and wait now, `events_aside` were set aside and are now.
    """

    plans_stalled: int = 0
    approvals_late: int = 0
    approvals_waiting: int = 0
    waited_s: float = 0.0
    longest_wait_s: float = 0.0
    tasks_late: int = 0
    analyses_failed: int = 0
    dead_letters: int = 0
    events_aside: int = 0


_HARM: Final = f"""
    with late as materialized (
        select plan_id, took_ms from rm.slo_missed
         where measure = '{Measure.PHASE1}' and at >= $1 and at - make_interval(secs => took_ms / 1000.0) <= $3),
    waiting as (
        select d.plan_id from flow.deadline d left join rm.plan p on p.plan_id = d.plan_id
         where d.kind = 'phase1' and p.phase1 is null
           and d.since <= least($3, now() - make_interval(secs => {LATE_S})))
    select ({LAG}) as lag,
           (select coalesce(extract(epoch from now() - min(stored_at)), 0)::float8 from decide.outbox
             where published_at is null and held_at is null and topic in ('plan.events', 'task.events')
               and stored_at <= $3) as unsent_s,
           (select count(distinct plan_id) from rm.recovery
             where type = 'plan.stalled'
               and at between $1 - make_interval(secs => {_CLOCKS_S}) and $3) as plans_stalled,
           (select count(*) from late) as approvals_late,
           (select count(*) from waiting) as approvals_waiting,
           (select coalesce(sum(took_ms), 0) / 1000.0 from late)::float8 as waited_s,
           (select coalesce(max(took_ms), 0) / 1000.0 from late)::float8 as longest_wait_s,
           (select count(*) from late join rm.task t using (plan_id) where t.phase = 1) as tasks_late,
           (select count(*) from rm.timeline
             where type = 'plan.channel.failed'
               and recorded_at between $1 - make_interval(secs => {_CLOCKS_S}) and $3) as analyses_failed,
           (select count(distinct (orig_topic, orig_partition, orig_offset)) from rm.dead_letter
             where dead_at between $1 - make_interval(secs => {_CLOCKS_S}) and $3) as dead_letters,
           (select count(*) from decide.outbox
             where published_at is null and held_why is not null
               and held_at between $1 - make_interval(secs => {_CLOCKS_S}) and $3) as events_aside"""  # noqa: S608 - constants


async def during(db: Reader, began: datetime, ended: datetime) -> Harm | None:
    """Count late and failed work between two moments; None while the read models lag behind."""
    row = await db.fetchrow(_HARM, began, None, ended)
    behind, behind_s = from_json(row["lag"])
    if (behind and behind_s > SHOWN_S) or row["unsent_s"] > SHOWN_S:
        return None
    return Harm(**{name: row[name] for name in Harm.__dataclass_fields__})
