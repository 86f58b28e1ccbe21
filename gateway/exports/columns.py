"""The columns of each list that can be taken away. Money and counts are numbers, days and times are ISO 8601."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

Row = Mapping[str, Any]
Cell = str | int | float | None
Columns = Mapping[str, Callable[[Row], Cell]]


def _of(name: str) -> Callable[[Row], Cell]:
    def read(row: Row) -> Cell:
        value = row.get(name)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else _text(value)

    return read


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


PLANS: Final[Columns] = {
    "id": _of("planId"),
    "status": _of("status"),
    "title": _of("title"),
    "file": _of("filename"),
    "channels": _of("channels"),
    "priority": _of("priority"),
    "partial": _of("partial"),
    "opportunities": _of("opportunityCount"),
    "worth_brl_a_month": _of("worthBrl"),
    "phase1": _of("phase1Origin"),
    "tasks": lambda row: int(row["tasks"]["total"]),
    "tasks_completed": lambda row: int(row["tasks"]["byStatus"].get("completed", 0)),
    "tasks_overdue": lambda row: int(row["tasks"]["overdue"]),
    "reason": _of("reason"),
    "uploaded_by": _of("uploadedBy"),
    "decided_by": _of("decidedBy"),
    "uploaded_at": _of("uploadedAt"),
    "analyzed_at": _of("analyzedAt"),
    "decided_at": _of("decidedAt"),
    "ended_at": _of("endedAt"),
}
TASKS: Final[Columns] = {
    "id": _of("taskId"),
    "status": _of("status"),
    "title": _of("title"),
    "what": _of("what"),
    "channel": _of("channel"),
    "priority": _of("priority"),
    "assignee": _of("assignee"),
    "due_on": _of("dueOn"),
    "overdue": _of("overdue"),
    "opportunity": _of("opportunityTitle"),
    "worth_brl_a_month": _of("worthBrl"),
    "note": _of("note"),
    "attempt": _of("attempt"),
    "phase": _of("phase"),
    "plan": _of("planTitle"),
    "plan_id": _of("planId"),
    "created_at": _of("createdAt"),
    "started_at": _of("startedAt"),
    "ended_at": _of("endedAt"),
}
AUDIT: Final[Columns] = {
    "at": _of("at"),
    "who": _of("actor"),
    "key": _of("keyId"),
    "address": _of("address"),
    "action": _of("action"),
    "of_what": _of("kind"),
    "id": _of("target"),
    "plan_id": _of("planId"),
    "outcome": _of("outcome"),
    "before": lambda row: _json(row["before"]),
    "after": lambda row: _json(row["after"]),
    "reason": _of("reason"),
    "request": _of("requestId"),
    "place_in_the_chain": _of("position"),
}
OBJECTIVES: Final[Columns] = {
    "objective": _of("title"),
    "state": _of("state"),
    "promised": _of("share"),
    "good": _of("good"),
    "measured": lambda row: int(row["spent"]["total"]),
    "not_as_promised": lambda row: int(row["spent"]["bad"]),
    "at_most_ms": _of("atMostMs"),
    "budget_left": _of("budgetLeft"),
    "why_unknown": _of("why"),
}
EVENTS: Final[Columns] = {
    "recorded_at": _of("recordedAt"),
    "occurred_at": _of("occurredAt"),
    "type": _of("type"),
    "actor": _of("actor"),
    "stream": _of("stream"),
    "version": _of("version"),
    "event_id": _of("eventId"),
    "causation_id": _of("causationId"),
    "trace_id": _of("traceId"),
    "place": lambda row: f"{row['topic']}/{row['partition']}/{row['offset']}",
    "data": lambda row: _json(row["data"]),
}


def _json(data: Any) -> str | None:
    return None if data is None else json.dumps(data, ensure_ascii=False)


def cells(columns: Columns, row: Row) -> list[Cell]:
    """Return the cells of a row."""
    return [read(row) for read in columns.values()]
