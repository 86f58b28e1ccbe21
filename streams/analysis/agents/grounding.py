"""Holds an agent's answer against the document: a figure that the document does not hold is no figure. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from schemas.numbers import numbers_in
from schemas.plan import Evidence, Opportunity, Phase, UnmatchedNumber

from .errors import AnswerUnusable
from .known import TOLERANCE, Known
from .repairs import Action, Problem, Repairs

#: Fewer figures than this that are not the document's are faults of an answer, and no reason to do without it.
UNFOUNDED_LEAST: Final = 3
#: Unmatched numbers that are listed.
UNMATCHED_LIMIT: Final = 100


@dataclass(slots=True)
class Grounded:
    """The opportunities with what the document supports, and the numbers of the texts that it does not."""

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
    Numbers of texts stay, and are listed where they are none of the document's. Raises AnswerUnusable where most of
    the figures are not the document's.
    """
    found = Grounded([])
    for n, opportunity in enumerate(opportunities):
        found.opportunities.append(_opportunity(opportunity, n, known, repairs, found))
    for path, text, counts in _texts(summary, found.opportunities, phases, limits):
        _match(path, text, known, found, counts=counts)
    if known.figures and found.refuted >= UNFOUNDED_LEAST and found.refuted > found.supported:
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


def _texts(
    summary: str, opportunities: list[Opportunity], phases: list[Phase], limits: list[str]
) -> Iterator[tuple[str, str, bool]]:
    """Yield where each text stands, the text, and whether it speaks of what is: an investment is a proposal."""
    yield "summary", summary, True
    for n, one in enumerate(opportunities):
        yield f"opportunities[{n}].title", one.title, True
        yield f"opportunities[{n}].what", one.what, True
        for m, evidence in enumerate(one.evidence):
            yield f"opportunities[{n}].evidence[{m}].text", evidence.text, True
    for n, phase in enumerate(phases):
        for m, task in enumerate(phase.tasks):
            yield f"phases[{n}].tasks[{m}].title", task.title, True
            yield f"phases[{n}].tasks[{m}].what", task.what, True
        yield f"phases[{n}].investment", phase.investment, False
        yield f"phases[{n}].expected_impact", phase.expected_impact, True
    for n, text in enumerate(limits):
        yield f"limits[{n}]", text, True


def _match(path: str, text: str, known: Known, found: Grounded, *, counts: bool) -> None:
    plain = known.without_names(text)
    strange = known.strange_dates(plain)
    for number in numbers_in(plain):
        if number.is_small:
            continue
        if known.holds(number):
            found.supported += counts
        else:
            strange.append(number.written)
            found.refuted += counts and (number.money or number.percent)
    found.unmatched += [UnmatchedNumber(path, one) for one in strange][: UNMATCHED_LIMIT - len(found.unmatched)]
