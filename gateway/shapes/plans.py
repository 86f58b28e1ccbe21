"""Shapes of requests and answers about plans."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import Field, ValidationInfo, field_validator, model_validator

from gateway.shapes.agents import AgentUseShape, AskedShape, FallbackShape, KeptShape, UnmatchedNumberShape
from gateway.shapes.checks import CheckShape
from gateway.shapes.figures import DocumentReadingShape
from gateway.shapes.phase1 import GivenPhase1, Phase1PreviewShape
from gateway.shapes.phases import LaterPhaseShape, Phase1Shape, PhaseShape
from gateway.shapes.published import NULL, one_of, with_members
from gateway.shapes.query import MANY, ONE, ChannelId, Cursor, PageLimit, ReadersLanguage, Total
from gateway.shapes.shape import Given, Line, Taken, Text
from gateway.shapes.teams import OwnTeam
from projections.reads.paging import DEFAULT_LIMIT
from schemas.lifecycle import PlanAction, PlanStatus
from schemas.phase1 import Origin
from schemas.plan import Priority


class PlanSelection(Taken):
    status: Annotated[tuple[PlanStatus, ...], MANY] = ()
    channel: Annotated[tuple[ChannelId, ...], MANY] = Field((), description="Plans for at least one of these.")
    priority: Annotated[tuple[Priority, ...], MANY] = ()
    q: Annotated[Line, ONE] = Field("", description="Part of the title or file name, or the start of the id.")
    overdue: Annotated[bool, ONE] = Field(False, description="Only those that have waited too long for a decision.")
    partial: Annotated[bool, ONE] = Field(False, description="Only those of which not every channel was analysed.")
    stalled: Annotated[bool, ONE] = Field(
        False, description="Only those that stand still: they missed a deadline of the system."
    )
    next_phase: Annotated[bool, ONE] = Field(False, description="Only those whose next phase waits for a person.")
    origin: Annotated[tuple[Origin, ...], MANY] = Field(
        (), description="Where Phase 1 is from, as `phase1Origin` says; a plan without Phase 1 has none of these."
    )
    team: Annotated[tuple[UUID, ...], MANY] = Field((), description="Plans of one of these teams, by their ids.")
    sort: Annotated[Literal["-uploadedAt", "uploadedAt", "-changedAt", "title", "priority"], ONE] = "-uploadedAt"


class PlanQuery(PlanSelection):
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT
    total: Total = False


class VersionQuery(Taken):
    min_version: Annotated[int | None, ONE] = Field(
        None, alias="min_version", ge=1, le=2**31 - 1, description="Wait up to 2 s until this version can be read."
    )


class OnePlanQuery(VersionQuery):
    language: ReadersLanguage = "pt-BR"


class EventQuery(Taken):
    cursor: Cursor = None
    limit: PageLimit = 200


class PlanDecision(
    Taken,
    json_schema_extra={
        "anyOf": [with_members(action={"const": PlanAction.APPROVE.value}), {"properties": {"phase1": NULL}}]
    },
):
    """A decision on a plan, with its reason."""

    action: PlanAction
    reason: Text = ""
    phase1: GivenPhase1 | None = Field(
        None, description="Only with approve, role operator: Phase 1 by a person, before any rule."
    )

    @field_validator("phase1")
    @classmethod
    def _with_approve(cls, phase1: GivenPhase1 | None, info: ValidationInfo) -> GivenPhase1 | None:
        if phase1 is not None and info.data.get("action", PlanAction.APPROVE) is not PlanAction.APPROVE:
            raise ValueError("belongs to the action approve only")
        return phase1


class OtherChannels(Taken, json_schema_extra=one_of("channels", "unnamed")):
    """Which channels of the document to analyse, or of which one its sales are that name none; in a plan of its own."""

    channels: list[ChannelId] | None = Field(None, min_length=1, max_length=20, json_schema_extra={"uniqueItems": True})
    unnamed: ChannelId | None = Field(None, description="The channel of the sales that name none.")

    @field_validator("channels")
    @classmethod
    def _once(cls, channels: list[str] | None) -> list[str] | None:
        if channels is not None and len(set(channels)) != len(channels):
            raise ValueError("names a channel twice")
        return channels

    @model_validator(mode="after")
    def _one_of_both(self) -> OtherChannels:
        if (self.channels is None) == (self.unnamed is None):
            raise ValueError("takes one of both: channels or unnamed")
        return self


class AnalyseAgain(Taken):
    """A request for another analysis of a channel: by the agent or by the rules."""

    with_: Literal["agent", "rules"] = Field(alias="with")


class Links(Given):
    """Where to follow a plan."""

    self_: str = Field(alias="self")
    events: str
    tasks: str

    @classmethod
    def of(cls, plan_id: object) -> Links:
        path = f"/api/marketplace/analysis/{plan_id}"
        return cls.model_construct(self_=path, events=f"{path}/events", tasks=f"{path}/tasks")


class PlanAccepted(Given):
    """A command was taken. `version` is for `?min_version=`; outcome `unchanged`: it had been done before."""

    plan_id: UUID
    outcome: Literal["accepted", "unchanged"]
    status: str
    version: int
    links: Links

    @staticmethod
    def written(plan_id: object, outcome: str, status: str, version: int) -> bytes:
        """Return one as JSON, without making it: nothing is answered more often."""
        path = f"/api/marketplace/analysis/{plan_id}"
        links = {"self": path, "events": f"{path}/events", "tasks": f"{path}/tasks"}
        said = {"planId": str(plan_id), "outcome": outcome, "status": status, "version": version, "links": links}
        return orjson.dumps(said)


class TaskCounts(Given):
    total: int
    by_status: dict[str, int]
    overdue: int = Field(0, description="Those that have not ended and whose day is over.")


class PlanRow(Given):
    plan_id: UUID
    status: str
    version: int
    title: str
    filename: str
    media_type: str
    size_bytes: int
    channels: list[str]
    priority: str
    partial: bool = Field(description="At least one channel could not be analysed.")
    outcomes: list[Any] = Field(description="How each channel ended.")
    waiting_phase: int | None = Field(None, description="Number of the next phase, which waits for a person.")
    opportunity_count: int
    worth_brl: float | None = Field(
        description="What the opportunities are worth in sum, BRL a month, as far as figures show; null: not known."
    )
    phase1_origin: str | None = Field(description="agent, rules, fallback or operator; null: no Phase 1 yet.")
    reason: str
    uploaded_by: str
    decided_by: str
    uploaded_at: datetime | None
    analyzed_at: datetime | None
    decided_at: datetime | None
    phase1_at: datetime | None
    ended_at: datetime | None
    changed_at: datetime
    erased_at: datetime | None = Field(None, description="When its document was erased, and what it was called.")
    erased_by: str | None = None
    trace_id: str | None
    team: OwnTeam | None = Field(None, description="Whose it is; null: of no team, or of one that you do not see.")
    tasks: TaskCounts


class PlanPage(Given):
    items: list[PlanRow]
    next_cursor: str | None
    total: int | None = None


class EvidenceShape(Given):
    """One figure; `unit` is BRL, ratio (0 to 1), count or days."""

    metric: str = ""
    value: float | None = None
    unit: str = ""
    text: str = ""
    skus: list[str] = Field(default_factory=list)


class OpportunityShape(Given):
    id: str = ""
    channel: str = ""
    title: str = ""
    what: str = ""
    priority: str = ""
    evidence: list[EvidenceShape] = Field(default_factory=list)
    worth_brl: float | None = Field(
        None,
        description="BRL a month; none for a document without dates, of fewer than 28 days, or in another currency.",
    )


class RepairShape(Given):
    path: str = ""
    problem: str = ""
    action: str = ""


class ChannelResultShape(Given):
    """One channel's result. `status`: waiting, analyzed, or failed with `code` and `reason`."""

    channel: str
    status: str
    source: str
    model: str
    summary: str
    opportunities: list[OpportunityShape]
    phases: list[PhaseShape]
    repairs: list[RepairShape]
    limits: list[str]
    code: str
    reason: str
    fallback: list[FallbackShape] = Field(description="Agents that failed before whoever wrote this.")
    unmatched: list[UnmatchedNumberShape] = Field(description="Numbers in the agent's texts without a source.")
    use: list[AgentUseShape]
    checks: list[CheckShape] = Field(
        description="How each opportunity will be measured; empty where it was analysed before that was told."
    )
    changed_at: datetime | None = Field(description="Since when this is the channel's result.")
    asked: AskedShape | None = Field(None, description="The last request for another analysis.")
    kept: KeptShape | None = Field(None, description="Why the last other analysis failed, and this result stays.")


