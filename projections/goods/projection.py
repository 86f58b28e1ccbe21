"""What goods cost and how many are on hand, with who told it and when. Pure."""

from __future__ import annotations

from datetime import date

from projections.goods.rows import cost_recorded, stock_recorded
from projections.rows import Recorded, Row, at
from schemas.typed.unions import GoodsEvent


def project(recorded: Recorded[GoodsEvent]) -> tuple[Row, ...]:
    """Return the rows that an event changes: a later one on the same SKU and day stands in the place of an earlier."""
    e = recorded.event
    costs = [
        cost_recorded(
            f"{one['key']}|{one['valid_from']}",
            e.version,
            {
                "sku_key": one["key"],
                "valid_from": date.fromisoformat(one["valid_from"]),
                "version": e.version,
                "sku": one["sku"],
                "title": one["title"],
                "unit_cost": one["unit_cost"],
                "packaging": one.get("packaging"),
                "tax_rate": one.get("tax_rate"),
                "currency": one["currency"],
                "document": e.data["document"],
                "recorded_by": e.actor,
                "recorded_at": at(e.occurred_at),
            },
        )
        for one in e.data["costs"]
    ]
    stock = [
        stock_recorded(
            f"{one['key']}|{one['channel']}|{one['counted_on']}",
            e.version,
            {
                "sku_key": one["key"],
                "channel": one["channel"],
                "counted_on": date.fromisoformat(one["counted_on"]),
                "version": e.version,
                "sku": one["sku"],
                "title": one["title"],
                "quantity": one["quantity"],
                "document": e.data["document"],
                "recorded_by": e.actor,
                "recorded_at": at(e.occurred_at),
            },
        )
        for one in e.data["stock"]
    ]
    return (*costs, *stock)
