"""The task.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from schemas.events import Event


class TaskAddedData(TypedDict):
    """A person added a task to a plan that is being worked on. It is the first event of its stream."""

    plan_id: str
    task_id: str
    position: int
    phase: int
    title: str
    what: str
    channel: str
    priority: str
    opportunity_id: NotRequired[str | None]
    due_on: NotRequired[str | None]
    reason: str


TaskAdded: TypeAlias = Event[Literal["task.added"], TaskAddedData]


class TaskAssignedData(TypedDict):
    """A task has an assignee."""

    plan_id: str
    task_id: str
    assignee: str
    status: str


TaskAssigned: TypeAlias = Event[Literal["task.assigned"], TaskAssignedData]


class TaskCancelledData(TypedDict):
    """A task will not be done."""

    plan_id: str
    task_id: str
    reason: str


TaskCancelled: TypeAlias = Event[Literal["task.cancelled"], TaskCancelledData]


class TaskChangedData(TypedDict):
    """A person gave a task another title or text."""

    plan_id: str
    task_id: str
    title: str
    what: str
    reason: str


TaskChanged: TypeAlias = Event[Literal["task.changed"], TaskChangedData]


class TaskCommentedData(TypedDict):
    """Somebody said something about a task."""

    plan_id: str
    task_id: str
    comment: str


TaskCommented: TypeAlias = Event[Literal["task.commented"], TaskCommentedData]


class TaskCompletedData(TypedDict):
    """A task is done."""

    plan_id: str
    task_id: str
    note: str


TaskCompleted: TypeAlias = Event[Literal["task.completed"], TaskCompletedData]


class TaskCreatedData(TypedDict):
    """A task of a phase exists."""

    plan_id: str
    task_id: str
    position: int
    phase: int
    title: str
    what: str
    channel: str
    priority: str
    opportunity_id: NotRequired[str | None]
    also_serves: NotRequired[list[str]]
    due_on: NotRequired[str | None]


TaskCreated: TypeAlias = Event[Literal["task.created"], TaskCreatedData]


class TaskFailedData(TypedDict):
    """A task could not be done."""

    plan_id: str
    task_id: str
    reason: str


TaskFailed: TypeAlias = Event[Literal["task.failed"], TaskFailedData]


class TaskRescheduledData(TypedDict):
    """A person gave a task another day, or took its day away."""

    plan_id: str
    task_id: str
    due_on: str


TaskRescheduled: TypeAlias = Event[Literal["task.rescheduled"], TaskRescheduledData]


class TaskRetriedData(TypedDict):
    """A failed task is open again."""

    plan_id: str
    task_id: str
    attempt: int


TaskRetried: TypeAlias = Event[Literal["task.retried"], TaskRetriedData]


class TaskStartedData(TypedDict):
    """Work on a task began."""

    plan_id: str
    task_id: str


TaskStarted: TypeAlias = Event[Literal["task.started"], TaskStartedData]
