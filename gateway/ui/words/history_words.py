"""What an event changed, in words: each row of a plan with its columns, what they were and what they became."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.ui import amounts, formats
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.words.lifecycle_words import EVENTS
from gateway.ui.words.wording import actor
from projections.past.reads import Changed
from schemas.channels import channel_name

#: Columns that say which row it is, or that follow from the event itself: they are no news.
UNTOLD: Final = {
    "plan": (
        *("plan_id", "document_id", "changed_at", "trace_id", "sha256", "phases_left", "body"),
        *("opportunity_count", "worth_brl"),  # of opportunities, which are told
    ),
    "plan_channel": ("plan_id", "channel", "changed_at", "version", "body", "told_by"),
    "plan_phase": ("plan_id", "number", "version"),
    "task": ("task_id", "plan_id", "changed_at", "version", "position", "opportunity_id"),
    "task_comment": ("event_id", "task_id", "plan_id", "at"),
}
#: What the others are called.
COLUMNS: Final = {
    "plan": {
        "status": mark("State"),
        "version": mark("Version"),
        "title": mark("Title"),
        "filename": mark("File"),
        "media_type": mark("Kind of file"),
        "size_bytes": mark("Size"),
        "channels": mark("Channels"),
        "priority": mark("Priority"),
        "partial": mark("Partial"),
        "outcomes": mark("Channels that ended"),
        "opportunities": mark("Opportunities"),
        "phases": mark("Phases"),
        "phase1": mark("Phase 1"),
        "reason": mark("Reason"),
        "uploaded_by": mark("Uploaded by"),
        "decided_by": mark("Decided by"),
        "uploaded_at": mark("Uploaded"),
        "analyzed_at": mark("Analysed"),
        "decided_at": mark("Decided"),
        "phase1_at": mark("Phase 1 made"),
        "ended_at": mark("Ended"),
        "erased_at": mark("Document erased"),
        "erased_by": mark("Erased by"),
    },
    "plan_channel": {
        "status": mark("State"),
        "source": mark("Written by"),
        "model": mark("Model"),
        "summary": mark("Summary"),
        "opportunities": mark("Opportunities"),
        "phases": mark("Phases"),
        "repairs": mark("Repairs"),
        "limits": mark("What the analysis could not see"),
        "code": mark("Cause"),
        "reason": mark("Reason"),
        "fallback": mark("Agents that failed"),
        "unmatched": mark("Numbers without a source"),
        "agent_use": mark("Agents that were asked"),
        "checks": mark("How it will be measured"),
        "asked": mark("Asked for again by"),
        "kept": mark("Kept, because"),
    },
    "plan_phase": {
        "name": mark("Name"),
        "weeks": mark("When"),
        "investment": mark("Investment"),
        "expected_impact": mark("Expected impact"),
        "tasks": mark("Tasks"),
        "started_by": mark("By"),
        "started_at": mark("Began"),
    },
    "task": {
        "status": mark("State"),
        "phase": mark("Phase"),
        "title": mark("Title"),
        "what": mark("What to do"),
        "channel": mark("Channel"),
        "priority": mark("Priority"),
        "also_serves": mark("Further opportunities"),
        "assignee": mark("Assignee"),
        "note": mark("Note"),
        "attempt": mark("Attempt"),
        "created_at": mark("Created"),
        "started_at": mark("Began"),
        "ended_at": mark("Ended"),
        "due_on": mark("Due"),
        "worded_by": mark("Text by"),
    },
    "task_comment": {"actor": mark("By"), "comment": mark("Comment")},
}
#: Columns with a state, by what kind of state it is.
_LOOKS: Final = {
    ("plan", "status"): "plan",
    ("plan", "priority"): "priority",
    ("plan_channel", "status"): "channel",
    ("plan_channel", "source"): "source",
    ("task", "status"): "task",
    ("task", "priority"): "priority",
}
#: What tells an object: Phase 1 by its name, a request by who asked, a failure by its reason.
_TELLING: Final = ("name", "by", "reason", "code")
#: A longer text is cut: the event has it whole.
LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One column: its name, what it was and became; `look` is the kind of state that both are, "" for none."""

    name: str
    before: str
    after: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that changed. `subject` says which, `text` is what people wrote, "" for none; `new`: it came with it."""

    subject: str
    text: str
    new: bool
    lines: tuple[Line, ...]


def said(changed: Iterable[Changed]) -> list[Change]:
    """Return changes in the reader's language, the plan first."""
    order = list(COLUMNS)
    found = sorted(changed, key=lambda one: order.index(one.table) if one.table in order else len(order))
    return [change for change in map(_change, found) if change.lines]


def _change(one: Changed) -> Change:
    subject, text = _subject(one.table, one.row)
    untold = UNTOLD.get(one.table, ())
    lines = tuple(
        _line(one, column)
        for column in one.columns
        # a new row tells what it has, not what it has not
        if column not in untold and (one.before is not None or one.row[column] not in (None, "", [], False))
    )
    return Change(subject, text, one.before is None, lines)


def _subject(table: str, row: dict[str, Any]) -> tuple[str, str]:
    match table:
        case "plan":
            return _("The plan"), ""
        case "plan_channel":
            return channel_name(row["channel"]), ""
        case "plan_phase":
            return _("Phase %(n)s", n=row["number"]), row["name"]
        case "task":
            return _("Task"), row["title"]
        case "task_comment":
            return _("Comment"), ""
    return table, ""


def called(table: str, column: str) -> str:
    """Return the label of a column; "" where it has none. A time that has no word goes by its event."""
    word = COLUMNS.get(table, {}).get(column)
    if word:
        return _(word)
    event = EVENTS.get(f"{table}.{column.removesuffix('_at')}") if column.endswith("_at") else None
    return event[2]({}) if event is not None else ""


def _line(one: Changed, column: str) -> Line:
    before = "" if one.before is None else _value(one.table, column, one.before[column])
    look = _LOOKS.get((one.table, column), "")
    return Line(called(one.table, column) or column, before, _value(one.table, column, one.row[column]), look)


def _value(table: str, column: str, value: Any) -> str:
    """Return a value in words; of a state its name, which is looked up where it is shown."""
    if value in (None, "", []):
        return ""
    if isinstance(value, str):
        return value if (table, column) in _LOOKS else _text(column, value)
    if isinstance(value, list):
        return ", ".join(map(channel_name, value)) if column == "channels" else amounts.number(len(value))
    if isinstance(value, dict):
        return _cut(str(next((value[key] for key in _TELLING if value.get(key)), "")))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return formats.size(value) if column == "size_bytes" else amounts.number(value)


def _text(column: str, value: str) -> str:
    if column.endswith("_at"):
        return formats.exact(datetime.fromisoformat(value))
    if column.endswith("_by") or column == "actor":
        return actor(value)
    if column == "due_on":
        return amounts.day(value)
    return _cut(channel_name(value) if column == "channel" else value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
