"""The plans as a table. Pure: documents in, a renderable out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import brl, channels, plain, short, worth


def summary(plans: Sequence[Mapping[str, Any]]) -> Table:
    made = table(
        "PLAN",
        "TITLE",
        "CHANNELS",
        "ANALYSED BY",
        "OPPORTUNITIES",
        "WORTH",
        "PHASE 1",
        "TASKS",
        right=("OPPORTUNITIES", "WORTH", "TASKS"),
    )
    for plan in plans:
        made.add_row(
            short(plan["planId"]),
            plain(plan["title"]),
            channels(plan["channels"]),
            plain(analysed_by(plan)),
            plain(len(plan["opportunities"])),
            plain(brl(worth(plan["opportunities"]))),
            plain(plan["phase1Origin"] or "-"),
            plain(plan["tasks"]["total"]),
        )
    return made


def analysed_by(plan: Mapping[str, Any]) -> str:
    """Return the authors of a plan: the built-in rules, or the agents' models."""
    sources = {result["model"] or result["source"] for result in plan["channelResults"] if result["source"]}
    return ", ".join(sorted(sources)) or "-"
