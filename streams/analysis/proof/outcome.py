"""What became of an opportunity: its metric then and now, a verdict, and how much of its worth a month has come."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from schemas.facts import ChannelFacts
from schemas.plan import Evidence, Opportunity
from streams.analysis.proof.measure import Lacking, Reading, Why
from streams.analysis.proof.metrics import Metric, metric_of
from streams.analysis.rules.view import HOME_CURRENCY, View

Verdict = Literal["improved", "unchanged", "worse", "unknown"]
#: What was done of it before the later document's period ended. `late`: only afterwards.
Acted = Literal["done", "part", "late", "not_done", "no_task"]

#: A change of less than this share of what it was is none.
MATERIAL: Final = 0.10
#: Two rates that chance alone would give in one of twenty cases are the same.
CHANCE: Final = 1.96
#: A rate of fewer cases says nothing.
MIN_BASE: Final = 20.0
_NOT_THEN: Final[dict[Lacking, Why]] = {"figure": "not-then", "product": "product-not-then", "days": "short"}
_NOT_NOW: Final[dict[Lacking, Why]] = {"figure": "not-now", "product": "product-not-now", "days": "short"}


@dataclass(frozen=True, slots=True)
class TaskState:
    """How one task stands, and since when."""

    opportunity_id: str
    status: str
    since: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """One opportunity, measured. `promised`, `came` are a month; `came` is negative where it got worse."""

    opportunity_id: str
    title: str
    metric: str
    skus: list[str]
    unit: str
    baseline: float | None
    target: float | None
    current: float | None
    verdict: Verdict
    why: Why | None
    promised: float | None
    came: float | None
    acted: Acted
    tasks: int
    tasks_done: int


@dataclass(frozen=True, slots=True)
class _Measured:
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    current: float | None = None
    verdict: Verdict = "unknown"
    why: Why | None = None
    came: float | None = None


def measure(
    opportunity: Opportunity, earlier: ChannelFacts, later: ChannelFacts, tasks: Sequence[TaskState]
) -> Outcome:
    """Measure an opportunity of the earlier document by the later one."""
    evidence = _evidence(opportunity)
    skus: list[str] = []
    if evidence is None:
        found = _Measured(why="not-measurable" if opportunity.evidence else "no-figure")
    else:
        named = [e.skus for e in opportunity.evidence if e.metric == evidence.metric]
        skus = list(dict.fromkeys(sku for of_one in named for sku in of_one))
        metric = metric_of(evidence.metric, opportunity.id)
        assert metric is not None  # it was chosen for that
        found = _compare(metric, opportunity.worth_brl, skus, View(earlier), View(later))
    own = [t for t in tasks if t.opportunity_id == opportunity.id]
    last = date.fromisoformat(later.period[1]) if len(later.period) == 2 else date.min
    return Outcome(
        opportunity_id=opportunity.id,
        title=opportunity.title,
        metric="" if evidence is None else evidence.metric,
        skus=skus,
        unit=found.unit,
        baseline=found.baseline,
        target=found.target,
        current=found.current,
        verdict=found.verdict,
        why=found.why,
        promised=opportunity.worth_brl,
        came=found.came,
        acted=acted(own, last),
        tasks=len(own),
        tasks_done=sum(t.status == "completed" for t in own),
    )


def acted(tasks: Sequence[TaskState], last: date) -> Acted:
    """Return whether tasks were done by the last day of a period: later ones have not caused what is seen in it."""
    done = [t for t in tasks if t.status == "completed"]
    if not tasks:
        return "no_task"
    if not done:
        return "not_done"
    in_time = sum(t.since <= last for t in done)
    if not in_time:
        return "late"
    return "done" if in_time == len(tasks) else "part"


def _evidence(opportunity: Opportunity) -> Evidence | None:
    """Return the first figure by which it can be measured."""
    return next((e for e in opportunity.evidence if metric_of(e.metric, opportunity.id) is not None), None)


def _compare(metric: Metric, worth: float | None, skus: list[str], earlier: View, later: View) -> _Measured:
    before = metric.read(earlier, skus)
    if isinstance(before, str):
        return _Measured(why=_NOT_THEN[before])
    sign = 1.0 if metric.better == "higher" else -1.0
    target = _target(before, worth, sign, earlier)
    now = metric.read(later, skus)
    if isinstance(now, str):
        return _Measured(before.unit, before.value, target, why=_NOT_NOW[now])
    if now.unit != before.unit:
        return _Measured(before.unit, before.value, target, why="not-now")
    if any(r.base is not None and r.base < MIN_BASE for r in (before, now)):
        return _Measured(before.unit, before.value, target, now.value, why="few")
    gained = sign * (now.value - before.value)
    if abs(gained) <= max(MATERIAL * abs(before.value), _noise(before, now)):
        return _Measured(before.unit, before.value, target, now.value, "unchanged")
    verdict: Verdict = "improved" if gained > 0 else "worse"
    return _Measured(before.unit, before.value, target, now.value, verdict, came=_came(gained, now, later))


def _target(before: Reading, worth: float | None, sign: float, view: View) -> float | None:
    """Return the value at which the promised worth would come, which is what was promised."""
    if worth is None or not before.lever or view.own.currency != HOME_CURRENCY:
        return None
    target = before.value + sign * worth / before.lever
    return max(0.0, target) if sign < 0 else target


def _came(gained: float, now: Reading, later: View) -> float | None:
    if later.own.currency != HOME_CURRENCY or not later.covers_a_month:
        return None
    if now.lever is not None:
        return round(gained * now.lever, 2)
    return round(now.earned, 2) if now.earned is not None and gained > 0 else None


def _noise(before: Reading, now: Reading) -> float:
    """Return by how much two rates of so many cases differ by chance."""
    if not before.base or not now.base or before.unit != "ratio":
        return 0.0
    share = (before.value * before.base + now.value * now.base) / (before.base + now.base)
    share = min(1.0, max(0.0, share))
    return CHANCE * math.sqrt(share * (1 - share) * (1 / before.base + 1 / now.base))
