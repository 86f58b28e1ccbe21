"""Holds the agent's evidence against the document: a figure that the document does not hold is no evidence."""

from __future__ import annotations

import math
from dataclasses import replace

from schemas.facts import ChannelFacts, Figure
from schemas.plan import Evidence, Opportunity

from .repairs import Action, Problem, Repairs
from .shape import WHAT_LIMIT

#: How far a rounded figure may lie from the document's.
TOLERANCE = 0.02


def ground(opportunities: list[Opportunity], facts: ChannelFacts | None, repairs: Repairs) -> list[Opportunity]:
    """Return the opportunities with only such evidence as the document supports; each change is recorded.

    A metric that the document does not hold is dropped, its sentence kept as text of the opportunity. Another
    value than the document's is put right where there is one plain value, else the evidence is dropped with its
    sentence. SKUs that the document does not hold are dropped.
    """
    figures: dict[str, list[Figure]] = {}
    for figure in facts.figures if facts is not None else []:
        figures.setdefault(figure.metric, []).append(figure)
    skus = {p.sku for p in facts.products} if facts is not None else set()
    for known in figures.values():
        for figure in known:
            skus.update(figure.skus)
            by_sku = figure.detail.get("by_sku")
            skus.update(by_sku if isinstance(by_sku, dict) else ())
    return [_grounded(o, n, figures, skus, repairs) for n, o in enumerate(opportunities)]


def _grounded(
    opportunity: Opportunity, n: int, figures: dict[str, list[Figure]], skus: set[str], repairs: Repairs
) -> Opportunity:
    kept: list[Evidence] = []
    what = opportunity.what
    for m, evidence in enumerate(opportunity.evidence):
        path = f"opportunities[{n}].evidence[{m}]"
        known = figures.get(evidence.metric)
        if known is None:
            repairs.add(path, Problem.NOT_IN_DOCUMENT, Action.INTO_TEXT, found=evidence.metric)
            if evidence.text and evidence.text not in what and len(what) + len(evidence.text) < WHAT_LIMIT:
                what = f"{what}\n{evidence.text}" if what else evidence.text
            continue
        right = _corrected(evidence, known, path, repairs)
        if right is not None:
            kept.append(_with_skus(right, skus, path, repairs))
    if kept == opportunity.evidence and what == opportunity.what:
        return opportunity
    return replace(opportunity, evidence=kept, what=what)


def _corrected(evidence: Evidence, known: list[Figure], path: str, repairs: Repairs) -> Evidence | None:
    values = [v for figure in known for v in _values(figure, evidence.skus)]
    if any(math.isclose(evidence.value, v, rel_tol=TOLERANCE, abs_tol=0.005) for v in values):
        if evidence.unit == known[0].unit:
            return evidence
        repairs.add(f"{path}.unit", Problem.UNIT, Action.CORRECTED, found=evidence.unit, result=known[0].unit)
        return replace(evidence, unit=known[0].unit)
    figure = known[0]
    if len(known) > 1 or evidence.skus:
        repairs.add(path, Problem.OTHER_FIGURE, Action.DROPPED, found=evidence.value)
        return None
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


def _values(figure: Figure, skus: list[str]) -> list[float]:
    """Return the figure and, for evidence about single products, its values by product."""
    by_sku = figure.detail.get("by_sku")
    own = [by_sku.get(sku) for sku in skus] if isinstance(by_sku, dict) else []
    return [figure.value, *(float(v) for v in own if isinstance(v, int | float))]


def _with_skus(evidence: Evidence, skus: set[str], path: str, repairs: Repairs) -> Evidence:
    foreign = [sku for sku in evidence.skus if sku not in skus]
    if not foreign:
        return evidence
    repairs.add(f"{path}.skus", Problem.FOREIGN_SKU, Action.DROPPED, found=", ".join(foreign))
    return replace(evidence, skus=[sku for sku in evidence.skus if sku in skus])
