"""One channel's figures, in the form that rules read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from schemas.channels import channel_name
from schemas.facts import PER_REVENUE, ChannelFacts, Figure
from schemas.plan import Evidence
from streams.analysis.rules import formats
from streams.analysis.rules.rate import Rate, rate_of

#: With fewer orders a share of orders is chance.
MIN_ORDERS: Final = 20
#: A document of fewer days says nothing of a month.
MONTH_DAYS: Final = 28
DAYS_PER_MONTH: Final = 30.44
HOME_CURRENCY: Final = "BRL"
#: Products that a finding has evidence of.
SHOWN: Final = 5


#: A figure's values by product: SKU -> name of the value -> value.
Products = dict[str, dict[str, Any]]
#: What is told of products, one after the other: the SKU, the sentence, the product's part of the figure.
Told = Iterator[tuple[str, str, float]]


@dataclass(frozen=True, slots=True)
class View:
    """The figures of one channel. Money is in the document's currency; worth is only given in BRL, for a month."""

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

    def rate(self, metric: str) -> Rate | None:
        """Return a figure as a rate with its interval, None where the document does not give it."""
        figure = self.figure(metric)
        return None if figure is None else rate_of(figure.value, figure.detail)

    def products(self, metric: str) -> Products:
        """Return a figure's values by product, the worst first."""
        figure = self.figure(metric)
        if figure is None:
            return {}
        found: Products = figure.detail.get("by_sku", {})
        return {sku: found[sku] for sku in figure.skus if sku in found}

    def document_of(self, metric: str, channel: str) -> dict[str, Any]:
        """Return the other document that a figure compares with; empty where it is this one."""
        figure = self.figure(metric)
        found: dict[str, Any] = {} if figure is None else figure.detail.get("documents", {}).get(channel, {})
        return found

    @property
    def has_few_orders(self) -> bool:
        """Say whether there are too few orders for a share of orders to mean anything."""
        orders = self.value("orders")
        return orders is not None and orders < MIN_ORDERS

    @property
    def days(self) -> float | None:
        """Return the days that amounts are of: the document's, or those in which nearly all of its revenue lies."""
        main = self.value("main_days")
        return self.value("period_days") if main is None else main

    @property
    def main_share(self) -> float:
        """Return the share of the document's amounts that lies in these days."""
        figure = self.figure("main_days")
        return 1.0 if figure is None else float(figure.detail.get("share", 1.0))

    @property
    def covers_a_month(self) -> bool:
        """Say whether the document is long enough for amounts a month."""
        return (self.days or 0.0) >= MONTH_DAYS

    @property
    def span(self) -> str:
        """Return the period of a document that covers no month, in words."""
        days = self.days
        if days is None:
            return "no documento, que não tem datas"
        if self.value("main_days") is not None:
            return f"nos {formats.number(days)} dias com quase todas as vendas"
        return "no dia do documento" if days == 1 else f"nos {formats.number(days)} dias do documento"

    def share_of_document(self, amount: float) -> float:
        """Return an amount of the whole document as an amount a month; as it is where there is no month in it."""
        amount *= self.main_share
        if not self.covers_a_month:
            return amount
        return amount / max(1.0, (self.days or 0.0) / DAYS_PER_MONTH)

    def share_of(self, amount: float, days: float) -> float:
        """Return an amount of so many days as an amount a month; as it is where these are no month."""
        return amount if days < MONTH_DAYS else amount / max(1.0, days / DAYS_PER_MONTH)

    def share_of_days(self, daily: float) -> float:
        """Return an amount a day as an amount a month, or of the document's days where there is no month in it."""
        return daily * (DAYS_PER_MONTH if self.covers_a_month else self.days or 0.0)

    @property
    def usual_revenue(self) -> float:
        """Return the revenue of a month, or of the document where there is no month in it."""
        return self.share_of_document(self.value("revenue") or 0.0)

    def at_full_price(self, revenue: float) -> float:
        """Return an amount of revenue as it were without the seller's discounts."""
        depth = self.figure("discount_depth")
        if depth is None:
            return revenue
        return revenue * float(depth.detail.get(PER_REVENUE, 1 / max(0.01, 1 - depth.value)))

    @property
    def kept_share(self) -> float:
        """Return the share of revenue that is left after fees and shipping, as far as they are known."""
        share = 1.0 - (self.value("fee_share") or 0.0) - (self.value("shipping_share") or 0.0)
        return min(1.0, max(0.0, share))

    def worth(self, gain: float | None) -> float | None:
        """Return a worth in BRL a month; None in another currency, for less than a month, or for no gain."""
        if gain is None or self.own.currency != HOME_CURRENCY or not self.covers_a_month or gain < 0.005:
            return None
        return round(gain, 2)

    def money(self, amount: float) -> str:
        """Return an amount as text, in the document's currency."""
        return formats.money(amount, self.own.currency)

    def evidence_by_sku(self, metric: str, told: Told) -> list[Evidence]:
        """Return the first products' parts of a figure as evidence."""
        return [self.evidence(metric, text, value=value, skus=[sku]) for sku, text, value in list(told)[:SHOWN]]

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
