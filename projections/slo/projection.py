"""Counts for the objectives: the duration of each event that states one. Pure."""

from __future__ import annotations

from typing import Final

from projections.rows import Recorded, Row, at
from projections.slo.rows import slo_measured
from schemas.events import micros
from schemas.slo import LIMITS, NO_TIME, Measure, bound_of
from schemas.typed.unions import PlanEvent, TaskEvent

#: What took longer is kept as so long: some 24 days.
_LONGEST_MS: Final = 2_147_483_646
#: Events that are counted and have no time.
_COUNTED: Final = {
    "plan.uploaded": Measure.UPLOADED,
    "plan.approved": Measure.APPROVED,
    "plan.escalated": Measure.ESCALATED,
    "plan.completed": Measure.COMPLETED,
    "plan.channel.analyzed": Measure.CHANNEL_ANALYZED,
    "plan.channel.failed": Measure.CHANNEL_FAILED,
    "plan.channel.kept": Measure.CHANNEL_FAILED,  # another analysis failed; the plan keeps the one that it had
    "task.completed": Measure.TASK_COMPLETED,
    "task.failed": Measure.TASK_FAILED,
}


def project(recorded: Recorded[PlanEvent] | Recorded[TaskEvent]) -> tuple[Row, ...]:
    """Return a row for each measure of an event. One that is not in the log yet is measured when it is."""
    if recorded.offset < 0:
        return ()
    e = recorded.event
    match e.type:
        case "plan.phase1.created":  # it happened when its cause did: at the decision
            made = _row(recorded, Measure.PHASE1, micros(recorded.recorded_at) - e.occurred_at)
            if recorded.taken_us is None:  # no worker took it up at its first attempt
                return (made,)
            return made, _row(recorded, Measure.QUEUE, recorded.taken_us - e.occurred_at)
        case "plan.stalled":
            return (_row(recorded, Measure.STALLED, e.occurred_at - e.data["due_at"]),)
        case "plan.recovered":
            return (_row(recorded, Measure.RECOVERED, e.data["stalled_ms"] * 1000),)
        case _:
            counted = _COUNTED.get(e.type)
            return () if counted is None else (_row(recorded, counted),)


def _row(recorded: Recorded[PlanEvent] | Recorded[TaskEvent], measure: Measure, elapsed: int | None = None) -> Row:
    e = recorded.event
    took_ms = 0 if elapsed is None else min(max(0, elapsed // 1000), _LONGEST_MS)
    le_ms = NO_TIME if elapsed is None else bound_of(elapsed)
    return slo_measured(
        f"{e.stream}.{e.version}.{measure}",
        -recorded.offset,  # of two records of one event the first one counts
        {
            "hour": at(e.occurred_at).replace(minute=0, second=0, microsecond=0),
            "measure": measure,
            "le_ms": le_ms,
            "took_ms": took_ms,
            "missed": measure in LIMITS and le_ms > LIMITS[measure],
            "at": recorded.recorded_at,
            "plan_id": e.correlation_id,
            "stream": e.stream,
            "version": e.version,
            "partition": recorded.partition,
            "offset": recorded.offset,
        },
    )
