"""The history of jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, plain, short, used
from gateway.verdict.words.speech import span

Row = Mapping[str, Any]
STYLES: Final = {"done": "green", "failed": "red", "dead": "red", "kept": "yellow", "running": "cyan"}


def of_plan(rows: Sequence[Row]) -> Table:
    made = table("JOB", "OF", "ATTEMPT", "OUTCOME", "TOOK", "ENDED", "BY", "CAUSE", "REASON", right=("ATTEMPT", "TOOK"))
    for row in rows:
        made.add_row(
            plain(row["job"]),
            plain(row["subject"] or "-"),
            plain(row["number"]),
            plain(row["outcome"], STYLES.get(row["outcome"], "dim")),
            plain("-" if row["seconds"] is None else span(row["seconds"])),
            plain(ago(row["endedAt"]) if row["endedAt"] else "-"),
            plain(row["by"] or "-"),
            plain(row["code"] or "-"),
            plain("\n".join(filter(None, (row["reason"], *map(used, row.get("use", ())))))),
        )
    return made


def failed(rows: Sequence[Row]) -> Table:
    names = ("FAILED", "PLAN", "JOB", "OF", "EVENT", "ATTEMPT", "GROUP", "CAUSE", "MESSAGE", "RECORD")
    made = table(*names, right=("ATTEMPT",))
    for row in rows:
        made.add_row(
            plain(ago(row["at"])),
            short(row["key"] or "-"),
            plain(row["job"]),
            plain("-" if row["subject"] in ("", row["recordId"]) else row["subject"]),
            plain(row["type"] or "-"),
            plain(row["attempt"]),
            plain(row["group"] or "-"),
            plain(row["code"] or "-", "red"),
            plain(row["message"] or "-"),
            plain(row["recordId"] or "-"),
        )
    return made


def done(rows: Sequence[Row]) -> Table:
    made = table("ENDED", "PLAN", "JOB", "OF", "ATTEMPT", "BEGAN", "TOOK", "BY", right=("ATTEMPT", "TOOK"))
    for row in rows:
        made.add_row(
            plain(ago(row["at"])),
            short(row["key"]),
            plain(row["job"]),
            plain(row["subject"] or "-"),
            plain(row["attempt"]),
            plain(ago(row["beganAt"]) if row["beganAt"] else "unknown"),
            plain("unknown" if row["seconds"] is None else span(row["seconds"])),
            plain(row["by"] or "-"),
        )
    return made
