"""What amounts in a remark come to: those of sales, as the revenue is, without cancelled and unpaid rows."""

from __future__ import annotations

import polars as pl

from gateway.intake.layouts.cancel_reasons import cancelled_by_reason
from gateway.intake.layouts.cancelled_on import cancelled_on
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.guesses import Assignment
from gateway.intake.layouts.lines import CANCELLED, NOT_SOLD
from gateway.intake.layouts.orders import constant, filled_by_order
from gateway.intake.layouts.paid_answers import payment_of
from gateway.intake.layouts.shopee_languages import status_in_portuguese
from gateway.intake.layouts.status import status_of, tells_of_orders, tells_payment_only, with_payment
from gateway.intake.layouts.waiting import without_waiting


def of_sales(
    table: Columns,
    columns: Assignment,
    order: pl.Series | None,
    amounts: pl.Series,
    rows: pl.Series | None = None,
) -> float:
    """Return the sum of the amounts of rows that nothing calls cancelled or unpaid; `rows`: of these alone."""
    own = amounts if rows is None else amounts.to_frame().select(pl.when(rows).then(pl.first())).to_series()
    return of_sold(own, _states(table, columns, order))


def of_sold(amounts: pl.Series, status: pl.Series | None) -> float:
    """Return the sum of the amounts of rows whose status class is of a sale; of all where nothing tells one."""
    sold = amounts if status is None else amounts.filter(~status.is_in(NOT_SOLD).fill_null(value=False))
    return float(sold.sum())


def _states(table: Columns, columns: Assignment, order: pl.Series | None) -> pl.Series | None:
    """Return the rows' status classes by the order's text, the payment's, or a cancellation's; None without any.

    They are those that the figures have (`plain.with_status`), but for what came back, which was sold. The remarks
    come before the figures, so that nothing is told of them here.
    """
    index = columns.column("status")
    text = None if index is None else filled_by_order(order, table.text_at(index))
    spoken = None if text is None else status_in_portuguese(text)
    if spoken is not None and not tells_of_orders(spoken):
        text = spoken = None
    payment, stopped = filled_by_order(order, payment_of(table, columns, tell=False)), cancelled_on(table, columns)
    if stopped is None and (spoken is None or tells_payment_only(spoken)):
        stopped = cancelled_by_reason(table, tell=False)
    if spoken is None and payment is None and stopped is None:
        return None
    status = with_payment(status_of(spoken, None, table.height), payment, spoken)
    if index is not None and text is not None:
        status, _ = without_waiting(text, status, table.headers[index], payment, None)
    return status if stopped is None else status.zip_with(~stopped, constant(CANCELLED, table.height))
