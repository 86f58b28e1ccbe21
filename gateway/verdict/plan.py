"""The verdict on one plan: its progress, or why it waits. Pure: from its row, its deadlines and the system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gateway.verdict.finding import Finding, Scalar, Verdict
from gateway.verdict.judge import ANALYSIS_LATE_S, PHASE1_LATE_S
from gateway.verdict.mark import mark_of
from gateway.verdict.traits import Value
from projections.plans.reads import Plan
from projections.reads.operations import StalledPlan, Wait
from schemas.causes import PAUSED
from schemas.lifecycle import PLAN, PlanStatus, TaskStatus


class PlanKind(StrEnum):
    """The kinds of a plan's verdict. Those in `WRONG` mean that something delays the plan."""

    ESCALATED = "escalated"
    PAUSED = "paused"
    RECOVERING = "recovering"
    STALLED = "stalled"
    PHASE1_LATE = "phase1-late"
    ANALYSIS_LATE = "analysis-late"
    PHASE1_HELD_UP = "phase1-held-up"
    ANALYSIS_HELD_UP = "analysis-held-up"
    TASKS_FAILED = "tasks-failed"
    TASKS_OVERDUE = "tasks-overdue"
    ANALYZING = PlanStatus.ANALYZING.value
    AWAITS_DECISION = "awaits-decision"
    AWAITS_PARTIAL = "awaits-partial"
    AWAITS_EMPTY = "awaits-empty"
    PHASE1 = "phase1"
    EXECUTING = PlanStatus.EXECUTING.value
    PHASE_ENDED = "phase-ended"
    COMPLETED = PlanStatus.COMPLETED.value
    REJECTED = PlanStatus.REJECTED.value
    CANCELLED = PlanStatus.CANCELLED.value
    UNKNOWN = "unknown"


WRONG: Final = frozenset(
    {
        PlanKind.ESCALATED,
        PlanKind.PAUSED,
        PlanKind.RECOVERING,
        PlanKind.STALLED,
        PlanKind.PHASE1_LATE,
        PlanKind.ANALYSIS_LATE,
        PlanKind.PHASE1_HELD_UP,
        PlanKind.ANALYSIS_HELD_UP,
        PlanKind.TASKS_FAILED,
        PlanKind.TASKS_OVERDUE,
    }
)
_STALLED: Final = {"cause": Value.CAUSE, "age": Value.AGE, "attempts": Value.NUMBER, "action": Value.ACTION}
_CHANNELS: Final = {"done": Value.NUMBER, "all": Value.NUMBER}
_DONE: Final = {"done": Value.NUMBER, "gone": Value.NUMBER}
_WHO: Final = {"who": Value.PERSON}
_ENDED: Final = {"who": Value.PERSON, "reason": Value.REMARK}
VALUES: Final[Mapping[PlanKind, Mapping[str, Value]]] = MappingProxyType(
    {
        PlanKind.ESCALATED: _STALLED,
        PlanKind.PAUSED: _STALLED,
        PlanKind.RECOVERING: _STALLED,
        PlanKind.STALLED: _STALLED,
        PlanKind.PHASE1_LATE: {**_WHO, "age": Value.AGE},
        PlanKind.ANALYSIS_LATE: {**_CHANNELS, "age": Value.AGE},
        PlanKind.PHASE1_HELD_UP: _WHO,
        PlanKind.ANALYSIS_HELD_UP: _CHANNELS,
        PlanKind.TASKS_FAILED: {"count": Value.COUNT},
        PlanKind.TASKS_OVERDUE: {"count": Value.COUNT},
        PlanKind.ANALYZING: _CHANNELS,
        PlanKind.AWAITS_DECISION: {"count": Value.COUNT},
        PlanKind.AWAITS_PARTIAL: {"count": Value.COUNT},
        PlanKind.AWAITS_EMPTY: {},
        PlanKind.PHASE1: _WHO,
        PlanKind.EXECUTING: {**_CHANNELS, "phase": Value.NUMBER},
        PlanKind.PHASE_ENDED: {**_DONE, "phase": Value.NUMBER, "next": Value.NUMBER},
        PlanKind.COMPLETED: _DONE,
        PlanKind.REJECTED: _ENDED,
        PlanKind.CANCELLED: _ENDED,
        PlanKind.UNKNOWN: {"status": Value.TEXT},
    }
)


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """`values` are those of the kind. `because`: the finding on the system that makes the plan wait.

    `evidence` is the watchdog's, `since` since when the plan has waited too long, `as_of` when this was looked at, and
    `mark` that of the system's verdict then, where it was needed.
    """

    kind: PlanKind
    values: Mapping[str, Scalar]
    as_of: datetime
    since: datetime | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    because: Finding | None = None
    mark: str = ""

    @property
    def wrong(self) -> bool:
        return self.kind in WRONG


def waits_for_the_system(plan: Plan) -> bool:
    """Say whether the system has to do something before the plan goes on: only then its waits and the system matter."""
    return plan.status in PLAN.waiting_for_system or (plan.status == PlanStatus.EXECUTING and _tasks_missing(plan))


