"""Amazon: the all-orders report (CSV or tab-separated) and the widely shared sales report."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.layouts import lines as shape
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.orders import constant, where_returned
from gateway.intake.layouts.status import status_of
from gateway.intake.layouts.waiting import amount_of
from gateway.intake.values import says
from schemas.given import without_none

CHANNEL: Final = "amazon"
ORDERS: Final = "amazon.orders"
ORDERS_REQUIRED: Final = ("amazon-order-id", "purchase-date", "order-status", "quantity", "item-price")
ORDERS_TYPICAL: Final = ("sku", "asin", "fulfillment-channel", "item-status", "sales-channel")
SHIPMENTS: Final = "amazon.shipments"
SHIPMENTS_REQUIRED: Final = ("amazon-order-id", "shipment-id", "purchase-date", "quantity-shipped", "item-price")
SHIPMENTS_TYPICAL: Final = ("shipment-item-id", "shipment-date", "fulfillment-center-id", "item-promotion-discount")
SENT_ONLY: Final = (
    "É um relatório de remessas: traz só o que a Amazon enviou. Pedidos cancelados, não pagos e devolvidos não "
    "aparecem nele, por isso as taxas de cancelamento e de devolução são desconhecidas."
)
SALES: Final = "amazon.sales"
SALES_REQUIRED: Final = ("Order ID", "Date", "Status", "Qty", "Amount")
PENDING: Final = (
    "{rows} linha(s) estão pendentes (Pending): a Amazon ainda não autorizou o pagamento, e elas não contam como venda "
    "(valor: {amount})."
)
SALES_TYPICAL: Final = ("ASIN", "Fulfilment", "Sales Channel", "Courier Status", "B2B", "Style")


def read_orders(table: Columns) -> pl.DataFrame:
    """Return the lines. `item-price` is the whole row's price; fees are not part of this report."""
    height = table.height
    sales_channel = table.text("sales-channel", optional=True)
    if sales_channel is not None:
        elsewhere = says(sales_channel, "^non-amazon")
        if elsewhere.any():
            table.warnings.append(f"{int(elsewhere.sum())} pedido(s) de fora da Amazon não foram contados.")
            table.keep(~elsewhere)
            height = table.height
    text = table.text("order-status")
    status = status_of(text, table.text("item-status", optional=True), height)
    units = table.number("quantity")
    revenue = table.number("item-price")
    status = _without_pending(table, status, text, revenue)
    discount = table.number("item-promotion-discount")
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "order_id": table.text("amazon-order-id"),
        "sku": table.text("sku", "asin"),
        "listing": table.text("asin", optional=True),
        "title": table.text("product-name"),
        "at": table.moment("purchase-date", day_first=False),
        "units": units,
        "revenue": _less(revenue, discount),
        "discount": None if discount is None else discount.abs(),
        "currency": table.text("currency"),
    }
    return shape.lines(without_none(columns) | _common(status, units, None), height)


def read_shipments(table: Columns) -> pl.DataFrame:
    """Return the lines of Amazon's shipments, which do not show whether an order was cancelled or returned."""
    table.warnings.append(SENT_ONLY)
    at, sent = (table.moment(name, day_first=False) for name in ("purchase-date", "shipment-date"))
    discount = table.number("item-promotion-discount", optional=True)
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "channel": constant(CHANNEL, table.height),
        "order_id": table.text("amazon-order-id"),
        "sku": table.text("sku"),
        "title": table.text("product-name"),
        "at": at,
        "units": table.number("quantity-shipped"),
        "revenue": _less(table.number("item-price"), discount),
        "discount": None if discount is None else discount.abs(),
        "ship_days": None if at is None or sent is None else (sent - at).dt.total_minutes() / 1440,
        "currency": table.text("currency"),
    }
    return shape.lines(without_none(columns), table.height)


def read_sales(table: Columns) -> pl.DataFrame:
    """Return the lines. Dates are month first; a missing amount stays unknown."""
    height = table.height
    text = table.text("Status")
    status = status_of(text, table.text("Courier Status", optional=True), height)
    units = table.number("Qty")
    revenue = table.number("Amount")
    status = _without_pending(table, status, text, revenue)
    if revenue is not None and revenue.null_count():
        table.warnings.append(f"{revenue.null_count()} linha(s) sem valor (Amount) não entraram na receita.")
    style = table.text("Style", optional=True)
    columns: dict[str, pl.Series | None] = {
        "row": table.rows,
        "order_id": table.text("Order ID"),
        "sku": table.text("SKU", "ASIN"),
        "listing": table.text("ASIN", optional=True),
        "title": table.text("Category", optional=True) if style is None else style,
        "at": table.moment("Date", day_first=False),
        "units": units,
        "revenue": revenue,
        "currency": table.text("currency"),
    }
    return shape.lines(without_none(columns) | _common(status, units, revenue, is_told=text is not None), height)


def _without_pending(table: Columns, status: pl.Series, text: pl.Series | None, revenue: pl.Series | None) -> pl.Series:
    """Return the status where what Amazon calls pending is unpaid: its payment is not authorised yet."""
    if text is None:
        return status
    waits = says(text, "^pending$")
    if not waits.any():
        return status
    table.warnings.append(PENDING.format(rows=int(waits.sum()), amount=amount_of(waits, revenue)))
    return status.zip_with(~waits, constant(shape.UNPAID, len(status)))


def _common(
    status: pl.Series, units: pl.Series | None, revenue: pl.Series | None, *, is_told: bool = False
) -> dict[str, pl.Series]:
    """Return the columns that follow from the status: what came back, and its money where it is known."""
    amounts = {"returned_units": units, "refund": revenue}
    told = {name: where_returned(status, amount, is_told=is_told) for name, amount in amounts.items()}
    return {"channel": constant(CHANNEL, len(status)), "status": status} | without_none(told)


def _less(revenue: pl.Series | None, discount: pl.Series | None) -> pl.Series | None:
    if revenue is None or discount is None:
        return revenue
    return revenue - discount.abs().fill_null(0)
