"""Shops of website builders: the orders of Squarespace, which has Shopify's columns, and of Wix.

Squarespace's is known from an export that a program shows, Wix's from the rows that programs test themselves with.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.shopify import FIELDS
from gateway.intake.layouts.store import Sale, store_lines, told_apart, whole_order
from gateway.intake.values import says

SQUARESPACE: Final = "squarespace.orders"
SQUARESPACE_REQUIRED: Final = (
    *("Order ID", "Financial Status", "Lineitem quantity", "Lineitem name", "Lineitem price"),
    "Amount Refunded",
)
SQUARESPACE_TYPICAL: Final = ("Lineitem variant", "Subtotal", "Total", "Created at", "Lineitem sku")
SQUARESPACE_FIELDS: Final = {"Order ID": "order_id"} | {name: one for name, one in FIELDS.items() if name != "Name"}
_PAYMENT: Final = "Payment status"
_SENDING: Final = "Fulfillment status"
_SENT: Final = r"^(fulfilled|partially fulfilled|shipped|delivered)"
_STOPPED: Final = r"^(order )?(cancell?ed|voided|declined|failed)"
_BACK: Final = r"^(fully )?(refunded|charge ?back)"
_WAITS: Final = r"^(unpaid|not paid|pending|authorized|partially paid)"
WIX: Final = "wix.orders"
WIX_REQUIRED: Final = ("Order number", "Date created", "Item", "Qty", "Price", _PAYMENT)
WIX_TYPICAL: Final = ("Total order quantity", "Quantity refunded", "Shipping rate", "Net amount", _SENDING)
#: What columns are, where their names alone would mislead.
WIX_FIELDS: Final = {
    "Total": "revenue",
    "Net amount": "",
    "Shipping rate": "",
    "Total order quantity": "",
    "Qty": "units",
}


def read_wix(table: Columns) -> pl.DataFrame:
    """Return the lines. An order that is paid by hand counts once it is sent, as one that is paid."""
    number, at = table.text("Order number"), table.moment("Date created", day_first=False)
    units, back = table.number("Qty"), table.number("Quantity refunded")
    assert number is not None
    assert units is not None
    order = told_apart(number, at)
    status = _status(table, order)
    return store_lines(
        table,
        Sale(
            order=order,
            sku=table.text("SKU"),
            title=table.text("Item"),
            at=at,
            status=status,
            units=units,
            price=table.number("Price"),
            total=table.number("Total"),
            total_name="Total",
            taxes=table.number("Total tax", optional=True),
            freight=table.number("Shipping rate", optional=True),
            surcharge=table.number("Additional fees", optional=True),
            discount=table.number("Discount", "Discount amount", optional=True),
            refund=table.number("Refunded amount"),
            currency=table.text("Currency"),
            returned_units=_came_back(status, units, back),
        ),
    )


def _came_back(status: pl.Series, units: pl.Series, back: pl.Series | None) -> pl.Series | None:
    """Return the units that came back: all of an order that was refunded whole, else those that are told."""
    return None if back is None else back.fill_null(0).zip_with(status != shape.RETURNED, units)


def _status(table: Columns, order: pl.Series) -> pl.Series:
    """Return what became of each order; one that was refunded in part stays sold."""
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, table.height)

    def text(name: str) -> pl.Series:
        found = table.text(name)
        return empty if found is None else whole_order(order, found)

    money, sent = text(_PAYMENT), text(_SENDING)
    frame = pl.DataFrame(
        {
            "stopped": says(sent, _STOPPED) | says(money, _STOPPED),
            "back": says(money, _BACK),
            "waits": says(money, _WAITS) & ~says(sent, _SENT),
        }
    )
    return frame.select(
        pl.when("stopped")
        .then(pl.lit(shape.CANCELLED))
        .when("back")
        .then(pl.lit(shape.RETURNED))
        .when("waits")
        .then(pl.lit(shape.UNPAID))
        .otherwise(pl.lit(shape.SOLD))
        .alias("status")
    ).to_series()
