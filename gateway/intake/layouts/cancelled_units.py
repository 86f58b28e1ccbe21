"""Subtract cancelled units, told beside the ordered ones."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.amounts import Given
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.values import CENTS

CONCEPT: Final = "_cancelled_units"
TAKEN_OFF: Final = "{units} unidade(s) canceladas (“{column}”) não contam como vendidas{money}."
AND_MONEY: Final = ", nem o valor delas"
MONEY_STAYS: Final = ", e a receita já não as tinha"
UNKNOWN: Final = (
    "{rows} linha(s) têm parte das unidades canceladas (“{column}”), e nada diz se o valor ainda as contém: unidades e "
    "receita dessas linhas são desconhecidas."
)
_MOST: Final = 0.9


def without_cancelled(table: Columns, columns: Assignment, given: Given, price: pl.Series | None) -> Given:
    """Return units, revenue and status without cancelled sales; {} without such a column.

    A row of which all units were cancelled is cancelled. Of others price times units says whether the amount still has
    them; where it says neither, units and amount are unknown.
    """
    index = next((index for index, name in columns.others.items() if name == CONCEPT), None)
    units, revenue = given["units"], given["revenue"]
    if index is None or units is None:
        return {}
    gone = table.number_at(index).abs().fill_null(0.0)
    whole, part = (gone > 0) & (gone >= units), (gone > 0) & (gone < units)
    if not (whole | part).any():
        return {}
    header, count = table.headers[index], int(gone.sum())
    status = given.get("status")
    before = pl.Series([shape.SOLD]).new_from_index(0, table.height) if status is None else status
    found: Given = {"status": before.zip_with(~whole, pl.Series([shape.CANCELLED]).new_from_index(0, table.height))}
    left = units - gone
    found["units"] = units.zip_with(~part, left)
    if revenue is None or not part.any():
        table.warnings.append(
            TAKEN_OFF.format(units=count, column=header, money=AND_MONEY if revenue is not None else "")
        )
        return found
    fits = (
        None
        if price is None
        else _which(price.filter(part), units.filter(part), left.filter(part), revenue.filter(part))
    )
    if fits is None:
        table.warnings.append(UNKNOWN.format(rows=int(part.sum()), column=header))
        nothing = pl.Series([None], dtype=pl.Float64).new_from_index(0, table.height)
        return found | {"units": units.zip_with(~part, nothing), "revenue": revenue.zip_with(~part, nothing)}
    money = AND_MONEY if fits else MONEY_STAYS
    table.warnings.append(TAKEN_OFF.format(units=count, column=header, money=money))
    return found | ({"revenue": revenue.zip_with(~part, revenue * left / units)} if fits else {})


def _which(price: pl.Series, units: pl.Series, left: pl.Series, revenue: pl.Series) -> bool | None:
    """Say whether the amounts still have the cancelled units; None where they are neither with nor without them."""
    with_them, without = ((price * counted - revenue).abs() < CENTS for counted in (units, left))
    shares = [float(fits.sum()) / len(fits) for fits in (with_them, without)]
    return shares[0] >= _MOST if max(shares) >= _MOST else None
