"""Channels and the health report."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.shapes.operations import BreakerShape, DrainingShape, FlagShape, GroupShape, ProcessShape, StalledShape
from gateway.shapes.shape import Given
from schemas.process.version import build


class ChannelShape(Given):
    id: str
    name: str


class ChannelList(Given):
    items: list[ChannelShape]


class BuildShape(Given):
    """Which build of the system answers."""

    version: str = Field(default_factory=lambda: build().version)
    commit: str = Field(default_factory=lambda: build().commit, description="Empty where nobody said it.")


class Alive(BuildShape):
    status: Literal["live"] = "live"


class Readiness(BuildShape):
    """Whether the gateway can serve: its database answers. `finding` says what the verdict is where it does not."""

    status: Literal["ready", "not ready"]
    database: bool
    finding: str = ""


class WaitingShape(Given):
    count: int
    oldest_seconds: float


class DatabaseHealth(Given):
    reachable: bool
    seconds: float = Field(description="How long the answer took.")


class BrokerHealth(Given):
    """`relay`: publishing (this gateway), standby (another one does), failing, or off."""

    reachable: bool | None = Field(description="As the verdict says; null: nobody knows.")
    relay: Literal["publishing", "standby", "failing", "starting", "off"]
    failing_seconds: float = 0.0
    outbox_waiting: int = 0
    outbox_oldest_seconds: float = 0.0
    outbox_set_aside: int = Field(
        default=0, description="Events that do not fit their schema, and what waits behind them."
    )


class ProjectionHealth(Given):
    """Events that the log has and the read models have not."""

    behind: int
    oldest_seconds: float
    last_change_at: datetime | None


class UndecidedShape(Given):
    """Records whose dead letters wait for a person: each once, however many groups gave it up."""

    open: int
    blocked: int = Field(description="Those that came back three times.")
    oldest_seconds: float


class RetryingShape(Given):
    """Records that wait for another attempt."""

    count: int
    oldest_due_at: datetime | None
    overdue_seconds: float = Field(description="Since the turn of the first one has come; 0 while it is to come.")


class QueueShape(Given):
    """What the queues of the worker and the analysis hold, in one look. null: nobody can tell now."""

    waiting: int | None = Field(description="Records that nobody has begun, of the groups agents and analysis.")
    active: int | None = Field(description="Records that a process has begun, or will begin.")
    retrying: int | None = Field(description="Records that wait for another attempt.")
    dead_letters: int | None = Field(description="Records whose dead letters wait for a person.")
    completed: int | None = Field(description="Analyses and Phase 1 that ended well within `withinSeconds`.")
    failed: int | None = Field(description="Those that failed for good in the same time.")
    within_seconds: float
    oldest_seconds: float | None = Field(description="For how long the first record that waits has waited.")


class ShareShape(Given):
    """The share that failed of what ended within some time."""

    of: Literal["analyses", "phase1", "tasks", "requests"]
    ended: int | None = Field(description="null: nobody counts.")
    failed: int
    share: float | None = Field(description="null: too few have ended to say.")
    limit: float = Field(description="From this share on it is a finding.")
    least: int = Field(description="So many have to have ended before their share says anything.")
    within_seconds: float


class FindingShape(Given):
    """A finding: its kind with its values, and the same in words."""

    kind: str = Field(description="Such as broker-away, plans-stalled, dead-letters: docs/resilience.md lists them.")
    effect: Literal["down", "degraded", "notice", "note"] = Field(
        description="What it makes of the status; a notice and a note nothing, and a note asks for nobody."
    )
    severity: Literal["critical", "warning", "info"]
    scope: Literal["system", "business"] = Field(description="Whom it concerns.")
    part: str = Field(description="The part of the system that it is about.")
    subject: str = Field(description="What tells two of a kind apart, such as a breaker's name.")
    values: dict[str, str | int | float | datetime | None]
    since: datetime | None = Field(description="Since when, as far as is known.")
    text: str
    evidence: str = Field(description="By what that is known, or what it means.")
    advice: str = Field(description="What to do.")
    runbook: str = Field(description="The page that says more, in the project's folder.")


class Health(BuildShape):
    """`status`: ok, degraded (served, but something is wrong) or down.

    `verdict` says all that is wrong or asks for somebody, the most urgent first; `headline` is the most urgent of it,
    or that all is flowing. `findings` and `notices` are its texts: the latter ask for a person and leave the status as
    it is.
    """

    status: Literal["ok", "degraded", "down"]
    headline: str
    verdict: list[FindingShape]
    findings: list[str]
    recommendations: list[str]
    notices: list[str]
    notice_recommendations: list[str]
    database: DatabaseHealth
    broker: BrokerHealth
    projection: ProjectionHealth | None
    plans: dict[str, WaitingShape]
    tasks: dict[str, WaitingShape]
    plans_without_phase1: WaitingShape | None
    queue: QueueShape = Field(description="`groups`, `draining`, `retrying`, `deadLetters` and `failing` say more.")
    failing: list[ShareShape] = Field(description="How much of what ended lately failed.")
    dead_letters: UndecidedShape | None
    retrying: RetryingShape | None
    live: bool = Field(description="Whether changes reach this gateway as they happen.")
    degraded_mode: bool = Field(description="Whether work goes on without the broker.")
    processes: list[ProcessShape]
    groups: list[GroupShape] = Field(description="Empty while no watchdog can look at the broker.")
    breakers: list[BreakerShape] = Field(description="Those that are not closed.")
    flags: list[FlagShape]
    draining: DrainingShape
    stalled: list[StalledShape] = Field(description="At most 50; `stalledByCause` counts all.")
    stalled_by_cause: dict[str, int]
    escalated: int
    recovered_today: int
    alerts_unheard: list[str] = Field(
        description="Kinds of critical alerts that no route takes, where nothing is escalated: nobody outside is told."
    )
    at: datetime = Field(description="When it was looked at.")
