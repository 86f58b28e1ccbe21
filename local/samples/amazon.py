"""Amazon: the all-orders report as tab-separated TXT, and the sales report as CSV, month first."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Final

from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.truth import Sample, Truth

_ORDERS: Final = Scenario(cancelled=0.08, discount=0.0, last_month=0.65, has_loser=False)
_SALES: Final = Scenario(cancelled=0.13, returned_worst=0.4, has_loser=False)

_ORDERS_HEADER: Final = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status",
    "fulfillment-channel", "sales-channel", "order-channel", "ship-service-level", "product-name", "sku", "asin",
    "item-status", "quantity", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax",
    "gift-wrap-price", "gift-wrap-tax", "item-promotion-discount", "ship-promotion-discount", "ship-city",
    "ship-state", "ship-postal-code", "ship-country", "promotion-ids", "buyer-email", "buyer-name",
)  # fmt: skip
_SALES_HEADER: Final = (
    "index", "Order ID", "Date", "Status", "Fulfilment", "Sales Channel ", "ship-service-level", "Style", "SKU",
    "Category", "Size", "ASIN", "Courier Status", "Qty", "currency", "Amount", "ship-city", "ship-state",
    "ship-postal-code", "ship-country", "promotion-ids", "B2B", "fulfilled-by", "",
)  # fmt: skip
_ORDER_STATUS: Final = {"sold": "Shipped", "returned": "Shipped", "cancelled": "Cancelled", "unpaid": "Pending"}
_SALES_STATUS: Final = {
    "sold": "Shipped - Delivered to Buyer",
    "returned": "Shipped - Returned to Seller",
    "cancelled": "Cancelled",
    "unpaid": "Pending",
}


def write_orders(folder: Path, seed: int, rows: int) -> Sample:
    """Write the all-orders report; it has no fees and tells of no returns."""
    sold = market(Random(f"amazon-{seed}"), rows, _ORDERS)  # noqa: S311 - sample data
    path = folder / "amazon_todos_os_pedidos.txt"
    write_sold(path, sold)
    planted = {"stock-out": SILENT.sku, "cancellations": "", "falling-sales": ""}
    truth = sold.truth(planted=planted, costs=False, returns=False)
    return Sample(path, ["amazon"], "Pedidos da Amazon", Truth("amazon.orders", {"amazon": truth}, sold.secrets))


def write_sold(path: Path, sold: Market) -> None:
    """Write these orders as the marketplace does."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(_ORDERS_HEADER)
        writer.writerows(_order_row(order, line) for order in sold.orders for line in order.lines)


def _order_row(order: Order, line: Line) -> list[object]:
    buyer = order.buyer
    is_cancelled = order.status == "cancelled"
    return [
        f"701-{order.number:07d}-{order.number % 9973:07d}", "", f"{order.at:%Y-%m-%dT%H:%M:%S+00:00}",
        f"{order.dispatched:%Y-%m-%dT%H:%M:%S+00:00}", _ORDER_STATUS[order.status], "Merchant", "Amazon.com.br",
        "", "Standard", line.item.title, line.item.sku, f"B0{sum(map(ord, line.item.sku)):08d}",
        "Cancelled" if is_cancelled else "Shipped", 0 if is_cancelled else line.units, "BRL",
        "" if is_cancelled else f"{line.revenue:.2f}", "0.00", "9.90", "0.00", "", "", "", "",
        buyer.city, buyer.state, buyer.postcode, "BR", "", buyer.email, buyer.name,
    ]  # fmt: skip


def write_sales(folder: Path, seed: int, rows: int) -> Sample:
    """Write the sales report: month-first dates, spaces in names, missing amounts, an unnamed last column."""
    sold = market(Random(f"amazon-sales-{seed}"), rows, _SALES)  # noqa: S311 - sample data
    path = folder / "amazon_sale_report.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_SALES_HEADER)
        writer.writerows(
            _sale_row(number, order, line)
            for number, (order, line) in enumerate((o, li) for o in sold.orders for li in o.lines)
        )
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "cancellations": ""}
    truth = sold.truth(planted=planted, costs=False, returns=True)
    return Sample(path, ["amazon"], "Vendas da Amazon", Truth("amazon.sales", {"amazon": truth}, _secrets(sold)))


def _secrets(sold: Market) -> list[str]:
    """Return the buyers' data in this report: the postcode only."""
    return [buyer.postcode for buyer in sold.buyers]


def _sale_row(number: int, order: Order, line: Line) -> list[object]:
    buyer = order.buyer
    is_cancelled = order.status == "cancelled"
    return [
        number, f"405-{order.number:07d}-{order.number % 9973:07d}", f"{order.at:%m-%d-%y}",
        _SALES_STATUS[order.status], "Merchant", "Amazon.com.br ", "Standard", line.item.sku[:3], line.item.sku,
        line.item.title, "M", f"B0{sum(map(ord, line.item.sku)):08d}", "" if is_cancelled else "Shipped",
        line.units, "" if is_cancelled else "BRL", "" if is_cancelled else line.revenue, buyer.city.upper(),
        buyer.state, buyer.postcode, "BR", "", "False", "Easy Ship", "",
    ]  # fmt: skip
