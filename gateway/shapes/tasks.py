"""Shapes of requests and answers about tasks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator
from pydantic.alias_generators import to_camel

from gateway.shapes import days
from gateway.shapes.checks import CheckShape
from gateway.shapes.problem import ProblemShape
from gateway.shapes.published import NOT_NULL, NULL, SAID, Schema
from gateway.shapes.query import MANY, ONE, ChannelId, Cursor, PageLimit, Total
from gateway.shapes.shape import Given, Line, Taken, Text
from projections.reads.due import Due
from projections.reads.paging import DEFAULT_LIMIT
from schemas.lifecycle import TASK, TaskAction, TaskStatus
from schemas.plan import Priority
from schemas.rules import Words

#: Of the filter `assignee`: the tasks of who asks.
ME: Final = "me"
#: The members that an action may have, each action one or none.
_FIELDS = tuple(dict.fromkeys(rule.field for rule in TASK.rules.values() if rule.field))


def _day(given: object) -> object:
    if isinstance(given, str) and given:
        try:
            return days.day(given)
        except ValueError as error:
            raise ValueError(f"{error}; an empty one takes the day back") from None
    return given


class TaskSelection(Taken):
    status: Annotated[tuple[TaskStatus, ...], MANY] = ()
    assignee: Annotated[tuple[Line, ...], MANY] = Field(
        (), description="Handles or names; `nobody` for tasks without one, `me` for your own."
    )
    channel: Annotated[tuple[ChannelId, ...], MANY] = ()
    priority: Annotated[tuple[Priority, ...], MANY] = ()
    plan: Annotated[UUID | None, ONE] = None
    q: Annotated[Line, ONE] = Field(
        "",
        description="Part of the title, text or plan's title of the newest of each status, or the start of the id.",
    )
    overdue: Annotated[bool, ONE] = Field(False, description="Only those that have not ended and whose day is over.")
    due: Annotated[tuple[Due, ...], MANY] = Field(
        (),
        description="Of those that have not ended, only these: `overdue` as above; `week`: their day is among the next"
        " seven, today included; `none`: they have no day.",
    )
    sort: Annotated[Literal["-createdAt", "createdAt", "-changedAt", "dueOn", "priority"], ONE] = "-createdAt"

    @model_validator(mode="after")
    def _due_once(self) -> Self:
        if self.overdue and self.due:
            raise ValueError("overdue and due are two ways to ask the same: give one of them")
        return self


class TaskQuery(TaskSelection):
    cursor: Cursor = None
    limit: PageLimit = DEFAULT_LIMIT
    total: Total = False


def _published(schema: Schema) -> None:
    schema["oneOf"] = [_of_action(action) for action in TaskAction]


def _of_action(action: TaskAction) -> Schema:
    rule = TASK.rules[action]
    members: dict[str, Schema] = {to_camel(name): NULL for name in _FIELDS if name != rule.field}
    needed = [to_camel(rule.field)] if rule.words is Words.NEEDED else []
    members |= dict.fromkeys(needed, NOT_NULL if rule.takes_back else SAID)
    return {"required": ["action", *needed], "properties": {"action": {"const": action.value}, **members}}


class TaskWork(Taken, json_schema_extra=_published):
    """An action on a task. Each action takes its own member.

    `assignee` "" takes an assignment back, `dueOn` "" the day by which it is to be done. Where there are people, only
    they can be assigned, by their handles.
    """

    action: TaskAction
    assignee: Line | None = None
    reason: Text | None = None
    note: Text | None = None
    comment: Text | None = None
    due_on: Annotated[date | Literal[""] | None, BeforeValidator(_day)] = Field(
        None, description="With reschedule: YYYY-MM-DD."
    )

    @model_validator(mode="after")
    def _members_fit(self) -> Self:
        rule = TASK.rules[self.action]
        for name in _FIELDS:
            value = getattr(self, name)
            if value is not None and name != rule.field:
                raise ValueError(f"{name} does not belong to the action {self.action}")
        if rule.words is Words.NEEDED:
            given = getattr(self, rule.field)
            if given is None or (given == "" and not rule.takes_back):
                raise ValueError(f"the action {self.action} needs {rule.field}")
        return self

    def data(self) -> dict[str, str]:
        """Return the event's own fields."""
        field = TASK.rules[self.action].field
        return {field: str(getattr(self, field) or "")} if field else {}


class BulkWork(TaskWork):
    """One action on many tasks. Each has its own result: some may be refused."""

    ids: list[UUID] = Field(min_length=1, max_length=1000)


class AssigneeShape(Given):
    handle: str
    name: str


class AssigneeList(Given):
    """The people who can be assigned to a task; empty if there are no people, and then any name can."""

    items: list[AssigneeShape]


class TaskAccepted(Given):
    """A command was taken. `version` is the task's, for `?min_version=`; outcome `unchanged`: it was so already."""

    task_id: UUID
    plan_id: UUID
    outcome: Literal["accepted", "unchanged"]
    status: str
    version: int


class BulkTaskResult(Given):
    task_id: UUID
    outcome: str
    status: str | None = None
    version: int | None = None
    problem: ProblemShape | None = None


class BulkTaskResults(Given):
    results: list[BulkTaskResult]


class ServedShape(Given):
    """An opportunity that a task serves; without channel and title where the plan does not have it any more."""

    opportunity_id: str
    channel: str
    title: str
    worth_brl: float | None = Field(description="BRL a month; null: not known.")
    check: CheckShape | None = Field(
        None, description="How it will be measured; null: it was found before that was told."
    )


class TaskShape(Given):
    task_id: UUID
    plan_id: UUID
    plan_title: str
    version: int
    position: int
    phase: int
    title: str
    what: str
    channel: str
    priority: str
    opportunity_id: str | None
    also_serves: list[str] = Field(description="Opportunities of other channels that are the same finding.")
    serves: list[ServedShape] = Field(description="All of its opportunities, that of `opportunityId` first.")
    opportunity_title: str = Field(description="Of the first opportunity that it serves; empty without one.")
    worth_brl: float | None = Field(
        description="What its opportunities are worth in sum, BRL a month, as far as it is known; null: of none it is."
    )
    status: str
    assignee: str
    note: str
    attempt: int
    created_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    due_on: date | None = Field(description="The day by which it is to be done; null: not known.")
    overdue: bool = Field(description="It has not ended, and its day is over.")
    changed_at: datetime
    comment_count: int
    worded_by: str = Field(
        description="Who gave it its texts, where a person added it or changed them; empty: they came with its phase."
    )
    unmatched: list[str] = Field(description="Numbers in an agent's title or text without a source in the document.")


class CommentShape(Given):
    event_id: UUID
    actor: str
    comment: str
    at: datetime


class TaskDetailShape(TaskShape):
    comments: list[CommentShape]
    actions: list[TaskAction] = Field(description="What can be done with it now.")


class TaskPage(Given):
    items: list[TaskShape]
    next_cursor: str | None
    total: int | None = None


class TaskList(Given):
    """A plan's tasks, in the plan's order."""

    items: list[TaskShape]
