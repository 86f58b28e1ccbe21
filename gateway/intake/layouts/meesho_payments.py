"""Meesho: the payments of orders. A row is a sub-order, with its return beside its sale."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts.channel_words import channel_column
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.lines import NOT_SOLD
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import Movements, amounts, needed, payout_lines, text_of, zero_amounts
from gateway.intake.layouts.status import status_of

NAME: Final = "meesho.payments"
_SALE: Final = (
    "Total Sale Amount (Incl. Shipping & GST) | Total Sale Amount (Incl. Commission & GST) | Total Sale Amount"
)
_RETURN: Final = (
    "Total Sale Return Amount (Incl. Shipping & GST) | Sale Return Amount (Incl. Shipping & GST) | "
    "Sale Return Amount (Incl. GST) | Total Sale Return Amount"
)
REQUIRED: Final = ("Sub Order No", "Live Order Status", "Final Settlement Amount", _SALE)
TYPICAL: Final = ("Supplier SKU", "Meesho Commission (Incl. GST)", "TCS", "TDS", "Price Type", "Transaction ID")
_FREIGHT: Final = ("Shipping Charge (Incl. GST)", "Return Shipping Charge (Incl. GST)")
WITHHELD: Final = (
    "As tarifas são o que falta entre a venda e “Final Settlement Amount”, sem o frete e as devoluções: comissão, "
    "serviços, impostos retidos (TCS, TDS) e compensações."
)


def read(table: Columns) -> pl.DataFrame:
    """Return the lines of sub-orders, each with its refund and its net."""
    net, goods = table.number("Final Settlement Amount"), needed(table, _SALE)
    assert net is not None  # blank: not settled yet, so that what is left and the fees are unknown
    zero = zero_amounts(table.height)
    refund, freight = amounts(table, _RETURN), amounts(table, *_FREIGHT)
    status = status_of(text_of(table, "Live Order Status"), None, table.height)
    units = table.number("Quantity", optional=True)
    channel = channel_column(table, None, list(table.channels), None)
    moved = Movements(
        channel=pl.Series([None], dtype=pl.String).new_from_index(0, table.height) if channel is None else channel,
        sold=pl.Series([True]).new_from_index(0, table.height),
        back=pl.Series([False]).new_from_index(0, table.height),
        kind=constant("", table.height),
        net=net,
        net_name="Final Settlement Amount",
        order=table.text("Sub Order No"),
        goods=goods,
        fees=net - goods - (zero if refund is None else refund) - (zero if freight is None else freight),
        freight=freight,
        refund=refund,
        units=units,
        sku=table.text("Supplier SKU", optional=True),
        title=table.text("Product Name", optional=True),
        at=table.moment("Order Date", optional=True),
    )
    table.warnings.append(WITHHELD)
    rupees = pl.lit("INR").alias("assumed_currency")  # it sells in India alone
    # what was cancelled before it was settled is not in it: of the others the status says nothing of that
    told = pl.when(status.is_in(NOT_SOLD)).then(status).alias("status")
    lines = payout_lines(table, moved, "pedido").with_columns(told, rupees, pl.lit(value=True).alias("payment_only"))
    if units is None or refund is None:
        return lines
    back = pl.when(pl.col("refund") > 0).then(pl.col("units")).otherwise(0.0)
    return lines.with_columns(back.alias("returned_units"))
