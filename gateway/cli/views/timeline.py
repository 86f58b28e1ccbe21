"""The history of a plan, one line an event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import local_time, plain, when
from gateway.verdict.words.speech import span

#: Members of an event that say what it is about, most telling first.
_TELLING: Final = ("title", "channel", "origin", "rule", "assignee", "status", "code", "reason", "note", "comment")
_LONGEST: Final = 70


def timeline(events: Sequence[Mapping[str, Any]]) -> Table:
    """Return a plan's events as a table; one of a task says its title, where the event that made it is among them."""
    made = table("TIME", "AFTER", "EVENT", "VERSION", "BY", "WHAT", right=("AFTER", "VERSION"))
    titles = {e["data"].get("task_id"): e["data"].get("title") for e in events if e["type"] == "task.created"}
    before = None
    for event in events:
        moment = when(event["occurredAt"])
        after = "" if before is None or moment is None else f"+{span((moment - before).total_seconds())}"
        before = moment
        made.add_row(
            plain(local_time(event["occurredAt"])),
            plain(after, "dim"),
            plain(event["type"], _style(event["type"])),
            plain(event["version"]),
            plain(event["actor"] or "-"),
            plain(about({"title": titles.get(event["data"].get("task_id"), "")} | event["data"])),
        )
    return made


def about(data: Mapping[str, Any]) -> str:
    """Return in a few words what an event says."""
    said = [str(data[name]) for name in _TELLING if isinstance(data.get(name), str) and data[name]]
    text = "; ".join(said)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _style(kind: str) -> str:
    if kind.endswith((".failed", ".rejected", ".stalled")):
        return "red"
    return "green" if kind.endswith((".completed", ".approved", ".recovered")) else "cyan"
