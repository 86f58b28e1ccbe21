"""TikTok Shop orders: English headers, a second row that explains each column, values padded with tabs."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.causes import cause_of
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import added, constant, shared_out
from gateway.intake.layouts.status import status_of
from gateway.intake.layouts.waiting import TO_SEND, are_to_send
from schemas.given import without_none

NAME: Final = "tiktok.orders"
CHANNEL: Final = "tiktok_shop"
REQUIRED: Final = ("Order ID", "Order Status", "Quantity", "SKU Subtotal After Discount")
TOTAL: Final = "Order Amount"
_INSTALMENTS: Final = "(?i)parcela|instal?lment"
TYPICAL: Final = ("Seller SKU", "Order Substatus", "Cancelation/Return Type", "SKU Seller Discount", "SKU ID")


def read(table: Columns) -> pl.DataFrame:
    """Return the lines. TikTok pays its own discount back, so only the seller's one lowers the revenue."""
    _skip_explanations(table)
    height = table.height
    order = table.text("Order ID")
    units = table.number("Quantity")
    before = table.number("SKU Subtotal Before Discount")
    own_discount = table.number("SKU Seller Discount")
    after = table.number("SKU Subtotal After Discount")
    if before is None or own_discount is None:
        revenue = added(after, table.number("SKU Platform Discount", optional=True))
    else:
        revenue = before - own_discount.abs().fill_null(0)
    state = table.text("Order Status")
    status, waits = status_of(state, table.text("Cancelation/Return Type"), height), are_to_send(state)
    if waits:
        table.warnings.append(TO_SEND)
    status = _substatus(status, table.text("Order Substatus", optional=True))
    created = table.moment("Created Time", "Paid Time")
    paid = table.moment("Paid Time", "Created Time", optional=True)
    sent = table.moment("Shipped Time", "RTS Time", optional=True)
    days = None
    if paid is not None and sent is not None:
        days = (sent - paid).dt.total_minutes() / 1440
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": constant(CHANNEL, height),
        "order_id": order,
        "sku": table.text("Seller SKU"),
        "listing": table.text("SKU ID", optional=True),
        "title": table.text("Product Name"),
        "at": created,
        "status": status,
        "cause": cause_of(table.text("Cancel Reason", optional=True)),
        "units": units,
        "payment_only": pl.Series([True]).new_from_index(0, height) if waits else None,
        "returned_units": None if waits else table.number("Sku Quantity of return"),
        "revenue": revenue,
        "refund": None if waits else shared_out(order, table.number("Order Refund Amount"), revenue),
        "discount": None if own_discount is None else own_discount.abs(),
        "ship_days": days,
        **_checked(table, order, after),
    }
    return shape.lines(without_none(columns), height)


def _checked(table: Columns, order: pl.Series | None, after: pl.Series | None) -> dict[str, pl.Series | None]:
    """Return the buyer's payment for an order, as stated and as the sum of its parts.

    Not where it was paid in instalments: the interest is in the amount, and in no other column.
    """
    amount = table.number(TOTAL, optional=True)
    shipping = table.number("Shipping Fee After Discount", optional=True)
    paid_by = table.text("Payment Method", optional=True)
    if amount is None or after is None:
        return {}
    theirs = shared_out(order, amount, after)
    if theirs is not None and paid_by is not None:
        theirs = theirs.set(paid_by.str.contains(_INSTALMENTS).fill_null(value=False), None)
    return {
        "total_name": constant(TOTAL, table.height),
        "total_theirs": theirs,
        "total_ours": added(after, None if shipping is None else shared_out(order, shipping, after)),
    }


def _skip_explanations(table: Columns) -> None:
    """Drop rows whose order id is a sentence ("Platform unique order ID.")."""
    order = table.text("Order ID")
    if order is None or not table.height:
        return
    table.used.pop()  # it is asked for again as a column
    table.keep(~order.str.contains(r"[A-Za-z]+\s").fill_null(value=True))


def _substatus(status: pl.Series, substatus: pl.Series | None) -> pl.Series:
    if substatus is None:
        return status
    second = status_of(substatus, None, len(status))
    frame = pl.DataFrame({"one": status, "two": second})
    return frame.select(pl.when(pl.col("one") == shape.SOLD).then(pl.col("two")).otherwise(pl.col("one"))).to_series()
