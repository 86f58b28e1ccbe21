"""Shopify `orders_export`: a row for each item, the order's own fields on its first row only."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from local.samples.catalog import SILENT
from local.samples.market import Order, Scenario, market

_SCENARIO: Final = Scenario(cancelled=0.07, returned_worst=0.0, returned=0.0, discount=0.0, last_month=0.6)
_HEADER: Final = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing",
    "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method",
    "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price", "Lineitem sku",
    "Lineitem requires shipping", "Lineitem fulfillment status", "Billing Name", "Billing City", "Billing Zip",
    "Shipping Name", "Shipping Street", "Shipping City", "Shipping Country", "Notes", "Cancelled at",
    "Payment Method", "Refunded Amount", "Vendor", "Id", "Tags", "Risk Level", "Source", "Lineitem discount", "Phone",
)  # fmt: skip


def write(folder: Path, seed: int, rows: int) -> Golden:
    """Write the CSV; it tells no fees, and of returns only what was paid back (here: nothing)."""
    sold = market(Random(f"shopify-{seed}"), rows, _SCENARIO)
    path = folder / "orders_export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        for order in reversed(sold.orders):
            writer.writerows(_rows(order))
    planted = {"stock-out": SILENT.sku, "cancellations": "", "falling-sales": ""}
    truth = sold.truth(planted=planted, costs=False, returns=False)
    return Golden(path, ["own_store"], "shopify.orders", {"own_store": truth})


def _rows(order: Order) -> list[list[object]]:
    buyer = order.buyer
    cancelled = order.status == "cancelled"
    at, sent = (f"{moment:%Y-%m-%d %H:%M:%S} -0300" for moment in (order.at, order.dispatched))
    first = True
    rows: list[list[object]] = []
    for line in order.lines:
        own: list[object] = [
            buyer.email, "voided" if cancelled else "paid", "" if cancelled else at,
            "unfulfilled" if cancelled else "fulfilled", "" if cancelled else sent, "no", "BRL",
            f"{order.revenue:.2f}", "0.00", "0.00", f"{order.revenue:.2f}", "", "0.00", "PAC",
        ]  # fmt: skip
        rows.append([
            f"#{1000 + order.number}", *(own if first else [buyer.email, *[""] * (len(own) - 1)]), at, line.units,
            line.item.title, f"{line.price:.2f}", "", line.item.sku, "true", "fulfilled", buyer.name, buyer.city,
            buyer.postcode, buyer.name, buyer.street, buyer.city, "BR", "", at if cancelled and first else "",
            "Pix" if first else "", "0.00" if first else "", "Loja", 5_000_000 + order.number if first else "", "",
            "Low" if first else "", "web" if first else "", "0.00", buyer.phone if first else "",
        ])  # fmt: skip
        first = False
    return rows
