"""TikTok Shop: English headers, a second row that explains each column, amounts in BRL, times with AM and PM."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final

from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Line, Market, Order, Scenario, market
from local.samples.truth import Sample, Truth
from local.samples.workbook import brazilian

_SCENARIO: Final = Scenario(cancelled=0.09, discount=0.18, returned_worst=0.3, has_loser=False, last_month=1.5)
_COLUMNS: Final = (
    ("Order ID", "Platform unique order ID."),
    ("Order Status", "Current order status."),
    ("Order Substatus", "Order substatus."),
    ("Cancelation/Return Type", "Cancelation or return type of the order."),
    ("Normal or Pre-order", "Platform order type."),
    ("SKU ID", "Platform SKU ID."),
    ("Seller SKU", "Seller SKU input by the seller."),
    ("Product Name", "Product name."),
    ("Variation", "Platform SKU variation."),
    ("Quantity", "SKU sold quantity in the order."),
    ("Sku Quantity of return", "SKU return quantity."),
    ("SKU Unit Original Price", "It's the unit price of the SKU."),
    ("SKU Subtotal Before Discount", "It equals SKU Unit Original Price * SKU quantity."),
    ("SKU Platform Discount", "The total discount for this SKU ID by platform."),
    ("SKU Seller Discount", "The total discount for this SKU ID by seller."),
    ("SKU Subtotal After Discount", "It equals SKU subtotal before discount minus discounts."),
    ("Shipping Fee After Discount", "Shipping fee paid by the buyer."),
    ("Order Amount", "It equals SKU subtotal after discount plus fees."),
    ("Order Refund Amount", "Refund amount of the order."),
    ("Created Time", "Order created time."),
    ("Paid Time", "Order paid time."),
    ("Shipped Time", "Order shipped time."),
    ("Cancel Reason", "Order cancel reason."),
    ("Buyer Username", "Buyer nickname on the platform."),
    ("Recipient", "Recipient name."),
    ("Phone #", "Recipient phone number."),
    ("Zipcode", "Recipient postcode."),
    ("Detail Address", "Recipient address."),
)
_FREIGHT: Final = 7.2
_PLATFORM_DISCOUNT: Final = 2.5
_STATUS: Final = {"sold": "Enviado", "returned": "Concluído", "cancelled": "Cancelado", "unpaid": "Não pago"}
_KIND: Final = {"sold": "", "returned": "Return/Refund", "cancelled": "Cancel", "unpaid": ""}


def write(folder: Path, seed: int, rows: int) -> Sample:
    """Write the CSV with both heading rows."""
    sold = market(Random(f"tiktok-{seed}"), rows, _SCENARIO)  # noqa: S311 - sample data
    path = folder / "tiktok_shop_pedidos.csv"
    write_sold(path, sold)
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "cancellations": "", "discounts": ""}
    truth = sold.truth(planted=planted, costs=False, returns=True)
    return Sample(
        path, ["tiktok_shop"], "Pedidos do TikTok Shop", Truth("tiktok.orders", {"tiktok_shop": truth}, sold.secrets)
    )


def write_sold(path: Path, sold: Market) -> None:
    """Write these orders as the marketplace does."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([name for name, _ in _COLUMNS])
        writer.writerow([explanation for _, explanation in _COLUMNS])
        writer.writerows(_row(order, line) for order in sold.orders for line in order.lines)


def _row(order: Order, line: Line) -> list[object]:
    buyer = order.buyer
    before = round(line.list_price * line.units, 2)
    own = round(before - line.revenue, 2)
    platform = _PLATFORM_DISCOUNT
    paid = order.revenue - platform * len(order.lines) + _FREIGHT
    refunded = order.revenue if order.status in ("returned", "cancelled") else 0
    return [
        f"57{order.number:016d}\t", _STATUS[order.status], "Entregue" if order.status == "sold" else "",
        _KIND[order.status], "Normal", f"17{sum(map(ord, line.item.sku)):016d}\t", line.item.sku, line.item.title,
        "Default", line.units, line.returned_units, _brl(line.list_price), _brl(before), _brl(platform),
        _brl(own), _brl(line.revenue - platform), _brl(_FREIGHT), _brl(paid), _brl(refunded), _time(order.at),
        _time(order.at), _time(order.dispatched),
        "Changed my mind" if order.status == "cancelled" else "", buyer.login, buyer.name, buyer.phone, buyer.postcode,
        buyer.street,
    ]  # fmt: skip


def _brl(amount: float) -> str:
    return f"BRL {brazilian(amount)}"


def _time(at: datetime) -> str:
    """Return `03/02/2026 4:25:15 PM`, month first, padded with a tab."""
    return f"{at:%m/%d/%Y} {at.hour % 12 or 12}:{at:%M:%S} {'PM' if at.hour >= 12 else 'AM'}\t"
