"""One channel's figures, as the rules ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from schemas.channels import channel_name
from schemas.facts import ChannelFacts, Figure
from schemas.plan import Evidence
from streams.analysis.rules import formats

#: With fewer orders a share of orders is chance.
MIN_ORDERS: Final = 20
DAYS_PER_MONTH: Final = 30.44
HOME_CURRENCY: Final = "BRL"


@dataclass(frozen=True, slots=True)
class View:
    """The figures of one channel. Money is in the document's currency; worth is only given in BRL."""

    own: ChannelFacts

    @property
    def channel(self) -> str:
        return self.own.channel

    @property
    def name(self) -> str:
        return channel_name(self.own.channel)

    def figure(self, metric: str) -> Figure | None:
        """Return a figure, None where the document does not give it."""
        return next((figure for figure in self.own.figures if figure.metric == metric), None)

    def value(self, metric: str) -> float | None:
        """Return a figure's value, None where the document does not give it."""
        figure = self.figure(metric)
        return None if figure is None else figure.value

    def products(self, metric: str) -> dict[str, dict[str, Any]]:
        """Return what a figure says of each product that it names, the worst first."""
        figure = self.figure(metric)
        if figure is None:
            return {}
        found: dict[str, dict[str, Any]] = figure.detail.get("by_sku", {})
        return {sku: found[sku] for sku in figure.skus if sku in found}

    @property
    def has_few_orders(self) -> bool:
        """Say whether there are too few orders for a share of orders to mean anything."""
        orders = self.value("orders")
        return orders is not None and orders < MIN_ORDERS

    @property
    def months(self) -> float:
        """Months that the document covers; 1 where it is shorter, or has no dates."""
        days = self.value("period_days")
        return 1.0 if days is None else max(1.0, days / DAYS_PER_MONTH)

    def monthly(self, amount: float) -> float:
        """Return an amount of the whole document as an amount a month."""
        return amount / self.months

    @property
    def monthly_revenue(self) -> float:
        return self.monthly(self.value("revenue") or 0.0)

    @property
    def kept_share(self) -> float:
        """Return the share of revenue that is left after fees and shipping, as far as they are known."""
        share = 1.0 - (self.value("fee_share") or 0.0) - (self.value("shipping_share") or 0.0)
        return min(1.0, max(0.0, share))

    def worth(self, amount: float) -> float | None:
        """Return a worth in BRL, None where the document is in another currency or nothing is to be had."""
        if self.own.currency != HOME_CURRENCY or amount < 0.005:
            return None
        return round(amount, 2)

    def money(self, amount: float) -> str:
        """Return an amount as text, in the document's currency."""
        return formats.money(amount, self.own.currency)

    def evidence(
        self, metric: str, text: str, *, value: float | None = None, skus: list[str] | None = None
    ) -> Evidence:
        """Return the figure as evidence. `value` is for one product's part of it, in the figure's unit."""
        figure = self.figure(metric)
        assert figure is not None
        return Evidence(metric, figure.value if value is None else value, figure.unit, text, skus or list(figure.skus))

    def title_of(self, sku: str) -> str:
        """Return `SKU (title)`, or the SKU alone."""
        title = next((product.title for product in self.own.products if product.sku == sku), "")
        return f"{sku} ({title})" if title and title != sku else sku
