"""Leaves out rows that a person marked by hand as no sales: struck through, or in the colour of a legend."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.words import in_portuguese

STRUCK: Final = (
    "{rows} linha(s) estão riscadas na planilha: não contam como venda, como as canceladas. Se são vendas, tire o "
    "risco e envie o arquivo de novo."
)
MOST_STRUCK: Final = (
    "Mais da metade das linhas está riscada na planilha: {rows}. Nada diz se são canceladas ou já entregues: "
    "todas contam como venda. Se são canceladas, apague-as e envie o arquivo de novo."
)
COLOURED: Final = (
    "{rows} linha(s) têm a cor que uma nota da planilha chama de cancelada ou devolvida: não contam como venda. "
    "Se são vendas, tire a cor e envie o arquivo de novo."
)
#: Of the rows before, where each tells what was paid for it.
SUM: Final = "As linhas marcadas à mão somam {amount}."
UNSEEN: Final = (
    "Uma nota da planilha diz que uma cor marca linhas canceladas ou devolvidas, e nenhuma linha tem uma cor que se "
    "reconheça: se há linhas marcadas, elas contam como venda. Escreva-o em uma coluna “Situação”."
)


def drop_marked(table: Columns, columns: Assignment) -> None:
    """Drop the rows that are marked as no sales, and tell how many, and their sum.

    Where a column tells what became of the orders, a mark says something else. Where most rows are struck through,
    they may be those that were sent already: then all count, and the table says so.
    """
    marks = table.table.marks
    if columns.column("status") is not None or marks is None or not table.height:
        return
    for numbers, told in ((marks.struck, STRUCK), (marks.coloured, COLOURED)):
        gone = table.rows.is_in(list(numbers))
        if not gone.any():
            continue
        is_most = int(gone.sum()) * 2 > table.height
        text = MOST_STRUCK if is_most and told is STRUCK else told
        table.warnings.append(text.format(rows=int(gone.sum())))
        table.warnings += _sum(table, columns.column("revenue"), gone)
        if text is not MOST_STRUCK:
            table.keep(~gone)
    if marks.colour and not marks.coloured:
        table.warnings.append(UNSEEN)


def _sum(table: Columns, paid: int | None, gone: pl.Series) -> list[str]:
    """Return the remark on what the rows add up to; none where one of them does not tell what was paid for it."""
    amounts = None if paid is None else table.amounts(paid).filter(gone)
    if amounts is None or amounts.null_count():
        return []
    return [SUM.format(amount=in_portuguese(float(amounts.sum())))]
