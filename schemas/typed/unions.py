"""All events of a topic, to be matched on. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Final, TypeAlias, TypeGuard

from typing_extensions import TypeIs

from schemas.events import Event
from schemas.typed.alert import (
    AlertAcknowledged,
    AlertEscalated,
    AlertOpened,
    AlertResolved,
    AlertSilenced,
    AlertWorsened,
)
from schemas.typed.analysis import AnalysisRequested
from schemas.typed.breaker import BreakerClosed, BreakerHalfOpened, BreakerOpened
from schemas.typed.command import CommandAudited
from schemas.typed.deadletter import DeadletterDiscarded, DeadletterEdited, DeadletterReplayed
from schemas.typed.goods import GoodsAdvertisingDeleted, GoodsAdvertisingRecorded, GoodsCorrected, GoodsRecorded
from schemas.typed.plan import (
    PlanAnalyzed,
    PlanApproved,
    PlanCancelled,
    PlanChannelAnalyzed,
    PlanChannelCompared,
    PlanChannelFailed,
    PlanChannelKept,
    PlanChannelRequestedAgain,
    PlanCompleted,
    PlanErased,
    PlanEscalated,
    PlanPhase1Created,
    PlanPhaseStarted,
    PlanRecovered,
    PlanRecoveryRequested,
    PlanRecoveryStarted,
    PlanRejected,
    PlanStalled,
    PlanUploaded,
)
from schemas.typed.task import (
    TaskAdded,
    TaskAssigned,
    TaskCancelled,
    TaskChanged,
    TaskCommented,
    TaskCompleted,
    TaskCreated,
    TaskFailed,
    TaskRescheduled,
    TaskRetried,
    TaskStarted,
)
from schemas.typed.worker import WorkerStarted, WorkerStopped

AnalysisEvent: TypeAlias = AnalysisRequested

ANALYSIS_TYPES: Final = frozenset(
    {
        "analysis.requested",
    }
)


def is_analysis_event(event: Event) -> TypeGuard[AnalysisEvent]:
    """Return whether an event is one of analysis.work."""
    return event.type in ANALYSIS_TYPES


GoodsEvent: TypeAlias = GoodsAdvertisingDeleted | GoodsAdvertisingRecorded | GoodsCorrected | GoodsRecorded

GOODS_TYPES: Final = frozenset(
    {
        "goods.advertising.deleted",
        "goods.advertising.recorded",
        "goods.corrected",
        "goods.recorded",
    }
)


def is_goods_event(event: Event) -> TypeGuard[GoodsEvent]:
    """Return whether an event is one of goods.events."""
    return event.type in GOODS_TYPES


PlanEvent: TypeAlias = (
    PlanAnalyzed
    | PlanApproved
    | PlanCancelled
    | PlanChannelAnalyzed
    | PlanChannelCompared
    | PlanChannelFailed
    | PlanChannelKept
    | PlanChannelRequestedAgain
    | PlanCompleted
    | PlanErased
    | PlanEscalated
    | PlanPhaseStarted
    | PlanPhase1Created
    | PlanRecovered
    | PlanRecoveryRequested
    | PlanRecoveryStarted
    | PlanRejected
    | PlanStalled
    | PlanUploaded
)

PLAN_TYPES: Final = frozenset(
    {
        "plan.analyzed",
        "plan.approved",
        "plan.cancelled",
        "plan.channel.analyzed",
        "plan.channel.compared",
        "plan.channel.failed",
        "plan.channel.kept",
        "plan.channel.requested_again",
        "plan.completed",
        "plan.erased",
        "plan.escalated",
        "plan.phase.started",
        "plan.phase1.created",
        "plan.recovered",
        "plan.recovery.requested",
        "plan.recovery.started",
        "plan.rejected",
        "plan.stalled",
        "plan.uploaded",
    }
)


def is_plan_event(event: Event) -> TypeGuard[PlanEvent]:
    """Return whether an event is one of plan.events."""
    return event.type in PLAN_TYPES


SystemEvent: TypeAlias = (
    AlertAcknowledged
    | AlertEscalated
    | AlertOpened
    | AlertResolved
    | AlertSilenced
    | AlertWorsened
    | BreakerClosed
    | BreakerHalfOpened
    | BreakerOpened
    | CommandAudited
    | DeadletterDiscarded
    | DeadletterEdited
    | DeadletterReplayed
    | WorkerStarted
    | WorkerStopped
)

SYSTEM_TYPES: Final = frozenset(
    {
        "alert.acknowledged",
        "alert.escalated",
        "alert.opened",
        "alert.resolved",
        "alert.silenced",
        "alert.worsened",
        "breaker.closed",
        "breaker.half_opened",
        "breaker.opened",
        "command.audited",
        "deadletter.discarded",
        "deadletter.edited",
        "deadletter.replayed",
        "worker.started",
        "worker.stopped",
    }
)


def is_system_event(event: Event) -> TypeGuard[SystemEvent]:
    """Return whether an event is one of system.events."""
    return event.type in SYSTEM_TYPES


TaskEvent: TypeAlias = (
    TaskAdded
    | TaskAssigned
    | TaskCancelled
    | TaskChanged
    | TaskCommented
    | TaskCompleted
    | TaskCreated
    | TaskFailed
    | TaskRescheduled
    | TaskRetried
    | TaskStarted
)

TASK_TYPES: Final = frozenset(
    {
        "task.added",
        "task.assigned",
        "task.cancelled",
        "task.changed",
        "task.commented",
        "task.completed",
        "task.created",
        "task.failed",
        "task.rescheduled",
        "task.retried",
        "task.started",
    }
)


def is_task_event(event: Event) -> TypeGuard[TaskEvent]:
    """Return whether an event is one of task.events."""
    return event.type in TASK_TYPES


PlanDecision: TypeAlias = PlanApproved | PlanCancelled | PlanRejected

PLAN_DECISIONS: Final = frozenset(
    {
        "plan.approved",
        "plan.cancelled",
        "plan.rejected",
    }
)


def is_plan_decision(event: PlanEvent) -> TypeIs[PlanDecision]:
    """Return whether an event of a plan is what a person decided on it."""
    return event.type in PLAN_DECISIONS
