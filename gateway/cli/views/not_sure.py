"""The columns of a file that are not sure, and the command to type; the mappings that are kept."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from rich.console import RenderableType
from rich.table import Table

from gateway.cli.views.tables import table
from gateway.cli.views.words import ago, plain

SURE: Final = 0.6
Data = Mapping[str, Any]


def views(result: Data, channels: list[str]) -> list[Callable[[], RenderableType]]:
    """Return what to show of an upload that was refused for its columns. Without channels it was one of costs."""
    problem = result["problem"]
    shown: list[Callable[[], RenderableType]] = [lambda one=one: _columns(one) for one in problem["tables"]]  # type: ignore[misc] # mypy cannot infer a lambda with a default
    return [*shown, lambda: _fields(problem["fields"]), lambda: plain(_advice(result, channels))]


def mappings(items: Sequence[Data]) -> Table:
    made = table("HEADER", "COLUMNS", "MADE FOR", "BY", "MADE", "USED")
    for one in items:
        made.add_row(
            plain(one["headerId"]),
            plain(", ".join(f"{field}={column}" for column, field in one["columns"].items())),
            plain(one["document"]),
            plain(one["madeBy"]),
            plain(ago(one["madeAt"])),
            plain(ago(one["usedAt"])),
        )
    return made


def _columns(told: Data) -> Table:
    made = table("COLUMN", "TAKEN FOR", "SURE", "CELLS", right=("SURE",), title=told["where"])
    for column in told["columns"]:
        unsure = bool(column["field"]) and column["confidence"] < SURE
        made.add_row(
            plain(column["header"]),
            plain(column["field"] or "-"),
            plain(f"{column['confidence']:.0%}" if column["field"] else "-", "yellow" if unsure else ""),
            plain(" | ".join(column["samples"]) or "(not shown)"),
        )
    return made


def _fields(fields: Sequence[Data]) -> RenderableType:
    return plain("Fields: " + ", ".join(one["field"] for one in fields) + ", ignore", "dim")


def _advice(result: Data, channels: list[str]) -> str:
    columns = [column for one in result["problem"]["tables"] for column in one["columns"] if column["field"]]
    said = [f"--map {shlex.quote(column['field'] + '=' + column['header'])}" for column in columns]
    if not channels:
        command = f"marketplace costs --tell {shlex.quote(result['file'])}"
        some = said or ["--map sku=COLUMN", "--map cost=COLUMN"]
        return f"Say what the columns are; correct what is wrong here:\n  {command} {' '.join(some)}"
    command = " ".join(["marketplace upload", shlex.quote(result["file"]), "-c", ",".join(channels)])
    return (
        f"Say what the columns are; correct what is wrong here:\n  {command} {' '.join(said)}\n"
        f"Or take it without figures:\n  {command} --anyway"
    )
