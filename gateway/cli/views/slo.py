"""How the objectives stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType

from gateway.cli.views.tables import table
from gateway.cli.views.words import plain

Row = Mapping[str, Any]
STYLES: Final = {"met": "green", "below target": "yellow", "missed": "red", "too few": "dim", "unknown": "dim"}


def objectives(rows: Sequence[Row]) -> RenderableType:
    made = table(
        "OBJECTIVE", "STATE", "PROMISED", "GOOD", "NOT", "OF", "TOOK", "BUDGET LEFT", "BURN 1h", "6h", "1d", "3d",
        "30d",
        right=("PROMISED", "GOOD", "NOT", "OF", "TOOK", "BUDGET LEFT", "BURN 1h", "6h", "1d", "3d", "30d"),
    )  # fmt: skip
    for row in rows:
        unit = _unit(row)
        rates = {window["name"]: window["rate"] for window in row["windows"]}
        made.add_row(
            plain(row["title"]),
            plain(_state(row), STYLES.get(_state(row), "")),
            plain(_share(row["share"])),
            plain(_share(row["good"])),
            plain(f"{row['spent']['bad']:,}{unit}"),
            plain(f"{row['spent']['total']:,}{unit}"),
            plain(_took(row)),
            plain(_share(row["budgetLeft"])),
            *(plain(_rate(rates.get(name))) for name in ("1h", "6h", "1d", "3d", "30d")),
        )
    said = [f"{row['title']}: {_why(row)}" for row in rows if row["why"]]
    worst = [f"{row['title']}: worst hours (UTC) {_worst(row)}" for row in rows if row["worst"]]
    return Group(made, *(plain(text) for text in (*said, *worst)))


def _state(row: Row) -> str:
    """Return how it stands in words. What is below its target is not called met, though its budget has room for it."""
    below = row["state"] == "met" and row["good"] is not None and row["good"] < row["share"]
    return "below target" if below else str(row["state"]).replace("-", " ")


def _worst(row: Row) -> str:
    """Return the hours in which most was not as promised, and how much of what was measured that was."""
    unit = _unit(row)
    each = (f"{one['at'][:16].replace('T', ' ')} {one['spent']['bad']:,}{unit} of {one['spent']['total']:,}{unit}"
            for one in row["worst"])  # fmt: skip
    return "; ".join(each)


def _unit(row: Row) -> str:
    return " s" if row["name"] == "availability" else ""  # a share of the time


def _why(row: Row) -> str:
    return f"unknown, {row['why']}" if row["state"] == "unknown" else row["why"]


def _share(value: float | None) -> str:
    """Never better than it is: what is a little less than all is not 100 %."""
    return "?" if value is None else f"{math.floor(value * 10_000 + 1e-6) / 100:.2f} %"


def _took(row: Row) -> str:
    if row["beyond"]:
        return "> 2 h"
    most = row["atMostMs"]
    return "-" if most is None else f"<= {most / 1000:g} s"


def _rate(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}x"
