"""The report on a table: of one that is not understood why, its columns, and what a person can do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gateway.intake.layouts import UNKNOWN, Reading
from gateway.intake.masking import mask
from gateway.intake.small_beside import TOLD
from schemas.facts import TableRead

#: The most columns that the remark on a table names that is not understood.
NAMED_COLUMNS: Final = 30
#: The remark on a table that is not understood, after its place.
QUOTED: Final = "as colunas não são de uma exportação conhecida; foi lida só como texto, sem números calculados."
LEFT_OUT: Final = (
    "as colunas não foram reconhecidas e as linhas ficaram de fora, para que nenhum dado de comprador saia do "
    "documento. Se são vendas, envie a exportação de pedidos do canal em XLSX ou CSV."
)
#: The same of a table that may be of sales.
ASKED: Final = (
    "as colunas não foram reconhecidas e as linhas ficaram de fora, para que nenhum dado de comprador saia do "
    "documento. Se são vendas, diga o que é cada coluna em “Ver as colunas”."
)


def report_of(reading: Reading, quoted: str, *, alone: bool) -> TableRead:
    """Return the report on a table; for one that is not understood, the reason, and its columns unless it is quoted.

    `alone`: no table gives figures. Then the columns are named even so, and those of sales that were left out (an
    extract), too, in place of the columns that it lacks.
    """
    report = replace(reading.report, where=mask(reading.report.where))  # a sheet can be called like a person
    if report.layout != UNKNOWN:
        is_left_out = alone and reading.lines is None and report.kind == "sales"
        return (
            replace(report, warnings=[*report.warnings, *_seen(report)], columns_missing=[]) if is_left_out else report
        )
    warnings = report.warnings or [QUOTED if quoted else ASKED if report.asks else LEFT_OUT]
    seen = _seen(report) if (alone or not quoted) and TOLD.isdisjoint(warnings) else []
    return replace(report, warnings=[*warnings, *seen])


def _seen(report: TableRead) -> list[str]:
    """Return the remark that names the table's columns; none where they have no names."""
    names = [column.header for column in report.columns][:NAMED_COLUMNS]
    more = len(report.columns) - len(names)
    return [f"Colunas vistas: {', '.join(names)}{f' e mais {more}' if more else ''}."] if names else []
