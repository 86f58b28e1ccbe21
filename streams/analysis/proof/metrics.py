"""The metrics that have a better direction, and how each is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from schemas.facts import NETS
from streams.analysis.proof.measure import (
    Lacking,
    Reader,
    Reading,
    advertised,
    amount_of,
    below_cost,
    cancellations,
    discounts,
    idle,
    idle_ads,
    little_clicked,
    longest_stock,
    losing,
    losses,
    margin,
    plain,
    refund_share,
    returns,
    share,
    shortest_stock,
    silence,
)
from streams.analysis.rules.view import View

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class Metric:
    """How a metric is read, and in which direction it gets better."""

    better: Better
    read: Reader

    @property
    def sign(self) -> float:
        """Return 1 where more is better, else -1."""
        return 1.0 if self.better == "higher" else -1.0


def _gap(metric: str) -> Reader:
    """Return the reader of how far prices are apart: of several products, the widest; of none named, of the channel."""

    def read(view: View, skus: list[str]) -> Reading | Lacking:
        figure, told = view.figure(metric), view.products(metric)
        if figure is None:
            return "figure"
        gaps = [float(told[sku]["gap"]) for sku in skus if sku in told] if skus else [figure.value]
        return Reading(max(gaps), figure.unit) if gaps else "product"

    return read


_FEES: Final = Metric("lower", share("fee_share"))
_SHIPPING: Final = Metric("lower", share("shipping_share", "shipping_income"))
_CANCELLED: Final = Metric("lower", cancellations)
_RETURNED: Final = Metric("lower", returns)
_DISCOUNTED: Final = Metric("lower", discounts)

#: The metrics of docs/analysis.md that get better in one direction. Sums of costs are measured as shares: they fall
#: with the sales, too.
METRICS: Final[Mapping[str, Metric]] = {
    "fee_share": _FEES,
    "fees": _FEES,
    "shipping_share": _SHIPPING,
    "shipping_cost": _SHIPPING,
    "cancellation_rate": _CANCELLED,
    "cancelled_revenue": _CANCELLED,
    "return_rate": _RETURNED,
    "product_return_rate": _RETURNED,
    "returned_units": _RETURNED,
    "refunds": Metric("lower", refund_share),
    "discount_depth": _DISCOUNTED,
    "product_discount_depth": _DISCOUNTED,
    "product_losses": Metric("lower", losses),
    "below_break_even": Metric("lower", below_cost),
    "losing_unrefunded": Metric("lower", losing),
    "contribution": Metric("higher", amount_of("contribution", lambda p: p.contribution)),
    "margin": Metric("higher", margin),
    "slow_stock": Metric("lower", longest_stock),
    "idle_stock": Metric("lower", idle),
    "low_stock": Metric("higher", shortest_stock),
    "return_room": _RETURNED,
    "days_without_sales": Metric("lower", silence),
    "stopped_everywhere": Metric("lower", silence),
    "unpaid_share": Metric("lower", plain("unpaid_share", base="orders")),
    "slow_shipping_share": Metric("lower", plain("slow_shipping_share", base="orders")),
    "dispatch_days": Metric("lower", plain("dispatch_days")),
    "recent_claims": Metric("lower", plain("recent_claims")),
    "recent_cancellations": Metric("lower", plain("recent_cancellations")),
    "recent_late_dispatch": Metric("lower", plain("recent_late_dispatch")),
    "missing_sku_share": Metric("lower", plain("missing_sku_share")),
    "concentration_top10": Metric("lower", plain("concentration_top10")),
    "price_gap": Metric("lower", _gap("price_gap")),
    "price_gap_elsewhere": Metric("lower", _gap("price_gap_elsewhere")),
    "low_click_rate": Metric("lower", little_clicked),
    "click_rate": Metric("higher", plain("click_rate")),
    "acos": Metric("lower", advertised("acos", "advertising_sales")),
    "tacos": Metric("lower", advertised("tacos", "revenue")),
    "ads_without_sales": Metric("lower", idle_ads),
    "revenue_growth": Metric("higher", plain("revenue_growth")),
    "revenue": Metric("higher", amount_of("revenue", lambda p: p.revenue)),
    "units": Metric("higher", amount_of("units", lambda p: p.units)),
    "orders": Metric("higher", amount_of("orders")),
    **{name: Metric("higher", amount_of(name, lambda p: p.net)) for name in NETS},
    "average_ticket": Metric("higher", plain("average_ticket")),
}
#: Metrics that are better lower in one opportunity and higher in another: how the id of one ends, and its direction.
BY_OPPORTUNITY: Final[Mapping[str, tuple[tuple[str, Better], ...]]] = {
    "advertising_share": (("-try-advertising", "higher"), ("-advertising", "lower")),
}


def metric_of(name: str, opportunity_id: str) -> Metric | None:
    """Return how a metric is measured for an opportunity; None where nothing says which way is better."""
    for ending, better in BY_OPPORTUNITY.get(name, ()):
        if opportunity_id.endswith(ending):
            return Metric(better, plain(name))
    return METRICS.get(name)
