"""Lists: plans, tasks, results of commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from gateway.cli.as_typed import detail_of
from gateway.cli.views.words import ago, brl, channels, due, plain, priority, short, status
from schemas.channels import channel_name

Row = Mapping[str, Any]


def table(*columns: str, right: Iterable[str] = (), title: str | None = None) -> Table:
    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def plans(rows: Sequence[Row]) -> Table:
    made = table(
        "ID",
        "STATUS",
        "TITLE",
        "CHANNELS",
        "PRIORITY",
        "FOUND",
        "WORTH",
        "TASKS",
        "UPLOADED",
        right=("FOUND", "WORTH", "TASKS"),
    )
    for row in rows:
        made.add_row(
            short(row["planId"]),
            plan_status(row),
            plain(row["title"]),
            channels(row["channels"]),
            priority(row["priority"]),
            plain(row["opportunityCount"]),
            plain(brl(row.get("worthBrl"))),
            plain(_done(row["tasks"])),
            plain(ago(row["uploadedAt"])),
        )
    return made


def plan_status(row: Row) -> Text:
    """Return the status of a plan with what its row says beside it: that it is partial, or waits for its next phase."""
    said = status(row["status"]).append(" partial" if row["partial"] else "", "yellow")
    following = row.get("waitingPhase")
    return said.append(f" phase {following} waits" if following else "", "yellow")


def tasks(rows: Sequence[Row]) -> Table:
    made = table(
        "ID", "STATUS", "TASK", "CHANNEL", "PRIORITY", "WORTH", "ASSIGNEE", "DUE", "PLAN", "CREATED", right=("WORTH",)
    )
    for row in rows:
        made.add_row(
            short(row["taskId"]),
            status(row["status"]),
            plain(row["title"] + (" [?]" if row.get("unmatched") else "")),
            plain(channel_name(row["channel"])),
            priority(row["priority"]),
            plain(brl(row.get("worthBrl"))),
            plain(row["assignee"] or "-"),
            due(row),
            short(row["planId"]),
            plain(ago(row["createdAt"])),
        )
    return made


def results(rows: Sequence[Row], kind: str) -> Table:
    """Show what became of a command on one or many plans or tasks."""
    made = table(kind.upper(), "OUTCOME", "STATUS", "WHY")
    for row in rows:
        problem = row.get("problem") or {}
        good = row["outcome"] in {"accepted", "unchanged"}
        made.add_row(
            short(row[f"{kind}Id"]),
            plain(row["outcome"].replace("_", " "), "green" if good else "red"),
            status(row.get("status") or "-"),
            plain(detail_of(problem) or ("done before" if row["outcome"] == "unchanged" else "")),
        )
    return made


def _done(counts: Row) -> str:
    if not counts["total"]:
        return "-"
    return f"{counts['byStatus'].get('completed', 0)}/{counts['total']}"
