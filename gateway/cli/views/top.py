"""One screen of the system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType

from gateway.cli.views.groups import groups
from gateway.cli.views.health import STYLES, line
from gateway.cli.views.operations import breakers
from gateway.cli.views.tables import table
from gateway.cli.views.words import plain
from gateway.verdict.words.speech import span

#: Findings that are shown; `marketplace doctor` has all.
FINDINGS: Final = 6


def top(report: Mapping[str, Any]) -> RenderableType:
    return Group(*_parts(report))


def _parts(report: Mapping[str, Any]) -> Iterator[RenderableType]:
    yield plain(line(report), STYLES.get(report["status"], "bold"))
    told = [(f"  ! {one}", "yellow") for one in report["findings"] or ()]
    told += [(f"  ? {one}", "cyan") for one in report["notices"] or ()]
    for text, style in told[:FINDINGS]:
        yield plain(text, style)
    if len(told) > FINDINGS:
        yield plain(f"  and {len(told) - FINDINGS} more: marketplace doctor", "dim")
    yield plain(_waiting(report))
    yield _processes(report["processes"])
    if report["groups"]:
        yield groups(report["groups"])
    if report["breakers"]:
        yield breakers(report["breakers"])


def _waiting(report: Mapping[str, Any]) -> str:
    parts = [
        f"{kind} " + ", ".join(f"{waits['count']} {name.replace('_', ' ')}" for name, waits in report[kind].items())
        for kind in ("plans", "tasks")
        if report[kind]
    ]
    outbox, behind = report["broker"]["outboxWaiting"], report["projection"]
    parts.append(f"outbox {outbox}")
    parts.append("read models unknown" if behind is None else f"read models {behind['behind']} behind")
    return "  " + "; ".join(parts)


def _processes(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Return a line a process, which eighty columns hold; `marketplace doctor` says what each reads."""
    made = table(
        "PROCESS", "STATE", "PID", "A SECOND", "HANDLED", "IN HAND", right=("PID", "A SECOND", "HANDLED", "IN HAND")
    )
    for row in rows:
        progress, rate = row["progress"], row["perSecond"]
        state = "well" if row["well"] else f"silent for {span(row['silentSeconds'])}" if row["connected"] else "gone"
        made.add_row(
            plain(row["role"]),
            plain(state, "green" if row["well"] else "red"),
            plain(row["pid"]),
            plain("?" if rate is None else f"{rate:,.1f}"),
            plain(progress.get("handled", "-")),
            plain(progress.get("in_flight", "-")),
        )
    return made
