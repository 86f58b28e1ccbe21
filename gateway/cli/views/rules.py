"""The rules of the analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType

from gateway.cli.views.tables import table
from gateway.cli.views.words import plain
from gateway.figures.words import fields

Row = Mapping[str, Any]


def rules(rows: Sequence[Row]) -> RenderableType:
    made = table("RULE", "SPEAKS WHEN", "NEEDS", "IMPROVED", right=("IMPROVED",))
    for row in rows:
        needed = dict.fromkeys(_needed(figure) for figure in row["figures"])
        made.add_row(plain(row["rule"]), plain(_said(row["when"])), plain("\n".join(needed)), plain(_right(row)))
    return made


def one(row: Row) -> RenderableType:
    lines = [
        plain(f"{row['title']} ({row['rule']})", "bold"),
        plain(f"  Speaks when: {_said(row['when'])}"),
        plain(f"  Worth a month: {row['formula'] or 'none'}"),
    ]
    for figure in row["figures"]:
        lines += [plain(f"  {figure['title']}: {figure['formula']}"), plain(f"    needs {_needed(figure)}", "dim")]
    return Group(*lines, plain(f"  Improved: {_right(row)}"))


def _needed(figure: Row) -> str:
    return " or ".join(fields(way) for way in figure["needs"])


def _right(row: Row) -> str:
    rate = row["hitRate"]
    return f"{rate['improved']} of {rate['measured']}" if rate and rate["measured"] else "not measured yet"


def _said(text: str) -> str:
    return text.replace("`", "")
