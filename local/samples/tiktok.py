"""TikTok Shop: English headers, a second row that explains each column, ids padded with a tab."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Final

from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Line, Order, Scenario, market
from local.samples.truth import Sample, Truth

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
_STATUS: Final = {"sold": "Completed", "returned": "Completed", "cancelled": "Canceled", "unpaid": "Unpaid"}
_KIND: Final = {"sold": "", "returned": "Return/Refund", "cancelled": "Cancel", "unpaid": ""}


def write(folder: Path, seed: int, rows: int) -> Sample:
    """Write the CSV with both heading rows."""
    sold = market(Random(f"tiktok-{seed}"), rows, _SCENARIO)  # noqa: S311 - sample data
    path = folder / "tiktok_shop_pedidos.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([name for name, _ in _COLUMNS])
        writer.writerow([explanation for _, explanation in _COLUMNS])
        writer.writerows(_row(order, line) for order in sold.orders for line in order.lines)
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "cancellations": "", "discounts": ""}
    truth = sold.truth(planted=planted, costs=False, returns=True)
    return Sample(
        path, ["tiktok_shop"], "Pedidos do TikTok Shop", Truth("tiktok.orders", {"tiktok_shop": truth}, sold.secrets)
    )


def _row(order: Order, line: Line) -> list[object]:
    buyer = order.buyer
    before = round(line.list_price * line.units, 2)
    own = round(before - line.revenue, 2)
    platform = 2.5
    refunded = order.revenue if order.status in ("returned", "cancelled") else 0
    return [
        f"57{order.number:016d}\t", _STATUS[order.status], "Completed" if order.status == "sold" else "",
        _KIND[order.status], "Normal", f"17{sum(map(ord, line.item.sku)):016d}\t", line.item.sku, line.item.title,
        "Default", line.units, line.returned_units, f"{line.list_price:.2f}", f"{before:.2f}", f"{platform:.2f}",
        f"{own:.2f}", f"{line.revenue - platform:.2f}", "0.00", f"{order.revenue:.2f}", f"{refunded:.2f}",
        f"{order.at:%d/%m/%Y %H:%M:%S}\t", f"{order.at:%d/%m/%Y %H:%M:%S}\t", f"{order.dispatched:%d/%m/%Y %H:%M:%S}\t",
        "Changed my mind" if order.status == "cancelled" else "", buyer.login, buyer.name, buyer.phone, buyer.postcode,
        buyer.street,
    ]  # fmt: skip
