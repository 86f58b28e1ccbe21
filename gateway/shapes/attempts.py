"""The history of jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from gateway.shapes.agents import AgentUseShape
from gateway.shapes.query import MANY, ONE, ChannelId, Cursor, PageLimit
from gateway.shapes.shape import Given, Line, Moment, Taken
from projections.reads import attempts
from projections.reads.attempts import Job
from projections.reads.paging import DEFAULT_LIMIT
from projections.reads.tried import Outcome
from projections.reads.tried_filter import TriedFilter


class AttemptShape(Given):
    """One attempt. What nobody noted is null: of an attempt that failed it is not known when it began."""

    job: Job
    subject: str = Field(
        description="The channel, the task, or the record as group|topic|partition|offset where neither is known."
    )
    number: int = Field(description="1: the first of all attempts at the same job, however each of them is known.")
    outcome: attempts.Outcome = Field(
        description="dead: it failed for the last time; kept: it failed and the result before stays."
    )
    began_at: datetime | None
    ended_at: datetime | None
    seconds: float | None = Field(description="From what asked for it until it was recorded, its waits included.")
    by: str
    code: str = Field(description="Stable cause of a failure.")
    reason: str
    record_id: str = Field(description="The record that was to be handled; empty where an event tells of the attempt.")
    use: list[AgentUseShape] = Field(
        description="What the calls to agents took, whatever became of their answers; empty: none, or nobody noted it."
    )


class AttemptQuery(Taken):
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT


class AttemptPage(Given):
    plan_id: UUID
    items: list[AttemptShape]
    next_cursor: str | None
    total: int


class TriedSelection(Taken):
    outcome: Annotated[
        Outcome,
        ONE,
        Field(
            description="failed: and was made again; dead: failed for good; done: it ended well. `code` and `group` are"
            " of those that failed."
        ),
    ] = "failed"
    job: Annotated[
        tuple[Literal["analysis", "phase1", "task", "other"], ...],
        MANY,
        Field(description="What was tried; other: a record that is none of these, such as one of the projections."),
    ] = ()
    channel: Annotated[
        tuple[ChannelId, ...], MANY, Field(description="Analyses of these channels only: other jobs have none.")
    ] = ()
    code: Annotated[tuple[Line, ...], MANY] = ()
    group: Annotated[tuple[Line, ...], MANY] = ()
    plan: Annotated[Line, ONE] = ""
    since: Annotated[Moment | None, ONE, Field(description="Ended then or later.")] = None
    until: Annotated[Moment | None, ONE, Field(description="Ended before that.")] = None

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.outcome == "done" and (self.code or self.group):
            raise ValueError(
                "code and group are of attempts that failed: leave them out, or ask for outcome=failed or outcome=dead"
            )
        return self

    def wanted(self) -> TriedFilter:
        """Return the filter of the read."""
        return TriedFilter(self.plan, self.job, self.channel, self.code, self.group, self.since, self.until)


class TriedQuery(TriedSelection):
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT


class TriedShape(Given):
    """One attempt that ended: it failed and another one followed, it failed for good, or it succeeded."""

    outcome: Outcome = Field(description="dead: a dead letter.")
    job: Job
    subject: str = Field(description="The channel, the task, or the record; empty of Phase 1.")
    attempt: int = Field(description="1: the first of all attempts at the same job.")
    began_at: datetime | None = Field(description="null: of an attempt that failed nobody notes it.")
    at: datetime = Field(description="When it failed, or was recorded.")
    seconds: float | None = Field(description="From what asked for it until then, its waits included; null: not known.")
    by: str = Field(description="Who did it; empty: nobody noted it.")
    record_id: str | None = Field(description="null where an event tells of it, as `replay` and `group`.")
    replay: int | None = Field(description="How often the record had been replayed as a dead letter.")
    group: str | None
    key: str = Field(description="The plan; empty where the record has none.")
    type: str = Field(description="Of the record's event, or of the event that tells of the end.")
    code: str
    error_class: str
    message: str


class TriedPage(Given):
    items: list[TriedShape]
    next_cursor: str | None
