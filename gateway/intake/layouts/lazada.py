"""Lazada: its export of orders, a row for each piece, and its statement of account. Known from programs alone.

Dafiti, Zalora and Jumia, which began with the same program, export orders with the same columns in words.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.channel_words import channel_column, one_channel
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import where_returned
from gateway.intake.layouts.payouts import Movements, leave_out_unfilled, needed, payout_lines, text_of
from gateway.intake.layouts.status import classified_as, status_of
from schemas.given import without_none

ORDERS: Final = "lazada.orders"
ORDERS_REQUIRED: Final = ("orderItemId", "orderNumber", "sellerSku", "paidPrice", "unitPrice", "status")
ORDERS_TYPICAL: Final = ("lazadaSku", "lazadaId", "createTime", "itemName", "payMethod", "shippingFee")
SELLER_CENTER: Final = "seller_center.orders"
SELLER_CENTER_REQUIRED: Final = ("Order Item Id", "Order Number", "Seller SKU", "Paid Price", "Unit Price", "Status")
SELLER_CENTER_TYPICAL: Final = ("Item Name", "Created at", "Shipping Fee", "Wallet Credits", "CD Shipping Provider")
STATEMENT: Final = "lazada.statement"
STATEMENT_REQUIRED: Final = (
    "Transaction Date", "Transaction Type", "Fee Name", "Amount", "Order No.", "Order Item No.",
)  # fmt: skip
STATEMENT_TYPICAL: Final = ("Transaction Number", "Lazada SKU", "Seller SKU", "Statement", "Paid Status")
PAID: Final = (
    "A receita é o preço pago pelo comprador: cupons do canal, que ele devolve a você, podem já ter sido tirados dele."
)
#: What was sent and came back without being taken: the seller is not paid for it.
_BACK: Final = [("^failed|failed.delivery|delivery.failed|lost|damaged", shape.RETURNED)]


def read_orders(table: Columns) -> pl.DataFrame:
    """Return the lines. The revenue is the price less what the seller took off it; `pending` waits to be packed."""
    text = table.text("status", "Status")
    status = status_of(text, None, table.height)
    if text is not None:
        back = classified_as(text, _BACK)
        status = back.zip_with(back == shape.RETURNED, status)
    price, discount = table.number("unitPrice", "Unit Price"), table.number("sellerDiscountTotal", optional=True)
    revenue = table.number("paidPrice", "Paid Price")
    if price is not None and discount is not None:
        discount = discount.abs().fill_null(0.0)
        revenue = price - discount
    else:
        table.warnings.append(PAID)
    one = pl.Series([1.0]).new_from_index(0, table.height)
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": channel_column(table, None, list(table.channels), None),
        "order_id": table.text("orderNumber", "Order Number"),
        "sku": table.text("sellerSku", "Seller SKU"),
        "listing": table.text("lazadaSku", optional=True),
        "title": table.text("itemName", "Item Name"),
        "at": table.moment("createTime", "Created at"),
        "status": status,
        "units": one,
        "unit_price": price,
        "returned_units": where_returned(status, one, is_told=text is not None),
        "revenue": revenue,
        "refund": where_returned(status, revenue, is_told=text is not None),
        "discount": discount,
    }
    return shape.lines(without_none(columns), table.height)


def read_statement(table: Columns) -> pl.DataFrame:
    """Return the lines: each row of the file is one amount; those of one piece make a sale or a refund."""
    leave_out_unfilled(table, "Amount", "Order No.")
    kind, name = text_of(table, "Transaction Type"), text_of(table, "Fee Name")
    frame = pl.DataFrame(
        {
            "kind": kind,
            "name": name,
            "net": needed(table, "Amount"),
            "order": text_of(table, "Order No."),
            "item": text_of(table, "Order Item No."),
            "sku": table.text("Seller SKU"),
            "row": table.rows,
        }
    ).with_columns(at=_day(table))
    of_order, price = pl.col("order").is_not_null(), pl.col("name").str.contains("(?i)item price")
    freight = pl.concat_str("kind", pl.lit(" "), "name", ignore_nulls=True).str.contains("(?i)logistic|shipping")
    frame = frame.with_columns(
        back=pl.col("kind").str.contains("(?i)^(refund|return)").fill_null(value=False),
        of=pl.when(of_order).then(pl.lit("")).otherwise(pl.coalesce("name", "kind")),
        goods=pl.when(of_order & price).then("net").otherwise(0.0),
        freight=pl.when(of_order & freight & ~price).then("net").otherwise(0.0),
        fees=pl.when(of_order & ~freight & ~price).then("net").otherwise(0.0),
    )
    items = frame.group_by("order", "item", "back", "of", maintain_order=True).agg(
        pl.col("row", "at", "sku", "kind").first(), pl.col("net", "goods", "freight", "fees").sum()
    )
    sold = (items["goods"] > 0) & ~items["back"]
    moved = Movements(
        channel=one_channel(table, list(table.channels), None, items.height),
        sold=sold,
        back=(items["goods"] < 0) & items["back"],
        kind=items.select(pl.when(pl.col("of") != "").then("of").otherwise("kind")).to_series(),
        net=items["net"],
        net_name="Amount",
        order=items["order"],
        goods=items["goods"],
        fees=items["fees"],
        freight=items["freight"],
        units=pl.Series([1.0]).new_from_index(0, items.height),
        sku=items["sku"],
        at=items["at"],
        rows=items["row"],
    )
    return payout_lines(table, moved, "lançamento")


def _day(table: Columns) -> pl.Series:
    at = table.moment("Transaction Date")
    return pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, table.height) if at is None else at
