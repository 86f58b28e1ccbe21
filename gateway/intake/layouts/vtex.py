"""VTEX, the orders report: a row per SKU, the order's total and freight on each of its rows."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import either
from gateway.intake.layouts.status import status_of
from gateway.intake.layouts.store import Sale, store_lines
from gateway.intake.values import classify

NAME: Final = "vtex.orders"
REQUIRED: Final = ("Order", "Creation Date", "Quantity_SKU", "SKU Selling Price", "Total Value")
TYPICAL: Final = ("ID_SKU", "SKU Name", "SKU Total Price", "Shipping Value", "Reference Code", "Discounts Totals")
#: What columns are, where their names alone would mislead.
FIELDS: Final = {"Shipping Value": "", "Reference Code": "sku", "Quantity_SKU": "units", "SKU Selling Price": "price"}
#: What VTEX says in English or Portuguese and the common words do not cover.
_UNPAID: Final = r"payment.pending|pagamento pendente|aguardando autoriza|waiting.for.(payment|seller)|payment.denied"


def read(table: Columns) -> pl.DataFrame:
    """Return the lines. `Total Value` is shared out to the SKUs by their prices; discounts are negative there."""
    order = table.text("Order")
    assert order is not None
    units = table.number("Quantity_SKU")
    text = table.text("Status")
    status = status_of(text, None, table.height)
    if text is not None:
        frame = pl.DataFrame({"text": text, "status": status})
        waits = classify(pl.col("text"), [(_UNPAID, shape.UNPAID)], None)
        status = frame.select(pl.coalesce(waits, "status").alias("status")).to_series()
    return store_lines(
        table,
        Sale(
            order=order,
            # the seller's own code, and VTEX's where there is none
            sku=either(table.text("Reference Code", optional=True), table.text("ID_SKU")),
            title=table.text("SKU Name"),
            at=table.moment("Creation Date"),
            status=status,
            units=units,
            price=table.number("SKU Selling Price"),
            total=table.number("Total Value"),
            total_name="Total Value",
            taxes=table.number("Taxes", optional=True),
            freight=table.number("Shipping Value", optional=True),
            discount=table.number("Discounts Totals", optional=True),
            currency=table.text("Currency Code"),
        ),
    )
