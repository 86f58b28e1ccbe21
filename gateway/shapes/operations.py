"""Processes, breakers, flags, stalled plans and the recovery log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from gateway.shapes.published import needed_unless
from gateway.shapes.query import ONE, Cursor, PageLimit
from gateway.shapes.shape import Given, Line, Taken, Text, YesOrNo
from projections.reads.paging import DEFAULT_LIMIT

FlagName = Literal["queue_processing", "circuit_breaker", "automatic_recovery"]


class ProcessShape(Given):
    """A running process: `well` while it lives and says so."""

    source: str
    role: str
    host: str
    pid: int
    version: str = Field(description="While a new version is rolled out, both are here.")
    commit: str = Field(description="Empty where nobody said it.")
    started_at: datetime
    silent_seconds: float
    connected: bool
    well: bool
    leaves: str = Field("", description="Who asked it to end in order, and why; empty: nobody has.")
    progress: dict[str, Any] = Field(
        description="In its own words; `holds` are the partitions that it reads, by topic."
    )


class PartitionShape(Given):
    """A partition in which something waits."""

    topic: str
    partition: int
    behind: int
    still_seconds: float = Field(description="For how long nothing of it was done.")
    reader: str = Field(description="The process that says that it reads it; empty where none does.")


class GroupShape(Given):
    """A consumer group, as the watchdog sees it."""

    name: str
    behind: int = Field(description="Records before it. Those of the pump wait on purpose, each for its time.")
    partitions: list[PartitionShape] = Field(description="Where they wait: the 20 with the most.")
    unread: dict[str, list[int]] | None = Field(
        description="Partitions that no process says it reads, by topic; null while a process does not tell."
    )
    waited_seconds: float | None = Field(
        None,
        description="For how long the first of them has waited, beyond the time of its tier; null: not known.",
    )


class InHandShape(Given):
    """A process that takes from the queues."""

    source: str
    role: str
    host: str
    pid: int
    records: int | None = Field(description="That it has begun, or will begin; null where it does not say so.")


class DrainingShape(Given):
    """Whether anything is under way while nothing more is taken from the queues."""

    state: Literal["taking", "draining", "drained", "unknown"] = Field(
        description="Unknown: a process does not say what it has in hand."
    )
    since: datetime | None = Field(description="When taking in was switched off; null while it is on.")
    by: str
    reason: str
    in_hand: list[InHandShape]


class BreakerShape(Given):
    name: str
    state: Literal["closed", "open", "half_open"]
    failures: int
    opened_at: datetime | None
    retry_at: datetime | None = Field(description="null while open: only a person closes it.")
    reason: str
    forced: bool
    changed_at: datetime
    next_call_probes: bool = Field(description="It holds nothing back: its time is over, and nobody has called since.")


class BreakerList(Given):
    items: list[BreakerShape]


class BreakerAction(Taken):
    """Open a breaker (`trip`) until it is reset or for some seconds, or close it (`reset`)."""

    name: Annotated[Line, Field(min_length=1)]
    action: Literal["trip", "reset"]
    reason: Text = ""
    for_seconds: Annotated[float | None, Field(gt=0, le=86_400, strict=True)] = None


class FlagShape(Given):
    name: str
    enabled: bool
    reason: str
    changed_by: str
    changed_at: datetime


class FlagList(Given):
    items: list[FlagShape]


class FlagSwitch(Taken, json_schema_extra=needed_unless("enabled", [True], "reason")):
    name: FlagName
    enabled: YesOrNo
    reason: Annotated[Text, Field(description="Needed to switch off.")] = ""


class ProcessAction(Taken):
    """Have a process end in order (`end`); everybody sees why."""

    name: Annotated[Line, Field(min_length=1, description="Its `source`, such as worker-3f2b8c1e5d4a.")]
    action: Literal["end"]
    reason: Annotated[Text, Field(min_length=1)]


class Switched(Given):
    """`outcome`: accepted, or unchanged where it was so already."""

    name: str
    outcome: Literal["accepted", "unchanged"]


class StalledShape(Given):
    """A plan that missed a deadline of the system and has not moved on yet."""

    plan_id: UUID
    title: str
    kind: Literal["analysis", "phase1"]
    status: str
    since: datetime
    due_at: datetime
    late_seconds: float
    cause: str
    recommendation: str
    attempts: int
    escalated_at: datetime | None
    evidence: dict[str, str]


class RecoveryShape(Given):
    """A step of the recovery log."""

    plan_id: UUID
    title: str
    version: int
    type: Literal[
        "plan.stalled", "plan.recovery.requested", "plan.recovery.started", "plan.recovered", "plan.escalated"
    ]
    at: datetime
    state: str
    cause: str
    action: str
    attempt: int
    due_at: datetime | None
    stalled_ms: int | None
    evidence: dict[str, str]
    recommendation: str


class RecoveryPage(Given):
    items: list[RecoveryShape]
    next_cursor: str | None


class RecoveryQuery(Taken):
    plan: Annotated[UUID | None, ONE, Field(description="Of this plan only.")] = None
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT
