"""What became of uploads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import plain, short, status

#: Outcomes with which nothing is left to do.
GOOD: Final = frozenset({"accepted", "unchanged", "kept"})


def uploads(results: Sequence[Mapping[str, Any]]) -> Table:
    made = table("FILE", "OUTCOME", "PLAN", "STATUS", "WHY")
    for one in results:
        problem = one.get("problem") or {}
        good = one["outcome"] in GOOD
        made.add_row(
            plain(Path(one["file"]).name),
            plain(one["outcome"], "green" if good else "red"),
            short(one.get("planId", "-")),
            status(one.get("status", "-")),
            plain(kept(one) or ": ".join(part for part in (problem.get("title"), problem.get("detail")) if part)),
        )
    return made


def kept(one: Mapping[str, Any]) -> str:
    """Say what a document of costs or stock led to; nothing of another."""
    if one["outcome"] != "kept":
        return ""
    said = [
        f"{one[name]:,} SKUs with {what}, {one[f'{name}Changed']:,} changed"
        for name, what in (("costs", "costs"), ("stock", "stock"))
        if one[name]
    ]
    said += [f"{len(one['without']):,} without a cost"] if one["without"] else []
    said += (
        [f"{one['wrongRows']:,} wrong rows: {', '.join(str(w['row']) for w in one['wrong'][:12])}"]
        if one["wrong"]
        else []
    )
    return "; ".join(said)
