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
    shown: list[Callable[[], RenderableType]] = [lambda one=one: columns(one) for one in problem["tables"]]  # type: ignore[misc] # mypy cannot infer a lambda with a default
    return [*shown, lambda: fields(problem["fields"]), lambda: plain(advice(result, channels))]


def of_proposal(file: str, seen: Data, channels: list[str]) -> list[Callable[[], RenderableType]]:
    """Return what to show of an agent's proposal: its tables with the fields that it names, and what to type."""
    said = seen["proposal"]
    if said["code"] == "nothing-to-ask":
        return [lambda: plain("No table asks: its columns are sure, or it may not be of sales.")]
    if said["code"]:
        why = said["reason"] or said["code"]
        return [lambda: plain(f"The agent proposes nothing ({said['code']}): {why}", "yellow")]
    tables = [
        table | {"columns": [_proposed(one, said["columns"].get(table["header_id"], {})) for one in table["columns"]]}
        for table in ({**one, "header_id": one["headerId"]} for one in seen["tables"])
        if table["asks"]
    ]
    lines = [f"Proposed by {said['agent']}; nothing is read by it until you type it."]
    lines += [f"Left out: {one['column']} as {one['field']} ({one['why']})" for one in said["dropped"]]
    shown = views({"file": file, "problem": {"tables": tables, "fields": seen["fields"]}}, channels)
    return [*shown, lambda: plain("\n".join(lines))]


def _proposed(column: Data, said: Data) -> Data:
    """Return the column as the agent takes it; what it names nothing of is not mapped."""
    field = said.get(column["header"], "")
    return {**column, "field": field, "confidence": SURE if field else 0.0}


def mappings(items: Sequence[Data]) -> Table:
    made = table("HEADER", "COLUMNS", "CURRENCY", "CHANNEL", "TEAM", "MADE FOR", "BY", "MADE", "USED")
    for one in items:
        made.add_row(
            plain(one["headerId"]),
            plain(", ".join(f"{field}={column}" for column, field in one["columns"].items())),
            plain(one.get("currency") or "-"),
            plain(one.get("channel") or "-"),
            plain((one.get("team") or {}).get("name", "-")),
            plain(one["document"]),
            plain(one["madeBy"]),
            plain(ago(one["madeAt"])),
            plain(ago(one["usedAt"])),
        )
    return made


def columns(told: Data) -> Table:
    """Return a table's columns: what each is taken for, how sure that is, and its first cells, masked."""
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


def fields(choices: Sequence[Data]) -> RenderableType:
    """Return the fields that a column can be said to be."""
    return plain("Fields: " + ", ".join(one["field"] for one in choices) + ", ignore", "dim")


def advice(result: Data, channels: list[str]) -> str:
    """Return the command to type, with what the columns were taken for."""
    taken = [column for one in result["problem"]["tables"] for column in one["columns"] if column["field"]]
    said = [f"--map {shlex.quote(column['field'] + '=' + column['header'])}" for column in taken]
    if not channels:
        command = f"marketplace costs --tell {shlex.quote(result['file'])}"
        some = said or ["--map sku=COLUMN", "--map cost=COLUMN"]
        return f"Say what the columns are; correct what is wrong here:\n  {command} {' '.join(some)}"
    command = " ".join(["marketplace upload", shlex.quote(result["file"]), "-c", ",".join(channels)])
    return (
        f"Say what the columns are; correct what is wrong here:\n  {command} {' '.join(said)}\n"
        f"Or take it without figures:\n  {command} --anyway"
    )
