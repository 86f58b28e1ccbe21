"""What amounts in a remark come to: those of sales, as the revenue is, without cancelled and unpaid rows."""

from __future__ import annotations

import polars as pl

from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.lines import NOT_SOLD
from gateway.intake.layouts.orders import filled_by_order
from gateway.intake.layouts.shopee_languages import status_in_portuguese
from gateway.intake.layouts.status import status_of


def of_sales(table: Columns, columns: Assignment, order: pl.Series | None, amounts: pl.Series) -> float:
    """Return the sum of the amounts of rows that no status calls cancelled or unpaid."""
    index = columns.column("status")
    text = None if index is None else filled_by_order(order, table.text_at(index))
    if text is None:
        return float(amounts.sum())
    return of_sold(amounts, status_of(status_in_portuguese(text), None, table.height))


def of_sold(amounts: pl.Series, status: pl.Series | None) -> float:
    """Return the sum of the amounts of rows whose status class is of a sale; of all where nothing tells one."""
    sold = amounts if status is None else amounts.filter(~status.is_in(NOT_SOLD).fill_null(value=False))
    return float(sold.sum())
