"""A dump of an own store's database: English names in snake_case, the order's total repeated on each of its rows."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Final

from bench.evaluate.golden.document import Golden
from local.samples.catalog import LOSER, RETURNED, SILENT
from local.samples.market import Scenario, market

_SCENARIO: Final = Scenario(fee_rate=0.12, fixed_fee=7.5, shipping=14.0, discount=0.0)
_HEADER: Final = (
    "id", "order_id", "created_at", "product_sku", "product_name", "quantity", "unit_price_brl", "order_total_brl",
    "order_fee_brl", "order_shipping_cost_brl", "order_status", "customer_name", "customer_email", "updated_at",
)  # fmt: skip
_STATUS: Final = {"sold": "delivered", "returned": "returned", "cancelled": "canceled"}


def write(folder: Path, seed: int, rows: int) -> Golden:
    """Write the CSV, tab-separated."""
    sold = market(Random(f"dump-{seed}"), rows, _SCENARIO)
    path = folder / "order_items.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(_HEADER)
        number = 0
        for order in sold.orders:
            for line in order.lines:
                number += 1
                writer.writerow([
                    number, f"{800_000 + order.number}", f"{order.at:%Y-%m-%dT%H:%M:%S}", line.item.sku,
                    line.item.title, line.units, f"{line.price:.2f}", f"{order.revenue:.2f}", f"{order.fee:.2f}",
                    f"{order.shipping:.2f}", _STATUS[order.status], order.buyer.name, order.buyer.email,
                    f"{order.dispatched:%Y-%m-%dT%H:%M:%S}",
                ])  # fmt: skip
    planted = {"returns": RETURNED.sku, "stock-out": SILENT.sku, "losses": LOSER.sku}
    return Golden(path, ["own_store"], "plain", {"own_store": sold.truth(planted=planted, costs=True, returns=True)})
