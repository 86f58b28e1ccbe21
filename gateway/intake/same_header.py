"""Reads a sheet whose amounts tell too little as the one beside it with the same header: a month of few sales."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from gateway.intake.fields import PROPOSED, Mappings
from gateway.intake.layouts import UNKNOWN, Reading
from gateway.intake.layouts.guesses import SURE
from gateway.intake.tables import RawTable
from schemas.facts import TableRead

AS_BESIDE: Final = "as colunas foram lidas como as de outra tabela do documento, que tem o mesmo cabeçalho."
_PLAIN: Final = "plain"
#: What few rows leave unsure. What else the columns are they tell by themselves: a commission may be a person's.
_AMOUNTS: Final = ("units", "price", "revenue")


def as_those_beside(
    tables: Sequence[RawTable], readings: list[Reading], understand: Callable[[RawTable, Mappings], Reading]
) -> list[Reading]:
    """Return the readings, with those of sheets that only their few rows left unsure, where all others agree.

    Whatever else is told of a sheet stands: it may be no sales. So does what its own cells contradict.
    """
    known: dict[str, list[dict[str, str]]] = {}
    for reading in readings:
        if reading.lines is not None and reading.report.layout == _PLAIN:
            known.setdefault(reading.report.header_id, []).append(_fields(reading.report))
    return [
        _again(table, reading, known.get(reading.report.header_id, []), understand)
        for table, reading in zip(tables, readings, strict=True)
    ]


def _again(
    table: RawTable,
    reading: Reading,
    beside: list[dict[str, str]],
    understand: Callable[[RawTable, Mappings], Reading],
) -> Reading:
    report = reading.report
    unsure = report.layout == UNKNOWN and report.kind == "unknown" and report.asks and not report.warnings
    is_whole = not table.free and not table.cut and table.height <= table.frame.height
    if not (unsure and is_whole and beside) or any(one != beside[0] for one in beside):
        return reading
    said = {column: f"{PROPOSED}{field}" for column, field in beside[0].items() if field in _AMOUNTS}
    found = understand(table, {report.header_id: said})
    if found.lines is None or _fields(found.report) != beside[0]:
        return reading
    own = [replace(one, by="content") if one.by == "agent" else one for one in found.report.columns]
    told = replace(found.report, columns=own, warnings=[*found.report.warnings, AS_BESIDE])
    return replace(found, report=told)


def _fields(report: TableRead) -> dict[str, str]:
    return {column.header: column.field for column in report.columns if column.field and column.confidence >= SURE}
