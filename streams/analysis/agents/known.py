"""Hold a document's facts about a channel, against which an agent's answer is checked. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any, Final

from schemas.facts import NETS, ChannelFacts, DocumentFacts, Figure, Product
from schemas.numbers import dates_in
from schemas.plan import ChannelAnalysis, Evidence, Opportunity
from schemas.stated import StatedFigure
from streams.analysis.rules.view import HOME_CURRENCY, View

from .known_numbers import shares_of
from .sources import TOLERANCE, Sources

#: Figures of money that are what a channel earns: none of them is what a fix is worth.
_EARNED: Final = frozenset({"revenue", *NETS, "average_ticket", "best_month_revenue"})
#: What a product costs its seller; with `net`, where it is a loss.
_COSTS: Final = ("refunds", "fees", "shipping")
_PRODUCT_METRICS: Final = frozenset(
    {"units", "revenue", "orders", "returned_units", "refunds", "fees", "shipping", "net", "unit_price"}
)


class Known:
    """The figures of a channel by metric, its products by SKU, the rules' findings, and the sources of numbers.

    What the document's text states (`stated`) can be evidence, too; a worth never follows from it.
    """

    def __init__(self, channel: str, facts: DocumentFacts, rules: ChannelAnalysis) -> None:
        self.own: ChannelFacts | None = facts.for_channel(channel)
        own = self.own
        self.figures: dict[str, list[Figure]] = {}
        self.products: dict[str, Product] = {p.sku: p for p in own.products} if own is not None else {}
        self.stated: dict[str, StatedFigure] = {one.metric: one for one in facts.stated_of(channel)}
        self.skus = set(self.products)
        for figure in own.figures if own is not None else []:
            self.figures.setdefault(figure.metric, []).append(figure)
            self.skus.update(figure.skus)
            by_sku = figure.detail.get("by_sku")
            self.skus.update(by_sku if isinstance(by_sku, dict) else ())
        self._rules = rules.opportunities
        self.sources = Sources(channel, facts, rules)
        said = "\n".join([facts.text, facts.title, *facts.warnings, *_texts_of(rules)])
        self._dates = {*dates_in(said), *_dates(own.period if own is not None else [])}
        self._names = _pattern([*self.skus, *(p.title for p in self.products.values()), facts.title])

    def has(self, metric: str) -> bool:
        """Return whether the metric is a figure of the document, of each product, or one that its text states."""
        return metric in self.figures or metric in self.stated or metric in _PRODUCT_METRICS

    def unit(self, metric: str) -> str | None:
        """Return the unit that the document gives the metric, None where it has it of products only."""
        if figures := self.figures.get(metric):
            return figures[0].unit
        return self.stated[metric].unit if metric in self.stated else None

    def values(self, evidence: Evidence) -> list[float]:
        """Return the values that the document holds for an evidence's metric and products."""
        values: list[float] = []
        for figure in self.figures.get(evidence.metric, []):
            values.append(figure.value)
            by_sku = figure.detail.get("by_sku")
            parts = [by_sku[sku] for sku in evidence.skus if sku in by_sku] if isinstance(by_sku, dict) else []
            values += [v for v in plain_numbers(parts) if figure.unit != "ratio" or abs(v) <= 1.0]
        if not evidence.skus and (stated := self.stated.get(evidence.metric)) is not None:
            values.append(stated.value)  # of the whole: a text states nothing of a product
        for sku in evidence.skus:
            if (product := self.products.get(sku)) is not None:
                values += _of_product(product, evidence.metric)
        return values

    def strange_dates(self, text: str) -> list[str]:
        """Return the dates of a text that are none of the document's."""
        return [date for date in dates_in(text) if date not in self._dates]

    def without_names(self, text: str) -> str:
        """Return the text without product names, because digits in a name are no figures."""
        return self._names.sub(" ", text) if self._names is not None else text

    def bears(self, opportunity: Opportunity) -> bool:
        """Return whether the worth of an opportunity follows from the figures that are its evidence.

        It does if a rule computes it from the same figure, or if it is a monthly cost of the document or its products.
        """
        worth = opportunity.worth_brl
        if worth is None or self.own is None or self.own.currency != HOME_CURRENCY or worth <= 0:
            return False
        metrics = {e.metric for e in opportunity.evidence}
        skus = {sku for e in opportunity.evidence for sku in e.skus}
        view = View(self.own)
        if not view.covers_a_month:
            return False
        found = [o.worth_brl for o in self._rules if o.worth_brl and metrics & {e.metric for e in o.evidence}]
        costs = [f.value for m in metrics - _EARNED for f in self.figures.get(m, []) if f.unit == "BRL"]
        for product in (self.products[sku] for sku in skus if sku in self.products):
            costs += [getattr(product, name) or 0.0 for name in _COSTS]
            costs.append(-min(0.0, product.net or 0.0))
        found += [view.share_of_document(cost) for cost in costs if cost > 0]
        return any(math.isclose(worth, one, rel_tol=TOLERANCE) for one in found)


def plain_numbers(value: Any) -> list[float]:
    """Return all numbers in plain data, those of lists and of the values of dicts in their order."""
    if isinstance(value, dict):
        return [n for v in value.values() for n in plain_numbers(v)]
    if isinstance(value, list):
        return [n for v in value for n in plain_numbers(v)]
    return [float(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []


def _of_product(product: Product, metric: str) -> list[float]:
    """Return the product's own value of a metric, or the shares that follow from its sums."""
    if metric in _PRODUCT_METRICS:
        return plain_numbers(getattr(product, metric))
    return [share for _, share in shares_of(product)]


def _texts_of(analysis: ChannelAnalysis) -> list[str]:
    texts = [analysis.summary, *analysis.limits]
    for o in analysis.opportunities:
        texts += [o.title, o.what, *(e.text for e in o.evidence)]
    for phase in analysis.phases:
        texts += [phase.expected_impact, *(f"{t.title} {t.what}" for t in phase.tasks)]
    return texts


def _dates(period: list[str]) -> set[str]:
    """Return the days of a period, and their months, as they may be written."""
    made = set()
    for iso in period:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", iso):
            year, month, day = iso.split("-")
            made |= {iso, iso[:7], f"{day}/{month}/{year}", f"{day}/{month}/{year[2:]}", f"{month}/{year}"}
    return made


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    with_digits = sorted({n for n in names if len(n) > 1 and any(c.isdigit() for c in n)}, key=len, reverse=True)
    if not with_digits:
        return None
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in with_digits), re.IGNORECASE)
