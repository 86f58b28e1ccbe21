"""Alerts, and what was sent of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from gateway.shapes.published import one_of
from gateway.shapes.query import MANY, Cursor, PageLimit
from gateway.shapes.shape import Given, Line, Moment, Reason, Taken, Text
from projections.reads.alerts import GOING
from projections.reads.paging import DEFAULT_LIMIT

AlertState = Literal["open", "acknowledged", "silenced", "resolved"]
#: The longest silence: what nobody is to be told of for longer is to be mended, or its route taken away.
LONGEST_S = 30 * 86_400


class AlertQuery(Taken):
    state: Annotated[tuple[AlertState, ...], MANY] = GOING
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT


class AttemptShape(Given):
    """`outcome` begun: the process died meanwhile, and nobody knows whether the message arrived."""

    attempt: int
    at: datetime
    outcome: Literal["begun", "sent", "failed"]
    seconds: float | None
    detail: str


class SentShape(Given):
    """A message about an alert to one notifier."""

    about: str = Field(description="opened, worsened, reopened, recurred, escalated, resolved or test.")
    notifier: str
    state: Literal["waiting", "sent", "passed_on", "failed"] = Field(
        description="passed_on: another notifier took it over."
    )
    due_at: datetime
    kept: bool = Field(description="It waits, or waited, for the end of quiet hours.")
    ended_at: datetime | None
    attempts: int
    error: str
    message_id: UUID | None = Field(description="The receiver has it, too: a repeat has the same.")
    tries: list[AttemptShape] = Field(description="Empty in lists.")


class ConsequenceShape(Given):
    """A finding that follows from an alert. People are told of it with the alert, and separately if it outlasts it."""

    kind: str
    subject: str
    text: str
    since: datetime | None


class HarmShape(Given):
    """What was late or failed while an alert lasted, or lasts: in the whole system, counted from the events."""

    text: str = Field(description="All of it in a sentence, in English.")
    plans_stalled: int = Field(description="Plans that missed a deadline.")
    approvals_late: int = Field(description="Approvals that waited for their tasks for longer than 5 s.")
    approvals_waiting: int = Field(description="Of these that wait now.")
    waited_s: float = Field(description="For how long late approvals waited, in all.")
    longest_wait_s: float
    tasks_late: int = Field(description="The tasks of late approvals.")
    analyses_failed: int = Field(description="Analyses of a channel that failed for good.")
    dead_letters: int
    events_aside: int = Field(description="Events that were set aside, and are now.")


class AlertShape(Given):
    """A finding that lasted long enough to be told."""

    alert_id: UUID
    key: str = Field(description="What makes two findings the same alert, such as role-missing:worker.")
    kind: str = Field(description="Of the finding that was seen last: docs/resilience.md lists them.")
    subject: str
    severity: Literal["critical", "warning", "info"] = Field(description="At its worst.")
    state: AlertState
    text: str
    evidence: str
    advice: str
    runbook: str
    since: datetime | None
    opened_at: datetime
    changed_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    note: str
    silenced_until: datetime | None = Field(
        description="Of the latest alert of a key also once it is over: nobody is told before when it begins again."
    )
    silence_reason: str
    silenced_by: str
    silenced_at: datetime | None = Field(description="Null: it is told.")
    escalations: int
    escalated_at: datetime | None
    resolved_at: datetime | None = Field(description="When it was gone; it is over once it has stayed so.")
    lasted_seconds: float = Field(description="From when it began until it was gone, or until now.")
    came: int = Field(description="How often it came until it was over; above 1 it was wrong on and off for that time.")
    opened_lately: int = Field(
        description="How often an alert of its key opened within 15 minutes; from 3 on it ends after 5 quiet ones."
    )
    trace_id: str | None = Field(
        description="Of the plan or dead letter that had waited longest when it opened; null: of none."
    )
    caused_by: UUID | None = Field(
        description="The alert that it follows from, where that was seen after this one was told."
    )
    consequences: list[ConsequenceShape] = Field(
        validation_alias="follows", description="What follows from it, as it was seen last: no alerts of their own."
    )
    sent: list[SentShape]
    harm: HarmShape | None = Field(
        default=None,
        description="Null in lists, where it is not known (not all events are shown yet), and of alerts with which the"
        " system is well or that are about people's work.",
    )


class AlertPage(Given):
    items: list[AlertShape]
    next_cursor: str | None


class SilenceShape(Given):
    """A silence that goes on. It holds for later alerts of its key, so it can outlast its alert."""

    alert_id: UUID = Field(description="The latest alert of its key: by this id the silence is ended.")
    key: str
    kind: str
    over: bool = Field(description="The alert has ended; nobody is told when it begins again before `until`.")
    text: str
    until: datetime
    reason: str
    silenced_by: str
    silenced_at: datetime


class SilenceQuery(Taken):
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT


class SilencePage(Given):
    """The one that ends first is at the top. `total`: how many go on, on all pages."""

    items: list[SilenceShape]
    next_cursor: str | None
    total: int | None = None


class Acknowledgement(Taken):
    note: Text = ""


class Silence(Taken, json_schema_extra=one_of("until", "forSeconds")):
    """Until when nobody is told of it: a time, or seconds from now."""

    until: Moment | None = None
    for_seconds: Annotated[float | None, Field(ge=1, le=LONGEST_S, strict=True)] = None
    reason: Reason

    @model_validator(mode="after")
    def _one_end(self) -> Silence:
        if (self.until is None) is (self.for_seconds is None):
            raise ValueError("give one of until and forSeconds")
        return self


class NotifierTest(Taken):
    notifier: Annotated[Line, Field(min_length=1)]


class AlertChanged(Given):
    """`outcome`: accepted, or unchanged where it was so already."""

    alert_id: UUID
    outcome: Literal["accepted", "unchanged"]


class NotifierTested(Given):
    """The test is in the queue; `messageId` says at /api/alerts/messages/{id} what has become of it."""

    message_id: UUID
    notifier: str
    escalates: bool = Field(description="Whether somebody else is told when no one acknowledges a critical alert.")
