"""The columns of each list that can be taken away. Money and counts are numbers, days and times are ISO 8601."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

Row = Mapping[str, Any]
Cell = str | int | float | None
Columns = Mapping[str, Callable[[Row], Cell]]


def of(name: str) -> Callable[[Row], Cell]:
    """Return what reads a cell by its name in the API."""

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
    "id": of("planId"),
    "status": of("status"),
    "title": of("title"),
    "file": of("filename"),
    "channels": of("channels"),
    "priority": of("priority"),
    "partial": of("partial"),
    "opportunities": of("opportunityCount"),
    "worth_brl_a_month": of("worthBrl"),
    "phase1": of("phase1Origin"),
    "tasks": lambda row: int(row["tasks"]["total"]),
    "tasks_completed": lambda row: int(row["tasks"]["byStatus"].get("completed", 0)),
    "tasks_overdue": lambda row: int(row["tasks"]["overdue"]),
    "reason": of("reason"),
    "uploaded_by": of("uploadedBy"),
    "decided_by": of("decidedBy"),
    "uploaded_at": of("uploadedAt"),
    "analyzed_at": of("analyzedAt"),
    "decided_at": of("decidedAt"),
    "ended_at": of("endedAt"),
    "team": of("team"),
}
TASKS: Final[Columns] = {
    "id": of("taskId"),
    "status": of("status"),
    "title": of("title"),
    "what": of("what"),
    "channel": of("channel"),
    "priority": of("priority"),
    "assignee": of("assignee"),
    "due_on": of("dueOn"),
    "overdue": of("overdue"),
    "opportunity": of("opportunityTitle"),
    "worth_brl_a_month": of("worthBrl"),
    "note": of("note"),
    "attempt": of("attempt"),
    "phase": of("phase"),
    "plan": of("planTitle"),
    "plan_id": of("planId"),
    "created_at": of("createdAt"),
    "started_at": of("startedAt"),
    "ended_at": of("endedAt"),
    "numbers_without_source": of("unmatched"),
    "team": of("team"),
}
ATTEMPTS: Final[Columns] = {
    "at": of("at"),
    "outcome": of("outcome"),
    "job": of("job"),
    "of_what": of("subject"),
    "attempt": of("attempt"),
    "plan_id": of("key"),
    "began_at": of("beganAt"),
    "seconds": of("seconds"),
    "who": of("by"),
    "cause": of("code"),
    "reason": of("message"),
    "event": of("type"),
    "group": of("group"),
    "record": of("recordId"),
    "replay": of("replay"),
}
AUDIT: Final[Columns] = {
    "at": of("at"),
    "who": of("actor"),
    "key": of("keyId"),
    "address": of("address"),
    "action": of("action"),
    "of_what": of("kind"),
    "id": of("target"),
    "plan_id": of("planId"),
    "outcome": of("outcome"),
    "before": lambda row: _json(row["before"]),
    "after": lambda row: _json(row["after"]),
    "reason": of("reason"),
    "request": of("requestId"),
    "place_in_the_chain": of("position"),
}
OBJECTIVES: Final[Columns] = {
    "objective": of("title"),
    "state": of("state"),
    "promised": of("share"),
    "good": of("good"),
    "measured": lambda row: int(row["spent"]["total"]),
    "not_as_promised": lambda row: int(row["spent"]["bad"]),
    "at_most_ms": of("atMostMs"),
    "budget_left": of("budgetLeft"),
    "why_unknown": of("why"),
}
EVENTS: Final[Columns] = {
    "recorded_at": of("recordedAt"),
    "occurred_at": of("occurredAt"),
    "type": of("type"),
    "actor": of("actor"),
    "stream": of("stream"),
    "version": of("version"),
    "event_id": of("eventId"),
    "causation_id": of("causationId"),
    "trace_id": of("traceId"),
    "place": lambda row: f"{row['topic']}/{row['partition']}/{row['offset']}",
    "data": lambda row: _json(row["data"]),
}


def _json(data: Any) -> str | None:
    return None if data is None else json.dumps(data, ensure_ascii=False)


def cells(columns: Columns, row: Row) -> list[Cell]:
    """Return the cells of a row."""
    return [read(row) for read in columns.values()]
