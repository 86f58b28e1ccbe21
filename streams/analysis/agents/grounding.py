"""Check an agent's answer against the document: keep only the evidence and worth that it supports. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final

from schemas.plan import Evidence, Opportunity, Phase, UnmatchedNumber

from .errors import AnswerUnusable
from .known import Known
from .repairs import Action, Problem, Repairs
from .sources import TOLERANCE
from .texts import match

#: Fewer figures than this that are not the document's are faults of an answer, and no reason to do without it.
UNFOUNDED_LEAST: Final = 3


@dataclass(slots=True)
class Grounded:
    """The opportunities with supported evidence, and the texts' numbers without support in the document."""

    opportunities: list[Opportunity]
    unmatched: list[UnmatchedNumber] = field(default_factory=list)
    supported: int = 0
    refuted: int = 0


def ground(
    summary: str,
    opportunities: list[Opportunity],
    phases: list[Phase],
    limits: list[str],
    known: Known,
    repairs: Repairs,
) -> Grounded:
    """Return the opportunities with only such evidence and worth as the document supports; each change is recorded.

    Evidence of a metric that the document does not hold, or of another value than its own, is dropped with its
    sentence; so are SKUs that it does not hold, and a worth that does not follow from the evidence that is left.
    Numbers of texts stay, and are listed where they have no source. Raises AnswerUnusable where most of
    the figures are not the document's.
    """
    found = Grounded([])
    for n, opportunity in enumerate(opportunities):
        found.opportunities.append(_opportunity(opportunity, n, known, repairs, found))
    matched = match(summary, found.opportunities, phases, limits, known)
    found.unmatched = matched.unmatched
    found.supported += matched.supported
    found.refuted += matched.made_up
    if found.refuted >= UNFOUNDED_LEAST and found.refuted > found.supported:
        raise AnswerUnusable("unfounded", f"{found.refuted} of {found.refuted + found.supported}")
    return found


def _opportunity(one: Opportunity, n: int, known: Known, repairs: Repairs, found: Grounded) -> Opportunity:
    kept: list[Evidence] = []
    for m, evidence in enumerate(one.evidence):
        path = f"opportunities[{n}].evidence[{m}]"
        supported = _evidence(evidence, path, known, repairs)
        if supported is not None:
            kept.append(supported)
    found.supported += len(kept)
    found.refuted += len(one.evidence) - len(kept)
    grounded = one if kept == one.evidence else replace(one, evidence=kept)
    if one.worth_brl is None:
        return grounded
    if known.bears(grounded):
        return grounded
    repairs.add(f"opportunities[{n}].worth_brl", Problem.NO_BASIS, Action.SET_UNKNOWN, found=one.worth_brl)
    return replace(grounded, worth_brl=None)


def _evidence(evidence: Evidence, path: str, known: Known, repairs: Repairs) -> Evidence | None:
    if not known.has(evidence.metric):
        repairs.add(path, Problem.NOT_IN_DOCUMENT, Action.DROPPED, found=evidence.metric)
        return None
    foreign = [sku for sku in evidence.skus if sku not in known.skus]
    if foreign:
        repairs.add(f"{path}.skus", Problem.FOREIGN_SKU, Action.DROPPED, found=", ".join(foreign))
        evidence = replace(evidence, skus=[sku for sku in evidence.skus if sku in known.skus])
    if not any(math.isclose(evidence.value, v, rel_tol=TOLERANCE, abs_tol=0.005) for v in known.values(evidence)):
        repairs.add(path, Problem.OTHER_FIGURE, Action.DROPPED, found=evidence.value)
        return None
    unit = known.unit(evidence.metric)
    if unit is None or evidence.unit == unit:
        return evidence
    repairs.add(f"{path}.unit", Problem.UNIT, Action.CORRECTED, found=evidence.unit, result=unit)
    return replace(evidence, unit=unit)
