"""Shopify, `orders_export`: a row per line item, the order's own columns on its first row only."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.bare import TESTS
from gateway.intake.layouts.baskets import CARTS
from gateway.intake.layouts.columns import Columns, key
from gateway.intake.layouts.day_or_month import DAY_OR_MONTH
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.store import Sale, returned_units, store_lines, told_apart, whole_order
from gateway.intake.values import folded, says

NAME: Final = "shopify.orders"
REQUIRED: Final = ("Name", "Financial Status", "Lineitem quantity", "Lineitem name", "Lineitem price")
TYPICAL: Final = (
    "Currency",
    "Subtotal",
    "Total",
    "Created at",
    "Lineitem sku",
    "Fulfillment Status",
    "Refunded Amount",
)
#: What columns are, where their names alone would mislead.
FIELDS: Final = {"Name": "order_id", "Shipping": "", "Lineitem sku": "sku", "Total": "revenue"}
#: Squarespace has the same export, but for these two names.
_NAME: Final = ("Name", "Order ID")
_AT: Final = ("Created at", "Paid at")
#: Of an order one of them is filled; the list of abandoned checkouts has the same columns, and none of them.
_OF_A_SALE: Final = ("Financial Status", "Paid at", "Fulfilled at")
_METHOD: Final = "Payment Method"
#: What Shopify calls the gateway of orders that somebody placed to try the shop out.
_TEST_GATEWAY: Final = r"\bbogus gateway\b"
#: Paid when it is delivered: such an order is a sale before the money is there.
_ON_DELIVERY: Final = r"\bcod\b|cash on delivery|contra ?entrega|contrareembolso|na entrega"


def read(table: Columns) -> pl.DataFrame:
    """Return the lines. A pending order counts once it is sent or paid on delivery; expired ones are unpaid."""
    name, guessed = table.text(*_NAME), table.moment(*_AT)
    assert name is not None
    if _drop_tests(table, told_apart(name, guessed)):
        name, guessed = table.text(*_NAME), table.moment(*_AT)
        assert name is not None
    order = told_apart(name, guessed)
    at = _when(table, guessed)
    units = table.number("Lineitem quantity")
    refund = table.number("Refunded Amount", "Amount Refunded")
    status = _status(table, order)
    whole_refund = None if refund is None else whole_order(order, refund)
    return store_lines(
        table,
        Sale(
            order=order,
            sku=table.text("Lineitem sku"),
            title=table.text("Lineitem name"),
            at=at,
            status=status,
            units=units,
            price=table.number("Lineitem price"),
            total=table.number("Total"),
            total_name="Total",
            taxes=table.number("Taxes", optional=True),
            freight=table.number("Shipping", optional=True),
            discount=table.number("Discount Amount"),
            refund=refund,
            currency=table.text("Currency"),
            returned_units=None if refund is None else returned_units(status, units, whole_refund),
            sent=table.moment("Fulfilled at", optional=True),
        ),
    )


def _drop_tests(table: Columns, order: pl.Series) -> bool:
    """Drop orders that were paid through the gateway for tests, which moves no money; say whether there were some.

    Where all orders are such, the shop is not open yet, and its export is read as it is.
    """
    index = next((index for index, header in enumerate(table.headers) if key(header) == key(_METHOD)), None)
    if index is None:
        return False
    tests = says(whole_order(order, table.cells(index)), _TEST_GATEWAY)
    if not tests.any() or tests.all():
        return False
    table.warnings.append(TESTS.format(rows=int(tests.sum()), column=_METHOD))
    table.keep(~tests)
    return True


def _when(table: Columns, guessed: pl.Series | None) -> pl.Series | None:
    """Return the days; none where a spreadsheet rewrote them so that nobody knows which number is the month.

    Shopify writes them with the year first, and its names are English wherever the shop is.
    """
    sure = table.moment(*_AT, day_first=None)
    if guessed is None or sure is None or not (unsure := sure.null_count() - guessed.null_count()):
        return sure
    column = next(name for name in _AT if table.has(name))
    table.warnings.append(DAY_OR_MONTH.format(column=column, rows=unsure))
    return None


def _status(table: Columns, order: pl.Series) -> pl.Series:
    if table.height and all(
        one is None or one.is_null().all() for one in (table.text(name, optional=True) for name in _OF_A_SALE)
    ):
        table.warnings.append(CARTS)
        return constant(shape.UNPAID, table.height)
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, table.height)

    def text(name: str) -> pl.Series:
        found = table.text(name, optional=True)
        return empty if found is None else whole_order(order, found)

    frame = pl.DataFrame(
        {
            "money": text("Financial Status"),
            "sent": text("Fulfillment Status"),
            "cancelled": text("Cancelled at"),
            "method": text(_METHOD),
        }
    )
    money = folded(pl.col("money"))
    delivered = folded(pl.col("sent")).str.contains("^(fulfilled|partial|shipped|delivered)").fill_null(value=False)
    later = folded(pl.col("method")).str.contains(_ON_DELIVERY).fill_null(value=False)
    waits = money.str.contains("^(pending|authorized|unpaid|partially.paid)$").fill_null(value=False)
    return frame.select(
        pl.when(pl.col("cancelled").is_not_null() | (money == "voided").fill_null(value=False))
        .then(pl.lit(shape.CANCELLED))
        .when((money == "refunded").fill_null(value=False))
        .then(pl.lit(shape.RETURNED))
        .when((money == "expired").fill_null(value=False) | (waits & ~delivered & ~later))
        .then(pl.lit(shape.UNPAID))
        .otherwise(pl.lit(shape.SOLD))
        .alias("status")
    ).to_series()
