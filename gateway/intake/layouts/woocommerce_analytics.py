"""WooCommerce Analytics: its reports of orders and of products. Known from the program that writes them.

Its report by day is that of `sales_report`; its report by category counts a product in each of its categories, so that
nothing of it can be added up (`details`).
"""

from __future__ import annotations

import html
from typing import Final

import polars as pl

from gateway.intake.distinct import by_distinct
from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.day_or_month import sure_days
from gateway.intake.layouts.names import alternatives
from gateway.intake.layouts.orders import constant
from gateway.intake.layouts.payouts import amount, needed
from gateway.intake.layouts.store import CHANNEL
from gateway.intake.layouts.woocommerce import classes
from gateway.intake.values import currencies
from schemas.given import without_none

ORDERS: Final = "woocommerce.analytics_orders"
PRODUCTS: Final = "woocommerce.analytics_products"
NET: Final = "Net sales | N. Revenue | Net Revenue"
_UNITS: Final = "Items sold"
ORDERS_REQUIRED: Final = ("Order #", "Status", "Product(s)", _UNITS, NET)
ORDERS_TYPICAL: Final = ("Customer type", "Coupon(s)", "Attribution", "N. Revenue (formatted)")
PRODUCTS_REQUIRED: Final = ("Product title | Product / Variation title", _UNITS, NET, "Orders")
PRODUCTS_TYPICAL: Final = ("SKU", "Category", "Variations", "Stock")
#: `Status` is that of the stock here.
PRODUCTS_FIELDS: Final = {"Status": "", "Orders": ""}
WITHOUT_CANCELLED: Final = (
    "O relatório do WooCommerce Analytics deixa de fora os pedidos cancelados e não pagos: a taxa de cancelamento é "
    "desconhecida. A receita é a líquida: sem frete, impostos e cupons."
)
TAKEN_BACK: Final = "{rows} linha(s) com valor negativo são reembolsos: não contam como venda."
NET_OF_PRODUCTS: Final = (
    "As somas por produto do WooCommerce Analytics já são sem os reembolsos, o frete, os impostos e os cupons: quanto "
    "voltou é desconhecido."
)


def read_orders(table: Columns) -> pl.DataFrame:
    """Return the lines, one for each order: what is sold together is one text, and no product's own amount is told.

    A refund is a row of its own with a negative amount. An order that is refunded and has none is refunded whole.
    """
    net, units, order = needed(table, NET), needed(table, _UNITS), table.text("Order #")
    frame = pl.DataFrame(
        {
            "order": order,
            "status": classes(table.text("Status"), table.height),
            "net": net,
            "units": units,
        }
    ).with_columns(((pl.col("net") < 0) | (pl.col("units") < 0)).fill_null(value=False).alias("back"))
    if rows := int(frame["back"].sum()):
        table.warnings.append(TAKEN_BACK.format(rows=rows))
    table.warnings.append(WITHOUT_CANCELLED)
    sold = frame.filter(~pl.col("back"))["order"].drop_nulls()
    refunded = frame.filter("back")["order"].drop_nulls()
    whole = ~pl.col("back") & (pl.col("status") == shape.RETURNED) & ~pl.col("order").is_in(refunded.implode())
    told = frame.select(
        order_id=pl.when(~pl.col("back") | pl.col("order").is_in(sold.implode())).then("order"),
        status="status",
        units=pl.when("back").then(0.0).otherwise("units"),
        revenue=pl.when("back").then(0.0).otherwise("net"),
        refund=pl.when("back").then(-pl.col("net")).when(whole).then("net").otherwise(0.0),
        returned_units=pl.when("back").then(pl.col("units").abs()).when(whole).then("units").otherwise(0.0),
    )
    columns: dict[str, pl.Series | None] = {one.name: one for one in told}
    columns |= {
        "row": table.rows,
        "channel": constant(CHANNEL, table.height),
        "at": sure_days(table, "Date", optional=True),
        "currency": _currency(table.text("N. Revenue (formatted)", optional=True)),
    }
    if not (told["status"] == shape.CANCELLED).any():
        columns["payment_only"] = pl.Series([True]).new_from_index(0, table.height)
    return shape.lines(without_none(columns), table.height)


def read_products(table: Columns) -> pl.DataFrame:
    """Return the lines, one for each product or variation; neither orders nor days are known."""
    table.warnings.append(NET_OF_PRODUCTS)
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": constant(CHANNEL, table.height),
        "sku": table.text("SKU", optional=True),
        "title": table.text(*alternatives(PRODUCTS_REQUIRED[0])),
        "units": amount(table, _UNITS),
        "revenue": needed(table, NET),
    }
    return shape.lines(without_none(columns), table.height)


def _currency(formatted: pl.Series | None) -> pl.Series | None:
    """Return the currency that an amount is shown with: its sign is written as on a page (`R&#36;50.00`)."""
    if formatted is None:
        return None
    shown = by_distinct(
        formatted, lambda texts: pl.Series([text and html.unescape(text) for text in texts], dtype=pl.String)
    )
    return currencies(shown)
