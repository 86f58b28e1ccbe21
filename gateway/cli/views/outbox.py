"""Events that are set aside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gateway.cli.views.letters import differences
from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, local_time, plain

Row = Mapping[str, Any]
_STATES: Final = {"set_aside": "red", "behind": "yellow", "on_its_way": "cyan", "published": "green"}


def events(rows: Sequence[Row]) -> Table:
    made = table("SEQ", "EVENT", "STREAM", "V", "WHAT IS WRONG", "BEHIND", "SINCE", right=("SEQ", "V", "BEHIND"))
    for row in rows:
        made.add_row(
            plain(row["seq"], "bold"),
            plain(row["type"]),
            plain(row["stream"]),
            plain(row["version"]),
            plain(row["reason"][:160]).append(" edited" if row["edits"] else "", "yellow"),
            plain(row["behind"]),
            plain(ago(row["setAsideAt"])),
        )
    return made


def event(found: Row) -> RenderableType:
    """Show an event: its identity, why it does not fit its schema, its data, and its data before each edit."""
    facts = table("", "")
    facts.show_header = False
    for name, value in (
        ("state", _state(found["state"])),
        ("event", plain(found["type"])),
        ("id", plain(found["eventId"])),
        ("stream", plain(f"{found['stream']}, version {found['version']}")),
        ("plan", plain(found["planId"] or "-")),
        ("by", plain(f"{found['actor']}, {local_time(found['occurredAt'])}")),
        ("what is wrong", plain(found["reason"] or "-")),
        ("set aside", plain(ago(found["setAsideAt"]) if found["setAsideAt"] else "-")),
        ("waits behind it", plain(found["behind"])),
    ):
        facts.add_row(plain(name, "dim"), value)
    parts: list[RenderableType] = [plain(found["seq"], "bold"), facts, plain("data", "bold")]
    parts.append(
        plain("bytes that are sent as they are")
        if found["raw"]
        else plain(json.dumps(found["data"], ensure_ascii=False, indent=2))
    )
    if found["history"]:
        parts += [plain("edited", "bold"), _history(found["history"])]
        parts += [plain("changed since the original", "bold"), differences(found["differences"])]
    return Group(*parts)


def removed(answer: Row) -> Text:
    """Say what was taken out, and what was wrong with it."""
    said = f"{answer['seq']} is taken out: {answer['type']}, {answer['stream']} version {answer['version']}"
    return plain(f"{said}. What was wrong: {answer['wrong']}.")


def _history(rows: Sequence[Row]) -> Table:
    made = table("WHEN", "BY", "WHY")
    for row in rows:
        made.add_row(plain(local_time(row["editedAt"])), plain(row["actor"]), plain(row["reason"]))
    return made


def _state(name: str) -> Text:
    words = {"set_aside": "set aside", "behind": "waits behind one that is set aside"}
    return plain(words.get(name, name.replace("_", " ")), _STATES.get(name, ""))