class PlanVerdictShape(Given):
    """A plan's progress, or why it waits: a kind with its values, and the same in words."""

    kind: str = Field(description="Such as analyzing, stalled, recovering, escalated: docs/resilience.md lists them.")
    wrong: bool = Field(description="Whether something is wrong with it or keeps it.")
    values: dict[str, str | int | float | datetime | None]
    since: datetime | None = Field(description="Since when it has waited for too long.")
    text: str
    evidence: str
    advice: str = Field(description="What the system does about it, and what to do.")
    as_of: datetime = Field(description="When it was looked at.")


class PlanShape(PlanRow):
    sha256: str
    document_id: UUID | None
    opportunities: list[OpportunityShape]
    phases: list[PhaseShape]
    phase1: Phase1Shape | None
    phase1_preview: Phase1PreviewShape | None = Field(
        None, description="While the plan awaits approval: the Phase 1 that an approval would make by the rules."
    )
    later_phases: list[LaterPhaseShape] = Field(description="Phases after Phase 1 that have begun.")
    next_phase: PhaseShape | None = Field(description="The phase that can begin now; null: none, or not yet.")
    channel_results: list[ChannelResultShape]
    verdict: PlanVerdictShape
    reading: DocumentReadingShape | None = Field(description="How the document was read; null: its figures are erased.")
    actions: list[PlanAction] = Field(description="What can be decided now.")


class EventShape(Given):
    """One event of a plan's history. `data` stands as on the log, in the names of its Avro schema."""

    event_id: UUID
    plan_id: UUID
    type: str
    stream: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    causation_id: str
    trace_id: str | None
    topic: str
    partition: int
    offset: int = Field(
        description="-1: not known. It is not in the log yet, or is a task.created that its phase told."
    )
    data: dict[str, Any]


class EventPage(Given):
    items: list[EventShape]
    next_cursor: str | None
