"""The rows that queries.sql beside this file takes: the parameters of each statement, by name."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypedDict

from projections.rows import Statement
from schemas.lifecycle import TaskStatus


class TaskCreatedRow(TypedDict):
    task_id: str
    plan_id: str
    version: int
    status: TaskStatus
    position: int
    phase: int
    title: str
    what: str
    channel: str
    priority: str
    opportunity_id: str | None
    also_serves: str
    due_on: str | None
    worded_by: str
    created_at: datetime
    changed_at: datetime


class TaskMovedRow(TypedDict):
    """A change of a task; None leaves a column as it is. `ended`: work on it is over, since `ended_at`.

    `due_on`: its day is this one now, "" where it has none any more. `worded_by`: who gave it `title` and `what`.
    """

    task_id: str
    plan_id: str
    version: int
    status: str | None
    assignee: str | None
    note: str | None
    attempt: int | None
    started_at: datetime | None
    ended_at: datetime | None
    ended: bool | None
    due_on: str | None
    title: str | None
    what: str | None
    worded_by: str | None
    changed_at: datetime


class TaskCommentedRow(TypedDict):
    event_id: str
    task_id: str
    plan_id: str
    actor: str
    comment: str
    at: datetime


task_begun: Final = Statement("task_begun", TaskCreatedRow)
task_created: Final = Statement("task_created", TaskCreatedRow)
#: Its second half, task_moved_update, takes the same rows.
task_moved: Final = Statement("task_moved", TaskMovedRow)
task_commented: Final = Statement("task_commented", TaskCommentedRow)
