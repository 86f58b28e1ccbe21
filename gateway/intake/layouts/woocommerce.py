"""WooCommerce, orders by the export plugin that most stores use. Known from programs that read it, not from a file."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.status import status_of
from gateway.intake.layouts.store import Sale, store_lines, whole_order
from gateway.intake.values import classify

NAME: Final = "woocommerce.orders"
REQUIRED: Final = ("Order Number", "Order Status", "Order Date", "Item Cost", "Order Total Amount")
TYPICAL: Final = ("SKU", "Item Name", "Quantity", "Quantity (- Refund)", "Order Shipping Amount", "Order Refund Amount")
#: What columns are, where their names alone would mislead.
FIELDS: Final = {"Order Shipping Amount": "", "Item Cost": "price", "Quantity (- Refund)": ""}
_STATUS: Final = [
    (r"on.?hold|pendente|aguard|\bpending\b|\bdraft\b", shape.UNPAID),
    (r"failed|malsucedid|falhou", shape.CANCELLED),
]


def read(table: Columns) -> pl.DataFrame:
    """Return the lines. Units are those sold; where both counts are there, their difference came back."""
    order = table.text("Order Number")
    assert order is not None
    kept = table.number("Quantity (- Refund)", optional=True)
    sold = table.number("Quantity", optional=True)
    units = kept if sold is None else sold
    text = table.text("Order Status")
    status = classes(None if text is None else whole_order(order, text), table.height)
    return store_lines(
        table,
        Sale(
            order=order,
            sku=table.text("SKU"),
            title=table.text("Item Name", "Name", "Product Name"),
            at=table.moment("Order Date"),
            status=status,
            units=units,
            price=table.number("Item Cost"),
            total=table.number("Order Total Amount"),
            total_name="Order Total Amount",
            taxes=table.number("Order Total Tax Amount", optional=True),
            freight=table.number("Order Shipping Amount", optional=True),
            discount=table.number("Cart Discount Amount", optional=True),
            refund=table.number("Order Refund Amount", optional=True),
            currency=table.text("Currency", "Order Currency", optional=True),
            returned_units=None if kept is None or sold is None else sold - kept,
        ),
    )


def classes(text: pl.Series | None, height: int) -> pl.Series:
    """Return the status class of each row by WooCommerce's words for it."""
    status = status_of(text, None, height)
    if text is None:
        return status
    frame = pl.DataFrame({"text": text, "status": status})
    return frame.select(pl.coalesce(classify(pl.col("text"), _STATUS, None), "status").alias("status")).to_series()
