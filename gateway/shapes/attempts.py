"""The history of jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from gateway.shapes.agents import AgentUseShape
from gateway.shapes.query import MANY, ONE, Cursor, PageLimit
from gateway.shapes.shape import Given, Line, Taken
from projections.reads.attempts import Job, Outcome
from projections.reads.paging import DEFAULT_LIMIT


class AttemptShape(Given):
    """One attempt. What nobody noted is null: of an attempt that failed it is not known when it began."""

    job: Job
    subject: str = Field(description="The channel, the task, or the record as group|topic|partition|offset.")
    number: int = Field(description="1: the first.")
    outcome: Outcome = Field(
        description="dead: it failed for the last time; kept: it failed and the result before stays."
    )
    began_at: datetime | None
    ended_at: datetime | None
    seconds: float | None = Field(description="From what asked for it until it was recorded, its waits included.")
    by: str
    code: str = Field(description="Stable cause of a failure.")
    reason: str
    use: list[AgentUseShape] = Field(
        description="What the calls to agents took, whatever became of their answers; empty: none, or nobody noted it."
    )


class AttemptList(Given):
    plan_id: UUID
    items: list[AttemptShape]


class FailedQuery(Taken):
    code: Annotated[tuple[Line, ...], MANY] = ()
    group: Annotated[tuple[Line, ...], MANY] = ()
    plan: Annotated[Line, ONE] = ""
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT


class FailedShape(Given):
    """An attempt at a record that failed and was followed by another one."""

    record_id: str
    replay: int = Field(description="How often the record had been replayed as a dead letter.")
    attempt: int
    group: str
    key: str = Field(description="The plan; empty where the record has none.")
    type: str
    code: str
    error_class: str
    message: str
    at: datetime


class FailedPage(Given):
    items: list[FailedShape]
    next_cursor: str | None
