"""Tells a statement of income (a DRE) from sales: its lines are revenue, costs and results, which have no sum."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.tables import RawTable
from gateway.intake.values import folded

STATEMENT: Final = (
    "Parece um demonstrativo de resultado (DRE): cada linha é uma receita, um custo ou um resultado, e a soma delas "
    "não diz nada. Nenhum número foi calculado. Envie a tabela das vendas, com uma linha para cada uma."
)
_SIGN: Final = r"^[^\pL\d(=+/-]*(\([-=+/]\)|[-=+]|\d+(\.\d+)*\.?)?\s*"
#: What is earned, what is taken off it, and what is left: of a statement there are all three.
_EARNED: Final = (
    rf"{_SIGN}((receitas?|faturamento|vendas) (operacional )?(brut[ao]s?|liquid[ao]s?|total|operaciona(l|is))|"
    r"(total (de|das) )?receitas$|((gross|net|total) )?(revenue|sales|income)$|ingresos( netos| brutos)?$)"
)
_SPENT: Final = (
    rf"{_SIGN}(cmv|cpv|cogs|custos?|total (de|das) despesas|cost of|deducoes|despesas?|gastos|expenses|impostos|"
    r"aluguel|salarios|devoluc)"
)
_LINES: Final = (
    _EARNED,
    _SPENT,
    rf"{_SIGN}(lucro|prejuizo|resultado|ebitda|margem|gross profit|net profit|operating (income|profit)|utilidad)",
)
_MOST_ROWS: Final = 200
_FIRST: Final = 3


def told_of_statement(frame: pl.DataFrame) -> list[str]:
    """Return what is told of a statement of income; nothing of any other table."""
    return [STATEMENT] if is_income_statement(frame) else []


def is_income_statement(table: RawTable | pl.DataFrame) -> bool:
    """Say whether one of the first columns has the lines of a statement of income, one of each kind at least."""
    frame = table if isinstance(table, pl.DataFrame) else table.top
    if frame.height > _MOST_ROWS:
        return False
    for name in frame.columns[:_FIRST]:
        texts = frame.select(folded(pl.col(name)).alias("text"))["text"].drop_nulls()
        if len(texts) and all(texts.str.contains(line).any() for line in _LINES):
            return True
    return False
