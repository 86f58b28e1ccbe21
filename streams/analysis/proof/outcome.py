"""Measure an opportunity by a later document: its metric then and now, a verdict, and the worth that came."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from schemas.facts import ChannelFacts
from schemas.plan import Opportunity
from streams.analysis.proof.measure import Lacking, Reading, Why
from streams.analysis.proof.promise import NOT_THEN, Measure, is_few, measure_of, target_of
from streams.analysis.rules.view import HOME_CURRENCY, View

Verdict = Literal["improved", "unchanged", "worse", "unknown"]
#: What was done of it before the later document's period ended. `late`: only afterwards.
Acted = Literal["done", "part", "late", "not_done", "no_task"]

#: A change of less than this share of what it was is none.
MATERIAL: Final = 0.10
#: Two rates that chance alone would give in one of twenty cases are the same.
CHANCE: Final = 1.96
_NOT_NOW: Final[dict[Lacking, Why]] = {"figure": "not-now", "product": "product-not-now", "days": "short"}


@dataclass(frozen=True, slots=True)
class TaskState:
    """One task's status, and since when."""

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
    by = measure_of(opportunity)
    if isinstance(by, Measure):
        name, skus = by.name, by.skus
        found = _compare(by, opportunity.worth_brl, View(earlier), View(later))
    else:
        name, skus, found = "", [], _Measured(why=by)
    own = [t for t in tasks if t.opportunity_id == opportunity.id]
    last = date.fromisoformat(later.period[1]) if len(later.period) == 2 else date.min
    return Outcome(
        opportunity_id=opportunity.id,
        title=opportunity.title,
        metric=name,
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


def _compare(by: Measure, worth: float | None, earlier: View, later: View) -> _Measured:
    before = by.metric.read(earlier, by.skus)
    if isinstance(before, str):
        return _Measured(why=NOT_THEN[before])
    target = target_of(by.metric, before, worth, earlier)
    now = by.metric.read(later, by.skus)
    if isinstance(now, str):
        return _Measured(before.unit, before.value, target, why=_NOT_NOW[now])
    if now.unit != before.unit:
        return _Measured(before.unit, before.value, target, why="not-now")
    if is_few(before) or is_few(now):
        return _Measured(before.unit, before.value, target, now.value, why="few")
    gained = by.metric.sign * (now.value - before.value)
    if abs(gained) <= max(MATERIAL * abs(before.value), _noise(before, now)):
        return _Measured(before.unit, before.value, target, now.value, "unchanged")
    verdict: Verdict = "improved" if gained > 0 else "worse"
    return _Measured(before.unit, before.value, target, now.value, verdict, came=_came(gained, now, later))


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
