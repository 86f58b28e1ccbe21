"""Breakers, flags, processes and recoveries as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.table import Table

from gateway.cli.views.groups import places
from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, plain, short
from gateway.verdict.words.speech import span
from schemas.causes import ACTIONS, CAUSES
from schemas.process.version import Build

Row = Mapping[str, Any]
STATES: Final = {"closed": "green", "half_open": "yellow", "open": "red"}
STEPS: Final = {
    "plan.stalled": ("stalled", "red"),
    "plan.recovery.requested": ("asked", "cyan"),
    "plan.recovery.started": ("recovery", "yellow"),
    "plan.recovered": ("recovered", "green"),
    "plan.escalated": ("escalated", "bold red"),
}


def breakers(rows: Sequence[Row]) -> Table:
    made = table("BREAKER", "STATE", "SINCE", "FAILURES", "TRIES AGAIN", "REASON", right=("FAILURES",))
    for row in rows:
        again = "-"
        if row.get("nextCallProbes"):
            again = "with the next call"
        elif row["state"] != "closed":
            again = row["retryAt"] or ("now" if row["state"] == "half_open" else "when it is reset")
        made.add_row(
            plain(row["name"]),
            plain(row["state"].replace("_", " "), STATES.get(row["state"], "")),
            plain(ago(row["changedAt"])),
            plain(row["failures"]),
            plain(again),
            plain(row["reason"] or "-"),
        )
    return made


def flags(rows: Sequence[Row]) -> Table:
    made = table("FEATURE", "STATE", "BY", "SINCE", "REASON")
    for row in rows:
        made.add_row(
            plain(row["name"]),
            plain("on" if row["enabled"] else "off", "green" if row["enabled"] else "bold yellow"),
            plain(row["changedBy"] or "-"),
            plain(ago(row["changedAt"]) if row["changedBy"] else "-"),
            plain(row["reason"] or "-"),
        )
    return made


def processes(rows: Sequence[Row]) -> Table:
    made = table(
        "PROCESS",
        "STATE",
        "VERSION",
        "PID",
        "HOST",
        "STARTED",
        "HANDLED",
        "IN HAND",
        "READS",
        right=("PID", "HANDLED", "IN HAND"),
    )
    for row in rows:
        state = "well" if row["well"] else "silent" if row["connected"] else "gone"
        turn = row["progress"].get("state")  # of several engines of alerts one decides
        state = f"{state}, {turn}" if row["well"] and turn else state
        since = "" if row["well"] else f" for {span(row['silentSeconds'])}"
        made.add_row(
            plain(row["role"]),
            plain(f"{state}{since}", "green" if row["well"] else "red"),
            plain(version(row)),
            plain(row["pid"]),
            plain(row["host"]),
            plain(ago(row["startedAt"])),
            plain(row["progress"].get("handled", "-")),
            plain(_in_hand(row["progress"])),
            plain(places(row["progress"].get("holds") or {}) or "-"),
        )
    return made


def _in_hand(progress: Mapping[str, Any]) -> str:
    """Return how many records a process has taken and not finished; a dash where it does not tell."""
    told = [progress[name] for name in ("in_flight", "waiting") if name in progress]
    return str(sum(told)) if told else "-"


def stalled(rows: Sequence[Row]) -> Table:
    made = table(
        "STALLED PLAN", "CAUSE", "WAITS SINCE", "LATE BY", "TRIED", "A PERSON IS ASKED SINCE", right=("TRIED",)
    )
    for row in rows:
        made.add_row(
            short(row["planId"]),
            plain(row["cause"] or "-"),
            plain(ago(row["since"])),
            plain(span(row["lateSeconds"])),
            plain(row["attempts"]),
            plain(ago(row["escalatedAt"]), "bold red" if row["escalatedAt"] else ""),
        )
    return made


def version(told: Row) -> str:
    """Return `0.1.0+1a2b3c4d5e6f` of a process or a gateway; one of an earlier version may not tell its own."""
    return str(Build(told.get("version") or "-", told.get("commit") or ""))


#: Causes and recoveries; one of a newer version by its name.
_WORDS: Final[Mapping[str, str]] = {str(code): text for words in (CAUSES, ACTIONS) for code, text in words.items()}


def recoveries(rows: Sequence[Row]) -> Table:
    made = table("PLAN", "STEP", "WHEN", "CAUSE", "WHAT")
    for row in rows:
        word, style = STEPS.get(row["type"], (row["type"], ""))
        made.add_row(
            short(row["planId"]),
            plain(word, style),
            plain(ago(row["at"])),
            plain(_WORDS.get(row["cause"], row["cause"]) or "-"),
            plain(_what(row)),
        )
    return made


def _what(row: Row) -> str:
    match row["type"]:
        case "plan.stalled" | "plan.recovery.requested":
            return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in sorted(row["evidence"].items()))
        case "plan.recovery.started":
            return f"{_WORDS.get(row['action'], row['action'])}, attempt {row['attempt']}"
        case "plan.recovered":
            how = "by itself" if not row["attempt"] else f"with attempt {row['attempt']}"
            return f"{how}, {span((row['stalledMs'] or 0) / 1000)} after its deadline"
        case "plan.escalated":
            return str(row["recommendation"])
    return ""
