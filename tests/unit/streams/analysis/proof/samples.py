"""Facts of a channel, as short as a test needs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.facts import ChannelFacts, Figure, Product

JANUARY = ["2026-01-01", "2026-01-31"]
FEBRUARY = ["2026-02-01", "2026-02-28"]
_UNITS = {
    "revenue": "BRL",
    "units": "count",
    "orders": "count",
    "returned_units": "count",
    "impressions": "count",
    "period_days": "days",
    "dispatch_days": "days",
    "days_without_sales": "days",
}

_MONEY = {
    *("refunds", "fees", "shipping_cost", "shipping_income", "cancelled_revenue", "net_receipts"),
    *("advertising_cost", "advertising_sales", "ads_without_sales"),
}


def product(sku: str, units: float | None, revenue: float | None, **more: Any) -> Product:
    return Product(sku, f"Produto {sku}", units, revenue, None, **more)


def facts(
    period: list[str],
    *products: Product,
    currency: str = "BRL",
    details: dict[str, dict[str, Any]] | None = None,
    figures: Mapping[str, float] | None = None,
    **named: float,
) -> ChannelFacts:
    """The days come from the period; `details` are by_sku of a figure."""
    told = {**(figures or {}), **named}
    if len(period) == 2:
        told = {"period_days": float(int(period[1][8:]) - int(period[0][8:]) + 1), **told}
    made = []
    for metric, value in told.items():
        by_sku = (details or {}).get(metric, {})
        money = metric in _MONEY
        unit = _UNITS.get(metric, "BRL" if money else "ratio")
        made.append(
            Figure(
                metric, value, currency if unit == "BRL" else unit, list(by_sku), {"by_sku": by_sku} if by_sku else {}
            )
        )
    return ChannelFacts("shopee", period, currency, made, list(products))
