"""The metric that will measure an opportunity: shown beside the advice, read alike from the later document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.facts import ChannelFacts
from schemas.plan import Opportunity
from schemas.typed.parts import OpportunityCheckData
from streams.analysis.proof.measure import Lacking, Reading, Why
from streams.analysis.proof.metrics import Metric, metric_of
from streams.analysis.rules.view import HOME_CURRENCY, View

#: A rate of fewer cases says nothing.
MIN_BASE: Final = 20.0
NOT_THEN: Final[dict[Lacking, Why]] = {"figure": "not-then", "product": "product-not-then", "days": "short"}


@dataclass(frozen=True, slots=True)
class Measure:
    """The first figure of an opportunity's evidence by which it can be measured, and of which products."""

    name: str
    metric: Metric
    skus: list[str]


def measure_of(opportunity: Opportunity) -> Measure | Why:
    """Return the opportunity's measure, or why it has none."""
    for evidence in opportunity.evidence:
        metric = metric_of(evidence.metric, opportunity.id)
        if metric is not None:
            named = [e.skus for e in opportunity.evidence if e.metric == evidence.metric]
            return Measure(evidence.metric, metric, list(dict.fromkeys(sku for of_one in named for sku in of_one)))
    return "not-measurable" if opportunity.evidence else "no-figure"


def target_of(metric: Metric, before: Reading, worth: float | None, view: View) -> float | None:
    """Return the value at which the promised worth would come."""
    if worth is None or not before.lever or view.own.currency != HOME_CURRENCY:
        return None
    target = before.value + metric.sign * worth / before.lever
    return max(0.0, target) if metric.better == "lower" else target


def is_few(reading: Reading) -> bool:
    """Return whether it is a rate of too few cases to tell change from chance."""
    return reading.base is not None and reading.base < MIN_BASE


def checks(opportunities: Sequence[Opportunity], own: ChannelFacts | None) -> list[OpportunityCheckData]:
    """Return for each opportunity its figure now, its target, and whether a later document can measure it.

    `own` is what the document says of the channel; None where it has nothing of it.
    """
    return [_check(one, own) for one in opportunities]


def _check(opportunity: Opportunity, own: ChannelFacts | None) -> OpportunityCheckData:
    period = own.period if own is not None and len(own.period) == 2 else ["", ""]
    told: OpportunityCheckData = {
        "opportunity_id": opportunity.id,
        "metric": "",
        "skus": [],
        "unit": "",
        "better": "",
        "baseline": None,
        "target": None,
        "first_day": period[0],
        "last_day": period[1],
        "why": "",
    }
    measure = measure_of(opportunity)
    if not isinstance(measure, Measure):
        return {**told, "why": measure}
    told = {**told, "metric": measure.name, "skus": measure.skus, "better": measure.metric.better}
    if own is None:
        return {**told, "why": "not-then"}
    view = View(own)
    before = measure.metric.read(view, measure.skus)
    if isinstance(before, str):
        return {**told, "why": "no-dates" if before == "days" and not period[0] else NOT_THEN[before]}
    return {
        **told,
        "unit": before.unit,
        "baseline": before.value,
        "target": target_of(measure.metric, before, opportunity.worth_brl, view),
        "why": "few" if is_few(before) else "" if period[0] else "no-dates",
    }
