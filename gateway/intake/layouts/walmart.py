"""Walmart's marketplace: its report of orders, and its payment report, a row for each amount of an order's item.

Known from descriptions and programs that read them, not from a file.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.channel_words import channel_column, one_channel
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import where_returned
from gateway.intake.layouts.payouts import Movements, leave_out_unfilled, needed, payout_lines, text_of
from gateway.intake.layouts.status import status_of
from gateway.intake.values import says
from schemas.given import without_none

ORDERS: Final = "walmart.orders"
ORDERS_REQUIRED: Final = ("PO#", "Order#", "Order Date", "Qty", "SKU", "Item Cost")
ORDERS_TYPICAL: Final = ("Line#", "Item Description", "Shipping Tier", "Fulfillment Entity", "FLIDS", "Status")
#: What columns are, where their names alone would mislead.
ORDERS_FIELDS: Final = {"Item Cost": "price", "Order#": "order_id", "PO#": ""}
PAYMENTS: Final = "walmart.payments"
PAYMENTS_REQUIRED: Final = (
    *("Transaction Type", "Amount", "Amount Type", "Customer Order #", "Purchase Order #"),
    "Transaction Posted Timestamp",
)
PAYMENTS_TYPICAL: Final = ("Period Start Date", "Commission Rate", "Partner Item Id", "Partner Item Name", "Ship Qty")
ITEM_COST: Final = (
    "A receita é “Item Cost” vezes as unidades, o que o comprador paga pelo produto; o frete e os impostos dele não "
    "estão nela. As tarifas do canal não estão no relatório."
)
_SALE: Final = r"^sale"
_BACK: Final = r"^(refund|return)"
_GOODS: Final = r"^(product|item) (price|total)"
_FREIGHT: Final = r"^(product |item )?shipping( price)?$"
_TAX: Final = r"\btax\b"


def read_orders(table: Columns) -> pl.DataFrame:
    """Return the lines of items. The column named item cost is the price to the buyer."""
    units, price = table.number("Qty"), table.number("Item Cost")
    status = status_of(table.text("Status", optional=True), None, table.height)
    revenue = None if units is None or price is None else units * price
    table.warnings.append(ITEM_COST)
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": channel_column(table, None, list(table.channels), None),
        "order_id": table.text("Order#"),
        "sku": table.text("SKU"),
        "title": table.text("Item Description", optional=True),
        "at": table.moment("Order Date", day_first=False),
        "status": status,
        "units": units,
        "unit_price": price,
        "returned_units": where_returned(status, units),
        "revenue": revenue,
        "refund": where_returned(status, revenue),
    }
    return shape.lines(without_none(columns), table.height)


def read_payments(table: Columns) -> pl.DataFrame:
    """Return the lines: the amounts of an order's item are one sale, or one refund. Taxes are the state's."""
    leave_out_unfilled(table, "Amount", "Customer Order #")
    kind, what = text_of(table, "Transaction Type"), text_of(table, "Amount Type")
    value = needed(table, "Amount")
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, table.height)
    sku, title = table.text("Partner Item Id", optional=True), table.text("Partner Item Name", optional=True)
    units, at = table.number("Ship Qty", optional=True), table.moment(PAYMENTS_REQUIRED[-1], day_first=False)
    code = table.text("Currency", optional=True)
    tax, goods, freight = says(what, _TAX), says(what, _GOODS), says(what, _FREIGHT)
    frame = pl.DataFrame(
        {
            "row": table.rows,
            "kind": kind,
            "order": text_of(table, "Customer Order #"),
            "sku": blank if sku is None else sku,
            "title": blank if title is None else title,
            "units": pl.Series([None], dtype=pl.Float64).new_from_index(0, table.height) if units is None else units,
            "at": at,
            "currency": blank if code is None else code,
            "net": value.zip_with(~tax, value * 0),
            "goods": value.zip_with(goods & ~tax, value * 0),
            "freight": value.zip_with(freight & ~tax, value * 0),
            "fees": value.zip_with(~(goods | freight | tax), value * 0),
            "is_goods": goods & ~tax,
        }
    )
    items = frame.group_by("kind", "order", "sku", maintain_order=True).agg(
        pl.col("row", "title", "at", "currency").first(),
        pl.col("net", "goods", "freight", "fees").sum(),
        pl.col("units").filter("is_goods").sum(),
    )
    sold, back = says(items["kind"], _SALE), says(items["kind"], _BACK)
    moved = Movements(
        channel=one_channel(table, list(table.channels), None, items.height),
        sold=sold,
        back=back & items["order"].is_not_null(),
        kind=items["kind"],
        net=items["net"],
        net_name="Amount",
        order=items["order"],
        goods=items["goods"],
        fees=items["fees"],
        freight=items["freight"],
        units=items["units"],
        sku=items["sku"],
        title=items["title"],
        at=items["at"],
        currency=None if code is None else items["currency"],
        rows=items["row"],
    )
    return payout_lines(table, moved, "lançamento")
