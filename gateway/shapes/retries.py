"""Records that wait for another attempt."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from gateway.shapes.problem import ProblemShape
from gateway.shapes.published import ONE_LINE
from gateway.shapes.query import MANY, ONE, Cursor, PageLimit, Total
from gateway.shapes.shape import Given, Line, Reason, Taken, one_line
from projections.reads.paging import DEFAULT_LIMIT

RecordId = Annotated[
    str,
    AfterValidator(one_line),
    Field(
        min_length=1,
        max_length=400,
        description="group|topic|partition|offset",
        json_schema_extra={"pattern": ONE_LINE},
    ),
]
RetryState = Literal["waiting", "done", "given_up"]


class RetryQuery(Taken):
    state: Annotated[tuple[RetryState, ...], MANY] = ("waiting",)
    group: Annotated[tuple[Line, ...], MANY] = ()
    code: Annotated[tuple[Line, ...], MANY] = ()
    type: Annotated[tuple[Line, ...], MANY] = ()
    plan: Annotated[Line, ONE] = ""
    q: Annotated[Line, ONE] = Field("", description="Part of the id, the plan's title or the message.")
    sort: Annotated[Literal["dueAt", "-since"], ONE] = "dueAt"
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT
    total: Total = False


class RetryShape(Given):
    """A record that waits, or that did. `attempt`: attempts that failed; `behind`: the record that it waits for."""

    record_id: str
    group: str
    key: str
    plan_title: str
    topic: str
    partition: int
    offset: int
    tier: str
    replay: int
    attempt: int
    type: str
    code: str
    error_class: str
    message: str
    behind: str
    due_at: datetime
    since: datetime
    state: RetryState
    resolved_at: datetime | None
    traceparent: str | None


class RetryPage(Given):
    items: list[RetryShape]
    next_cursor: str | None
    total: int | None = None


class RetryChoice(Taken):
    record_ids: list[RecordId] = Field(min_length=1, max_length=1000)


class GiveUp(RetryChoice):
    reason: Reason


class RecordResult(Given):
    """One record's outcome. `outcome`: accepted, or unchanged if it was in that state already."""

    record_id: str
    outcome: str
    problem: ProblemShape | None = None


class RecordResults(Given):
    results: list[RecordResult]
