"""Tells of taxes that a total has in it, where another column is the total without them."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.amounts import tax_columns
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import SURE, Assignment
from gateway.intake.layouts.orders_placed import tell_of_orders_placed
from gateway.intake.layouts.sums_told import of_sold
from gateway.intake.values import CENTS
from gateway.intake.words import in_portuguese

TAXED: Final = (
    "A receita é a coluna “{column}”, que contém os impostos (“{tax}”, {total} nas vendas): sem eles, são {left} "
    "(“{without}”). Se quer a receita sem impostos, diga em “Ver as colunas” que essa é o valor total."
)
#: In so many of the rows with a tax the two make the total.
_MOST: Final = 0.9


def tell_of_totals(table: Columns, columns: Assignment, status: pl.Series | None) -> None:
    """Report what the total that was read as the revenue may have in it: what was only ordered, and taxes.

    `status`: the rows' status classes, so that the taxes are those of sales.
    """
    tell_of_orders_placed(table, columns)
    tell_of_taxes(table, columns, status)


def tell_of_taxes(table: Columns, columns: Assignment, status: pl.Series | None) -> None:
    """Report taxes that the revenue has in it, where another column is the revenue without them in nearly all rows."""
    index = columns.column("revenue")
    if index is None or not table.height or not columns.has("_tax"):
        return
    used = {guess.index for guess in columns.guesses.values() if guess.confidence >= SURE}
    for tax in tax_columns(columns):
        without = None if tax in used else _without(columns, index, tax)
        if without is not None:
            sums = {at: in_portuguese(of_sold(table.amounts(at), status)) for at in (tax, without)}
            names = {"column": table.headers[index], "tax": table.headers[tax], "without": table.headers[without]}
            table.warnings.append(TAXED.format(**names, total=sums[tax], left=sums[without]))
            return


def _without(columns: Assignment, total: int, tax: int) -> int | None:
    """Return the column of amounts that make the total with the tax, by the rows that were looked at."""
    read = [profile.amounts for profile in columns.profiles]
    taxed = (read[tax] != 0).fill_null(value=False)
    if not taxed.any() or float(read[tax].sum()) < 0:  # written as deductions: the total is the one without them
        return None
    for place, profile in enumerate(columns.profiles):
        if place in (total, tax) or place in columns.others or len(read[place]) != len(taxed):
            continue
        close = ((read[place] + read[tax] - read[total]).abs() <= CENTS).filter(taxed)
        if profile.number > _MOST and float(str(close.mean() or 0)) >= _MOST:
            return place
    return None
