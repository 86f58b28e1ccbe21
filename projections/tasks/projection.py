"""Tasks and what is said about them. Pure: event -> rows for queries.sql beside this file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.rows import Recorded, Row, at


def project(recorded: Recorded) -> Iterable[Row]:
    """Yield the rows that an event changes."""
    e = recorded.event
    d = e.data
    when = recorded.recorded_at
    match e.type:
        case "task.created":
            yield Row(
                "task_created",
                d["task_id"],
                e.version,
                (
                    d["task_id"],
                    d["plan_id"],
                    e.version,
                    d["position"],
                    d["phase"],
                    d["title"],
                    d["what"],
                    d["channel"],
                    d["priority"],
                    d["opportunity_id"],
                    when,
                    when,
                ),
            )
        case "task.assigned":
            yield _moved(recorded, status=d["status"], assignee=d["assignee"])
        case "task.started":
            yield _moved(recorded, status="started", started_at=at(e.occurred_at))
        case "task.completed":
            yield _moved(recorded, status="completed", note=d["note"], ended_at=at(e.occurred_at))
        case "task.failed":
            yield _moved(recorded, status="failed", note=d["reason"], ended_at=at(e.occurred_at))
        case "task.cancelled":
            yield _moved(recorded, status="cancelled", note=d["reason"], ended_at=at(e.occurred_at))
        case "task.retried":
            yield _moved(recorded, status="open", attempt=d["attempt"])
        case "task.commented":
            yield _moved(recorded)
            yield Row(
                "task_commented",
                e.event_id,
                e.version,
                (e.event_id, d["task_id"], d["plan_id"], e.actor, d["comment"], at(e.occurred_at)),
            )
        case _:
            return


def _moved(
    recorded: Recorded,
    *,
    status: str | None = None,
    assignee: str | None = None,
    note: str | None = None,
    attempt: int | None = None,
    started_at: Any = None,
    ended_at: Any = None,
) -> Row:
    e = recorded.event
    return Row(
        "task_moved",
        e.data["task_id"],
        e.version,
        (
            e.data["task_id"],
            e.data["plan_id"],
            e.version,
            status,
            assignee,
            note,
            attempt,
            started_at,
            ended_at,
            recorded.recorded_at,
        ),
    )
