"""Finds tables of what came in and what went out, of which only the one or the other was sold."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.bare import CAME_IN, NATURE, WENT_OUT, are_invoices
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.names import words
from gateway.intake.values import folded

BOTH_WAYS: Final = (
    "A coluna “{column}” diz de cada linha se é entrada ou saída: só umas ou só as outras são vendas (de mercadorias, "
    "as saídas; de dinheiro, as entradas), e nada diz quais. Deixe no arquivo só as vendas e envie-o de novo."
)
#: So many of the cells say the one or the other.
_MOST: Final = 0.9


def told_of_both_ways(table: Columns, assignment: Assignment) -> str | None:
    """Return what is told of a column that says `Entrada` of some rows and `Saída` of others; None without one.

    In a list of goods those that went out were sold; in a cash book those of the money that came in. Of invoices it is
    known (`bare.drop_other_natures`).
    """
    if are_invoices(table, assignment):
        return None
    for index, header in enumerate(table.headers):
        if not NATURE & set(words(header)):
            continue
        texts = (
            pl.DataFrame({"text": table.cells(index)}).select(folded(pl.col("text")).alias("text"))["text"].drop_nulls()
        )
        came, went = texts.str.contains(CAME_IN), texts.str.contains(WENT_OUT)
        if came.any() and went.any() and float(str((came | went).mean())) >= _MOST:
            return BOTH_WAYS.format(column=header)
    return None
