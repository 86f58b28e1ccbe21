"""Shapes of requests and answers about dead letters."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from gateway.shapes.plans import EventShape
from gateway.shapes.published import one_of
from gateway.shapes.query import MANY, ONE, Cursor, PageLimit, Total
from gateway.shapes.retries import RecordId, RecordResults
from gateway.shapes.shape import Given, Line, Moment, Reason, Taken, YesOrNo
from projections.reads.paging import DEFAULT_LIMIT

LetterState = Literal["open", "blocked", "replayed", "discarded"]


class LetterSelection(Taken):
    """Each member that is given narrows."""

    state: tuple[LetterState, ...] = ()
    group: tuple[Line, ...] = ()
    code: tuple[Line, ...] = ()
    type: tuple[Line, ...] = ()
    fingerprint: Line = ""
    plan: UUID | None = None
    since: Moment | None = None
    until: Moment | None = None
    q: Line = ""


class LetterQuery(Taken):
    state: Annotated[tuple[LetterState, ...], MANY] = ()
    group: Annotated[tuple[Line, ...], MANY] = ()
    code: Annotated[tuple[Line, ...], MANY] = ()
    type: Annotated[tuple[Line, ...], MANY] = ()
    fingerprint: Annotated[Line, ONE] = Field("", description="One cause, as the groups name it.")
    plan: Annotated[UUID | None, ONE] = None
    since: Annotated[Moment | None, ONE] = None
    until: Annotated[Moment | None, ONE] = None
    q: Annotated[Line, ONE] = Field("", description="Part of the id, the key or the message.")
    sort: Annotated[Literal["-deadAt", "deadAt"], ONE] = "-deadAt"
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT
    total: Total = False


class LetterShape(Given):
    """A record that could not be handled. `deadAt`: when it came here last; `replays`: how often it was sent again."""

    record_id: str
    group: str
    topic: str
    partition: int
    offset: int
    key: str
    plan_id: UUID | None
    type: str
    code: str
    error_class: str
    message: str
    fingerprint: str
    attempts: int
    trace_id: str | None
    first_failed_at: datetime
    last_failed_at: datetime
    dead_at: datetime
    state: LetterState
    replays: int
    edited: bool
    reason: str
    acted_by: str
    acted_at: datetime | None
    given_up_by: str
    given_up_reason: str
    readable: bool = Field(description="Whether its bytes can be decoded.")
    size_bytes: int


class LetterPage(Given):
    items: list[LetterShape]
    next_cursor: str | None
    total: int | None = None


class DifferenceShape(Given):
    path: str
    kind: Literal["added", "removed", "changed"]
    before: Any
    after: Any


class LetterStepShape(Given):
    """One attempt at a letter, or what somebody did about it."""

    what: Literal["failed", "dead", "edited", "replayed", "discarded"]
    at: datetime
    number: int | None = Field(description="Number of the attempt; null of what people did.")
    by: str = Field(description="Who did it; empty of an attempt.")
    code: str = Field(description="Why the attempt failed, or the action was refused; empty where it was done.")
    reason: str = Field(description="Message of the failure, or the reason that was given.")


class LetterDetailShape(LetterShape):
    """A letter with its contents. `edit` is what a replay would send; `history` is the plan's, around the letter."""

    data: dict[str, Any] | None
    value_base64: str | None
    withheld: bool = Field(description="Whether bytes, data, edit and stack are left out: operators see them.")
    headers: list[list[Any]]
    stack: str
    dlq_topic: str
    dlq_partition: int
    dlq_offset: int
    version: int
    edit_type: str
    edit: dict[str, Any] | None
    edited_by: str
    edited_at: datetime | None
    differences: list[DifferenceShape]
    retry: str = Field(description="How its last replay stands: waiting, done, given_up; empty where nobody knows.")
    history: list[EventShape]
    tried: list[LetterStepShape] = Field(
        description="Attempts, edits, replays and discards, the latest first: 50 at most."
    )
    tried_before: int = Field(description="How many earlier ones there are.")
    trace_url: str | None = Field(
        description="Page of its trace; null without a trace, or where the gateway knows no such page."
    )


