"""Find rows that a column calls a forecast, a target or a budget: what is only planned was not sold."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.kinds import plain_name
from gateway.intake.values import folded

PLANNED: Final = (
    "{rows} linha(s) não foram contadas como venda: a coluna “{column}” diz que são previsões, metas ou orçamentos."
)
_WHAT: Final = r"((sales|revenue|valor(es)?|vendas?|receita|ventas?|data|dados) )?"
_IS_PLANNED: Final = (
    rf"^{_WHAT}(forecast(ed)?|budget(ed)?|targets?|plan(ned)?|projec(ted|tion)|prediction|predicted|previs(ao|oes|to)|"
    r"prevision|previst[oa]|orcad[oa]|orcamento|metas?|planejad[oa]|projetad[oa]|projecao|pronostico|presupuest(o|ado)|"
    r"proyectad[oa]|proyeccion|objetivos?|prognose|soll)( (sales|revenue|value|data))?$"
)
_IS_ACTUAL: Final = (
    rf"^{_WHAT}(actuals?|reais|real|realizad[oa]s?|efetiv[oa]s?|historic(al|o)?|history|observed|ist)"
    r"( (sales|revenue|value|data))?$"
)
ONLY_PLANNED: Final = (
    "A coluna “{column}” diz que todas as linhas são previsões, metas ou orçamentos, e não vendas: nenhum número foi "
    "calculado delas. Se são vendas, diga em “Ver as colunas” o que é cada coluna."
)
#: Where all rows say the same, a word alone may be a shop or a platform (`Meta`, `Target`): the column has to ask.
_SAYS_WHICH: Final = (
    r"\b(tipo|type|cenarios?|scenarios?|escenarios?|versao|version|series?|natureza|nature|situacao|status|estado|"
    r"szenario)\b"
)
_MAY_BE_NAMES: Final = r"^(metas?|targets?|plan|planned|objetivos?|soll)$"
_LETTERS: Final = 0.9


def drop_planned(table: Columns, columns: Assignment) -> None:
    """Drop planned rows where a column says of each row whether it was planned or came about, and both are there."""
    for index, profile in enumerate(columns.profiles):
        # the first rows show whether it is such a column: of a large table no other one is read for it
        first = first_cells(table, index)
        if profile.letters < _LETTERS or not (_says(first, _IS_PLANNED) | _says(first, _IS_ACTUAL)).any():
            continue
        texts = table.cells(index)
        planned, actual = _says(texts, _IS_PLANNED), _says(texts, _IS_ACTUAL)
        if planned.any() and actual.any() and (planned | actual).all():
            table.warnings.append(PLANNED.format(rows=int(planned.sum()), column=table.headers[index]))
            table.keep(~planned)
            return


def told_of_plans(table: Columns, columns: Assignment) -> str:
    """Return what is told where a column calls every row a forecast, a target or a budget; empty where none does."""
    for index, profile in enumerate(columns.profiles):
        if profile.letters < _LETTERS or not _says(first_cells(table, index), _IS_PLANNED).any():
            continue
        texts, header = table.cells(index), table.headers[index]
        asked = re.search(_SAYS_WHICH, plain_name(header)) is not None
        if _says(texts, _IS_PLANNED).all() and (asked or not _says(texts, _MAY_BE_NAMES).any()):
            return ONLY_PLANNED.format(column=header)
    return ""


def _says(texts: pl.Series, what: str) -> pl.Series:
    return (
        pl.DataFrame({"text": texts})
        .select(folded(pl.col("text")).str.contains(what).fill_null(value=False))
        .to_series()
    )


def first_cells(table: Columns, index: int) -> pl.Series:
    """Return the first cells of a column: of a large table they show of what kind it is."""
    return table.table.top.to_series(index).slice(table.header_row + 1)
