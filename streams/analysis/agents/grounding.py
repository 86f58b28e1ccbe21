"""Holds the agent's evidence against the document: a figure that the document does not hold is no evidence."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final

from schemas.facts import ChannelFacts, Figure, Product
from schemas.plan import Evidence, Opportunity

from .repairs import Action, Problem, Repairs
from .shape import WHAT_LIMIT

#: How far a rounded figure may lie from the document's.
TOLERANCE: Final = 0.02

_PRODUCT_METRICS: Final = frozenset(
    {"units", "revenue", "orders", "returned_units", "refunds", "fees", "shipping", "net", "unit_price"}
)


def ground(opportunities: list[Opportunity], facts: ChannelFacts | None, repairs: Repairs) -> list[Opportunity]:
    """Return the opportunities with only such evidence as the document supports; each change is recorded.

    A metric that the document does not hold is dropped, its sentence kept as text of the opportunity. Another
    value than the document's is put right where there is one plain value, else the evidence is dropped with its
    sentence. SKUs that the document does not hold are dropped.
    """
    known = _Known(facts)
    return [_grounded(opportunity, n, known, repairs) for n, opportunity in enumerate(opportunities)]


class _Known:
    """What the document holds: figures by metric, and products by SKU."""

    def __init__(self, facts: ChannelFacts | None) -> None:
        self.figures: dict[str, list[Figure]] = {}
        self.products: dict[str, Product] = {p.sku: p for p in facts.products} if facts is not None else {}
        self.skus = set(self.products)
        for figure in facts.figures if facts is not None else []:
            self.figures.setdefault(figure.metric, []).append(figure)
            self.skus.update(figure.skus)
            by_sku = figure.detail.get("by_sku")
            self.skus.update(by_sku if isinstance(by_sku, dict) else ())

    def has(self, metric: str) -> bool:
        """Return whether the metric is a figure of the document, or of each product."""
        return metric in self.figures or metric in _PRODUCT_METRICS

    def values(self, evidence: Evidence) -> list[float]:
        """Return the values that the document holds for an evidence's metric and products."""
        values = [
            v for figure in self.figures.get(evidence.metric, []) for v in _numbers([figure.value, figure.detail])
        ]
        for sku in evidence.skus:
            if (product := self.products.get(sku)) is not None:
                values += _of_product(product, evidence.metric)
        return values


def _numbers(value: Any) -> list[float]:
    """Return all numbers in plain data."""
    if isinstance(value, dict):
        return [n for v in value.values() for n in _numbers(v)]
    if isinstance(value, list):
        return [n for v in value for n in _numbers(v)]
    return [float(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []


def _of_product(product: Product, metric: str) -> list[float]:
    """Return the product's own value of a metric, and the shares that follow from its sums."""
    if metric in _PRODUCT_METRICS:
        return _numbers(getattr(product, metric))
    parts = [(product.returned_units, product.units)]
    parts += [(part, product.revenue) for part in (product.refunds, product.fees, product.shipping, product.net)]
    return [part / whole for part, whole in parts if part is not None and whole]


def _grounded(opportunity: Opportunity, n: int, known: _Known, repairs: Repairs) -> Opportunity:
    kept: list[Evidence] = []
    what = opportunity.what
    for m, evidence in enumerate(opportunity.evidence):
        path = f"opportunities[{n}].evidence[{m}]"
        if not known.has(evidence.metric):
            repairs.add(path, Problem.NOT_IN_DOCUMENT, Action.INTO_TEXT, found=evidence.metric)
            if evidence.text and evidence.text not in what and len(what) + len(evidence.text) < WHAT_LIMIT:
                what = f"{what}\n{evidence.text}" if what else evidence.text
            continue
        right = _corrected(evidence, known, path, repairs)
        if right is not None:
            kept.append(_with_skus(right, known.skus, path, repairs))
    if kept == opportunity.evidence and what == opportunity.what:
        return opportunity
    return replace(opportunity, evidence=kept, what=what)


def _corrected(evidence: Evidence, known: _Known, path: str, repairs: Repairs) -> Evidence | None:
    figures = known.figures.get(evidence.metric, [])
    if any(math.isclose(evidence.value, v, rel_tol=TOLERANCE, abs_tol=0.005) for v in known.values(evidence)):
        if not figures or evidence.unit == figures[0].unit:
            return evidence
        unit = figures[0].unit
        repairs.add(f"{path}.unit", Problem.UNIT, Action.CORRECTED, found=evidence.unit, result=unit)
        return replace(evidence, unit=unit)
    if len(figures) != 1 or evidence.skus:
        repairs.add(path, Problem.OTHER_FIGURE, Action.DROPPED, found=evidence.value)
        return None
    figure = figures[0]
    repairs.add(f"{path}.value", Problem.OTHER_FIGURE, Action.CORRECTED, found=evidence.value, result=figure.value)
    return replace(evidence, value=figure.value, unit=figure.unit, text=_sentence(figure))


def _sentence(figure: Figure) -> str:
    """Return what the document says, since the agent's sentence says another number."""
    percent = figure.unit == "ratio"
    number = f"{figure.value * (100 if percent else 1):,.2f}".translate(str.maketrans(",.", ".,"))
    number = number.removesuffix(",00")
    return {"BRL": f"No documento: R$ {number}", "ratio": f"No documento: {number}%"}.get(
        figure.unit, f"No documento: {number}"
    )


def _with_skus(evidence: Evidence, skus: set[str], path: str, repairs: Repairs) -> Evidence:
    foreign = [sku for sku in evidence.skus if sku not in skus]
    if not foreign:
        return evidence
    repairs.add(f"{path}.skus", Problem.FOREIGN_SKU, Action.DROPPED, found=", ".join(foreign))
    return replace(evidence, skus=[sku for sku in evidence.skus if sku in skus])
