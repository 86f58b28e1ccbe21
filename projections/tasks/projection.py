"""Tasks and their comments. Pure: event -> rows for queries.sql beside this file.

A task is there with the event of its phase, which says all that its task.created says. That one has a row of its own,
too, for phases of older versions and for what comes without a phase; where the phase was read it changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, assert_never

import orjson

from projections.rows import Recorded, Row, at
from projections.tasks.rows import TaskCreatedRow, task_begun, task_commented, task_created, task_moved
from schemas.lifecycle import TASK, TaskAction
from schemas.phase_tasks import VERSION, data_of, is_phase, is_whole
from schemas.typed.task import TaskAddedData, TaskChanged, TaskCommented, TaskCreatedData, TaskRescheduled
from schemas.typed.unions import PlanEvent, TaskEvent

#: Types of which each event says all that an earlier one of the same task said: of several the last makes the row.
LAST_COUNTS: Final = frozenset(rule.event for action, rule in TASK.rules.items() if action is not TaskAction.COMMENT)

#: Types whose events make rows of their own: of the task it is that somebody said something, and not what.
BY_IDS: Final = frozenset({TASK.rules[TaskAction.COMMENT].event})


def project(recorded: Recorded[TaskEvent]) -> tuple[Row, ...]:
    """Return the rows that an event changes."""
    e = recorded.event
    match e.type:
        case "task.created" | "task.added":
            made = _made(e.data, e.version, recorded, worded_by=e.actor if e.type == "task.added" else "")
            return (task_created(e.data["task_id"], e.version, made),)
        case "task.assigned":
            return (_moved(recorded, said=e.data["status"], assignee=e.data["assignee"]),)
        case "task.started":
            return (_moved(recorded, started_at=at(e.occurred_at)),)
        case "task.completed":
            return (_moved(recorded, note=e.data["note"], ended_at=at(e.occurred_at)),)
        case "task.failed" | "task.cancelled":
            return (_moved(recorded, note=e.data["reason"], ended_at=at(e.occurred_at)),)
        case "task.retried":
            return (_moved(recorded, attempt=e.data["attempt"]),)
        case "task.rescheduled" | "task.changed":
            return (_changed(e, recorded),)
        case "task.commented":
            return _moved(recorded), _commented(e)
        case _:
            assert_never(e.type)


def project_phase(recorded: Recorded[PlanEvent]) -> tuple[Row, ...]:
    """Return a row for each task of the phase that an event begins."""
    e = recorded.event
    if not is_phase(e) or not is_whole(e):
        return ()
    return tuple(task_begun(data["task_id"], e.version, _made(data, VERSION, recorded)) for data in data_of(e))


def _made(
    data: TaskCreatedData | TaskAddedData, version: int, recorded: Recorded, *, worded_by: str = ""
) -> TaskCreatedRow:
    also = data.get("also_serves", [])
    return {
        "task_id": data["task_id"],
        "plan_id": data["plan_id"],
        "version": version,
        "status": TASK.leads_to["task.created"],
        "position": data["position"],
        "phase": data["phase"],
        "title": data["title"],
        "what": data["what"],
        "channel": data["channel"],
        "priority": data["priority"],
        "opportunity_id": data.get("opportunity_id"),
        "also_serves": orjson.dumps(also).decode(),
        "due_on": data.get("due_on") or None,
        "worded_by": worded_by,
        "created_at": recorded.recorded_at,
        "changed_at": recorded.recorded_at,
    }


def _moved(  # noqa: PLR0913 - a column each, named at the call
    recorded: Recorded[TaskEvent],
    *,
    said: str | None = None,
    assignee: str | None = None,
    note: str | None = None,
    attempt: int | None = None,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    due_on: str | None = None,
    title: str | None = None,
    what: str | None = None,
    worded_by: str | None = None,
) -> Row:
    e = recorded.event
    status = TASK.leads_to.get(e.type, said)
    return task_moved(
        e.data["task_id"],
        e.version,
        {
            "task_id": e.data["task_id"],
            "plan_id": e.data["plan_id"],
            "version": e.version,
            "status": status,
            "assignee": assignee,
            "note": note,
            "attempt": attempt,
            "started_at": started_at,
            "ended_at": ended_at,
            "ended": None if status is None else ended_at is not None,
            "due_on": due_on,
            "title": title,
            "what": what,
            "worded_by": worded_by,
            "changed_at": recorded.recorded_at,
        },
    )


def _changed(e: TaskRescheduled | TaskChanged, recorded: Recorded[TaskEvent]) -> Row:
    if e.type == "task.rescheduled":
        return _moved(recorded, due_on=e.data["due_on"])
    return _moved(recorded, title=e.data["title"], what=e.data["what"], worded_by=e.actor)


def _commented(e: TaskCommented) -> Row:
    return task_commented(
        e.event_id,
        e.version,
        {
            "event_id": e.event_id,
            "task_id": e.data["task_id"],
            "plan_id": e.data["plan_id"],
            "actor": e.actor,
            "comment": e.data["comment"],
            "at": at(e.occurred_at),
        },
    )
