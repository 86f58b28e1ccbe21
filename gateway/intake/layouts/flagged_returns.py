"""Tells a column that says yes or no to "was it returned?" from one that counts the units that came back."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment

FLAGGED: Final = (
    "“{column}” só tem 0 e 1, e a maioria das {rows} linhas com 1 tem mais de uma unidade: foi lida como sim e não, e "
    "voltaram todas as unidades dessas linhas. Se só voltou uma de cada, diga isso em “Ver as colunas”."
)
#: More of the rows that say 1 have several units.
_MOST: Final = 0.5
#: Fewer rows than this may be single pieces by chance.
_FEWEST: Final = 5


def units_that_came_back(
    table: Columns, columns: Assignment, returned: pl.Series | None, units: pl.Series | None
) -> pl.Series | None:
    """Return the returned units; all of a row's where the column only answers whether it came back.

    Who says that the column counts units is believed.
    """
    counted, guess = None if returned is None else returned.abs(), columns.guesses.get("returned_units")
    if counted is None or guess is None or units is None or guess.by in ("person", "agent"):
        return counted
    back = (counted == 1).fill_null(value=False)
    of_back = units.filter(back)
    if int(back.sum()) < _FEWEST or not counted.drop_nulls().is_in([0.0, 1.0]).all() or counted.drop_nulls().min() != 0:
        return counted
    if float(str((of_back > 1).mean() or 0)) <= _MOST:
        return counted
    table.warnings.append(FLAGGED.format(column=table.headers[guess.index], rows=int(back.sum())))
    return pl.select(pl.when(back).then(units).otherwise(counted)).to_series()