def judge_plan(plan: Plan, as_of: datetime, waits: Sequence[Wait] = (), system: Verdict | None = None) -> PlanVerdict:
    """Return the verdict on a plan. It promises progress within a moment only where the system has no finding.

    Of a plan that waits for the system, its `waits` and the verdict on the `system` are needed: ValueError without.
    """
    if not waits_for_the_system(plan):
        return _settled(plan, as_of)
    if system is None:
        raise ValueError("the verdict on a plan that waits for the system needs that on the system")
    return replace(_waiting(plan, as_of, waits, system), mark=mark_of(system))


def _waiting(plan: Plan, as_of: datetime, waits: Sequence[Wait], system: Verdict) -> PlanVerdict:
    analysis = plan.status == PlanStatus.ANALYZING
    wait = next((w for w in waits if w.kind == ("analysis" if analysis else "phase1")), None)
    if wait is not None and wait.stalled is not None:
        return _stalled_plan(wait.stalled, as_of)
    facts: dict[str, Scalar] = _channels(plan) if analysis else {"who": plan.decided_by}
    late_s = ANALYSIS_LATE_S if analysis else PHASE1_LATE_S
    if wait is not None and wait.waited_seconds > late_s:
        kind = PlanKind.ANALYSIS_LATE if analysis else PlanKind.PHASE1_LATE
        since = as_of - timedelta(seconds=wait.waited_seconds)
        return PlanVerdict(kind, {**facts, "age": wait.waited_seconds}, as_of, since)
    if system.wrong:
        kind = PlanKind.ANALYSIS_HELD_UP if analysis else PlanKind.PHASE1_HELD_UP
        return PlanVerdict(kind, facts, as_of, system.wrong[0].since, because=system.wrong[0])
    return PlanVerdict(PlanKind.ANALYZING if analysis else PlanKind.PHASE1, facts, as_of)


def _stalled_plan(stalled: StalledPlan, as_of: datetime) -> PlanVerdict:
    if stalled.escalated_at is not None:
        kind = PlanKind.ESCALATED
    elif stalled.cause == PAUSED:
        kind = PlanKind.PAUSED
    else:
        kind = PlanKind.RECOVERING if stalled.attempts else PlanKind.STALLED
    values: dict[str, Scalar] = {
        "cause": stalled.cause,
        "age": stalled.late_seconds,
        "attempts": stalled.attempts,
        "action": stalled.action,
    }
    return PlanVerdict(kind, values, as_of, stalled.due_at, stalled.evidence)


def _settled(plan: Plan, as_of: datetime) -> PlanVerdict:
    """Judge a plan that waits for nothing that the system does."""
    ended: dict[str, Scalar] = {"who": plan.decided_by, "reason": plan.reason}
    match plan.status:
        case PlanStatus.AWAITING_APPROVAL:
            return _awaiting(plan, as_of)
        case PlanStatus.EXECUTING:
            return _executing(plan, as_of)
        case PlanStatus.COMPLETED:
            return _completed(plan, as_of)
        case PlanStatus.REJECTED:
            return PlanVerdict(PlanKind.REJECTED, ended, as_of)
        case PlanStatus.CANCELLED:
            return PlanVerdict(PlanKind.CANCELLED, ended, as_of)
    return PlanVerdict(PlanKind.UNKNOWN, {"status": plan.status}, as_of)


def _awaiting(plan: Plan, as_of: datetime) -> PlanVerdict:
    if plan.partial:
        return PlanVerdict(PlanKind.AWAITS_PARTIAL, {"count": plan.opportunity_count}, as_of)
    if plan.opportunity_count:
        return PlanVerdict(PlanKind.AWAITS_DECISION, {"count": plan.opportunity_count}, as_of)
    return PlanVerdict(PlanKind.AWAITS_EMPTY, {}, as_of)


def _executing(plan: Plan, as_of: datetime) -> PlanVerdict:
    by = plan.tasks.by_status
    if failed := by.get(TaskStatus.FAILED, 0):
        return PlanVerdict(PlanKind.TASKS_FAILED, {"count": failed}, as_of)
    if plan.tasks.overdue:
        return PlanVerdict(PlanKind.TASKS_OVERDUE, {"count": plan.tasks.overdue}, as_of)
    progress: dict[str, Scalar] = {"done": plan.tasks.ended, "all": plan.tasks.total, "phase": plan.phase}
    return PlanVerdict(PlanKind.EXECUTING, progress, as_of)


def _completed(plan: Plan, as_of: datetime) -> PlanVerdict:
    by = plan.tasks.by_status
    ended: dict[str, Scalar] = {"done": by.get(TaskStatus.COMPLETED, 0), "gone": by.get(TaskStatus.CANCELLED, 0)}
    following = plan.next_phase
    if following is None:
        return PlanVerdict(PlanKind.COMPLETED, ended, as_of)
    return PlanVerdict(PlanKind.PHASE_ENDED, {**ended, "phase": plan.phase, "next": following["number"]}, as_of)


def _channels(plan: Plan) -> dict[str, Scalar]:
    done = sum(1 for result in plan.channel_results if result.status != "waiting")
    return {"done": done, "all": len(plan.channel_results)}


def _tasks_missing(plan: Plan) -> bool:
    return plan.phase1 is not None and plan.tasks.total < len(plan.phase1.get("tasks", ()))
