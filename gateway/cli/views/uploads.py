"""What became of uploads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import plain, short, status


def uploads(results: Sequence[Mapping[str, Any]]) -> Table:
    made = table("FILE", "OUTCOME", "PLAN", "STATUS", "WHY")
    for one in results:
        problem = one.get("problem") or {}
        good = one["outcome"] in {"accepted", "unchanged"}
        made.add_row(
            plain(Path(one["file"]).name),
            plain(one["outcome"], "green" if good else "red"),
            short(one.get("planId", "-")),
            status(one.get("status", "-")),
            plain(": ".join(part for part in (problem.get("title"), problem.get("detail")) if part)),
        )
    return made
