"""The plan.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from schemas.events import Event
from schemas.typed.parts import (
    AgentUseData,
    ChannelOutcomeData,
    FallbackData,
    GivenPhase1Data,
    NotComparedData,
    OpportunityCheckData,
    OpportunityData,
    Phase1TaskData,
    PhaseData,
    PlanBridgeData,
    PlanProofData,
    RepairData,
    StartedTaskData,
    UnmatchedNumberData,
)


class PlanAnalyzedData(TypedDict):
    """All channels have ended: the plan waits for a person."""

    plan_id: str
    partial: bool
    channels: list[ChannelOutcomeData]
    opportunities: list[OpportunityData]
    phases: list[PhaseData]
    again: NotRequired[str]


PlanAnalyzed: TypeAlias = Event[Literal["plan.analyzed"], PlanAnalyzedData]


class PlanApprovedData(TypedDict):
    """A person approved the plan. Carries what was approved, so that Phase 1 depends on nothing else."""

    plan_id: str
    reason: str
    channels: list[str]
    priority: str
    opportunities: list[OpportunityData]
    phases: list[PhaseData]
    phase1: NotRequired[GivenPhase1Data | None]


PlanApproved: TypeAlias = Event[Literal["plan.approved"], PlanApprovedData]


class PlanCancelledData(TypedDict):
    """A person stopped the plan."""

    plan_id: str
    reason: str


PlanCancelled: TypeAlias = Event[Literal["plan.cancelled"], PlanCancelledData]


class PlanChannelAnalyzedData(TypedDict):
    """The analysis of one channel ended well."""

    plan_id: str
    channel: str
    source: str
    model: str
    summary: str
    opportunities: list[OpportunityData]
    phases: list[PhaseData]
    repairs: list[RepairData]
    limits: list[str]
    fallback: NotRequired[list[FallbackData]]
    unmatched: NotRequired[list[UnmatchedNumberData]]
    use: NotRequired[list[AgentUseData]]
    checks: NotRequired[list[OpportunityCheckData]]


PlanChannelAnalyzed: TypeAlias = Event[Literal["plan.channel.analyzed"], PlanChannelAnalyzedData]


class PlanChannelComparedData(TypedDict):
    """The document of a channel was compared with the one before it."""

    plan_id: str
    channel: str
    first_day: str
    last_day: str
    bridge: PlanBridgeData | None
    proof: PlanProofData | None
    not_compared: NotRequired[NotComparedData | None]


PlanChannelCompared: TypeAlias = Event[Literal["plan.channel.compared"], PlanChannelComparedData]


class PlanChannelFailedData(TypedDict):
    """The analysis of one channel ended without a result. The plan goes on without it."""

    plan_id: str
    channel: str
    code: str
    reason: str
    attempts: int


PlanChannelFailed: TypeAlias = Event[Literal["plan.channel.failed"], PlanChannelFailedData]


class PlanChannelKeptData(TypedDict):
    """The analysis of a channel was asked for again and failed: the channel keeps the result that it has."""

    plan_id: str
    channel: str
    analyst: str
    code: str
    reason: str
    attempts: int
    failures: list[FallbackData]
    use: list[AgentUseData]


PlanChannelKept: TypeAlias = Event[Literal["plan.channel.kept"], PlanChannelKeptData]


class PlanChannelRequestedAgainData(TypedDict):
    """A person asked for another analysis of one channel. Its result stays in force until there is another one."""

    plan_id: str
    channel: str
    analyst: str
    document_id: str
    priority: str
    result_version: int


PlanChannelRequestedAgain: TypeAlias = Event[Literal["plan.channel.requested_again"], PlanChannelRequestedAgainData]


class PlanCompletedData(TypedDict):
    """Every task of the plan has ended."""

    plan_id: str
    tasks_completed: int
    tasks_cancelled: int


PlanCompleted: TypeAlias = Event[Literal["plan.completed"], PlanCompletedData]


class PlanErasedData(TypedDict):
    """A person erased a plan's document: its figures and excerpt, and the key of what it was called."""

    plan_id: str
    reason: str
    names_only: NotRequired[bool]


PlanErased: TypeAlias = Event[Literal["plan.erased"], PlanErasedData]


class PlanEscalatedData(TypedDict):
    """Automatic recovery gave up: a person must look."""

    plan_id: str
    cause: str
    attempts: int
    recommendation: str


PlanEscalated: TypeAlias = Event[Literal["plan.escalated"], PlanEscalatedData]


class PlanPhaseStartedData(TypedDict):
    """A person had the next phase of a plan begin: its tasks exist from now on."""

    plan_id: str
    phase: int
    name: str
    weeks: str
    investment: str
    expected_impact: str
    tasks: list[StartedTaskData]


PlanPhaseStarted: TypeAlias = Event[Literal["plan.phase.started"], PlanPhaseStartedData]


class PlanPhase1CreatedData(TypedDict):
    """Phase 1 exists. Its tasks follow as task.created."""

    plan_id: str
    origin: str
    rule: str
    name: str
    weeks: str
    investment: str
    expected_impact: str
    tasks: list[Phase1TaskData]


PlanPhase1Created: TypeAlias = Event[Literal["plan.phase1.created"], PlanPhase1CreatedData]


class PlanRecoveredData(TypedDict):
    """The plan moves again."""

    plan_id: str
    attempt: int
    stalled_ms: int


PlanRecovered: TypeAlias = Event[Literal["plan.recovered"], PlanRecoveredData]


class PlanRecoveryRequestedData(TypedDict):
    """A person asked that a plan that waits for the system is recovered at once, or goes on without waiting."""

    plan_id: str
    how: str
    channels: list[str]
    reason: str


PlanRecoveryRequested: TypeAlias = Event[Literal["plan.recovery.requested"], PlanRecoveryRequestedData]


class PlanRecoveryStartedData(TypedDict):
    """A recovery that fits the cause was started."""

    plan_id: str
    action: str
    cause: str
    attempt: int


PlanRecoveryStarted: TypeAlias = Event[Literal["plan.recovery.started"], PlanRecoveryStartedData]


class PlanRejectedData(TypedDict):
    """A person rejected the plan."""

    plan_id: str
    reason: str


PlanRejected: TypeAlias = Event[Literal["plan.rejected"], PlanRejectedData]


class PlanStalledData(TypedDict):
    """The plan missed a deadline of the system."""

    plan_id: str
    state: str
    cause: str
    due_at: int
    evidence: dict[str, str]


PlanStalled: TypeAlias = Event[Literal["plan.stalled"], PlanStalledData]


class PlanUploadedData(TypedDict):
    """A person uploaded a document and asked for a plan."""

    plan_id: str
    document_id: str
    title: str
    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    channels: list[str]
    priority: str


PlanUploaded: TypeAlias = Event[Literal["plan.uploaded"], PlanUploadedData]
