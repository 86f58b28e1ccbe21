"""WooCommerce by an export plugin: a row for each item, the order's money repeated on each, units less those back."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden, with_freight
from local.samples.catalog import RETURNED, SILENT
from local.samples.market import Line, Order, Scenario, market

_SCENARIO: Final = Scenario(cancelled=0.09, returned=0.01, returned_worst=0.5, discount=0.0, has_loser=False)
_FREIGHT: Final = 9.5
_HEADER: Final = (
    "Order Number", "Order Status", "Order Date", "Customer Note", "First Name (Billing)", "Last Name (Billing)",
    "Address 1&2 (Billing)", "City (Billing)", "Postcode (Billing)", "Email (Billing)", "Phone (Billing)",
    "Payment Method Title", "Cart Discount Amount", "Order Subtotal Amount", "Shipping Method Title",
    "Order Shipping Amount", "Order Refund Amount", "Order Total Amount", "Order Total Tax Amount", "Order Currency",
    "SKU", "Item #", "Item Name", "Quantity", "Quantity (- Refund)", "Item Cost", "Coupon Code",
)  # fmt: skip
_STATUS: Final = {"sold": "Completed", "returned": "Refunded", "cancelled": "Cancelled"}


def write(folder: Path, seed: int, rows: int) -> Golden:
    """Write the CSV; it tells no fees."""
    sold = market(Random(f"woocommerce-{seed}"), rows, _SCENARIO)
    path = folder / "orders-woocommerce.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        writer.writerows(_row(order, line, n) for order in sold.orders for n, line in enumerate(order.lines, 1))
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "cancellations": ""}
    truth = sold.truth(planted=planted, costs=False, returns=True)
    return Golden(path, ["own_store"], "woocommerce.orders", {"own_store": with_freight(truth, _FREIGHT)})


def _row(order: Order, line: Line, place: int) -> list[object]:
    buyer = order.buyer
    back = round(sum(each.refund for each in order.lines), 2)
    return [
        2000 + order.number, _STATUS[order.status], f"{order.at:%Y-%m-%d %H:%M}", "", buyer.name.split()[0],
        buyer.name.split()[-1], buyer.street, buyer.city, buyer.postcode, buyer.email, buyer.phone, "Pix", "0",
        f"{order.revenue:.2f}", "PAC", f"{_FREIGHT:.2f}", f"{back:.2f}", f"{order.revenue + _FREIGHT:.2f}", "0",
        "BRL", line.item.sku, place, line.item.title, line.units, line.units - line.returned_units,
        f"{line.price:.2f}", "",
    ]  # fmt: skip