class CauseShape(Given):
    """All letters with one cause. `trend` counts them by the hour, the last 24, oldest first."""

    fingerprint: str
    group: str
    code: str
    error_class: str
    type: str
    message: str
    total: int
    states: dict[LetterState, int]
    first_at: datetime
    last_at: datetime
    trend: list[int]
    groups: list[str] = Field([], description="Everybody who could not handle them.")
    records: int = Field(0, description="Records that they are of: one that two groups cannot read makes two letters.")
    record_states: dict[LetterState, int] = Field({}, description="As `states`, of records.")
    record_trend: list[int] = Field([], description="As `trend`, of records.")
    messages: int = Field(0, description="How many different messages there are; `message` is the newest.")


class CauseList(Given):
    items: list[CauseShape]
    states: dict[LetterState, int] = Field(description="All letters, by state.")


class LetterEdit(Taken):
    """Another payload: the whole event as the letter's `data` shows it. The original is kept."""

    payload: dict[str, Any]
    type: Line = Field("", description="The event's type; the letter's own if not given.")
    reason: Reason


class LetterEdited(Given):
    record_id: str
    version: int
    type: str
    differences: list[DifferenceShape]


class _Choice(Taken, json_schema_extra=one_of("recordIds", "selection")):
    record_ids: list[RecordId] | None = Field(None, min_length=1, max_length=1000)
    selection: LetterSelection | None = Field(None, description="All letters that fit, instead of single ones.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.record_ids is None) == (self.selection is None):
            raise ValueError("takes either recordIds or selection")
        return self


class ReplayWanted(_Choice):
    rate: float = Field(20.0, ge=0.1, le=500, strict=True, description="Letters a second at most.")
    force: YesOrNo = Field(
        False, description="Also those that came back three times, were discarded, or whose replay is still out."
    )


class ReplayOne(Taken):
    force: YesOrNo = Field(
        False, description="Also one that came back three times, was discarded, or whose replay is still out."
    )


class DryRunWanted(_Choice):
    force: YesOrNo = False


class DiscardWanted(_Choice):
    reason: Reason
    after: str | None = Field(
        None, min_length=1, max_length=2000, description="`nextAfter` of the answer before, with the same selection."
    )

    @model_validator(mode="after")
    def _goes_on_with_a_selection(self) -> Self:
        if self.after is not None and self.selection is None:
            raise ValueError("after goes with a selection")
        return self


class DiscardResults(RecordResults):
    """The outcome for the first letters of a selection. `total`: letters that fit, from `after` on."""

    total: int
    left: int = Field(description="Letters that fit and have not had their turn.")
    next_after: str | None = Field(description="`after` of the request that goes on with them; null: none is left.")


class OutlookShape(Given):
    """The outlook of a replay. `outcome`: accepted, or why not; `behind`: the record that it would wait for."""

    record_id: str
    outcome: str
    group: str
    topic: str
    type: str
    edited: bool
    readable: bool
    behind: str
    in_history: bool


class OutlookList(Given):
    total: int
    items: list[OutlookShape]


class JobShape(Given):
    """A replay of many. `outcomes` counts what became of those whose turn has come; `cameBack`: dead letters again."""

    job_id: UUID
    actor: str
    selection: dict[str, Any]
    force: bool
    rate: float
    total: int
    done: int
    state: Literal["running", "done", "cancelled"]
    created_at: datetime
    ended_at: datetime | None
    outcomes: dict[str, int]
    came_back: int = 0
    records: int = Field(0, description="Records that its letters are of.")


class JobItemShape(Given):
    """`outcome` null: its turn has not come. `retry`: how it stands since: waiting, done, given_up."""

    record_id: str
    outcome: str | None
    at: datetime | None
    retry: str
    came_back: bool = False


class JobDetailShape(JobShape):
    items: list[JobItemShape]
    next_after: int | None = Field(description="`after` of the next part of the items.")


class JobQuery(Taken):
    after: Annotated[int, ONE] = Field(0, ge=0)
    limit: PageLimit = 200


class JobList(Given):
    items: list[JobShape]
