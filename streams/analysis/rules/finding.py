"""A finding: what a rule returns, an opportunity with its steps, each in its phase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from schemas.plan import PRIORITIES, Evidence, Opportunity, Priority
from streams.analysis.rules.formats import capital, plural
from streams.analysis.rules.view import MONTH_DAYS, View

#: An opportunity worth this share of the revenue is urgent ...
HIGH_SHARE: Final = 0.01
#: ... and below this one it can wait.
LOW_SHARE: Final = 0.002
#: Less than this is not told as an amount.
MIN_TOLD: Final = 0.005


@dataclass(frozen=True, slots=True)
class Step:
    """One step: in phase 1 it takes days, in phase 2 weeks, in phase 3 it changes how the seller works."""

    phase: int
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class Finding:
    """An opportunity with its steps, the first one first. `gain` ranks it, also where there is no worth a month."""

    opportunity: Opportunity
    steps: list[Step]
    gain: float = 0.0


Rule = Callable[[View], Finding | None]


def found(  # noqa: PLR0913 - the parts of a finding, named at the call
    view: View,
    slug: str,
    *,
    title: str,
    what: str,
    evidence: list[Evidence],
    steps: list[Step],
    gain: float | None = None,
    priority: Priority | None = None,
    days: float | None = None,
) -> Finding:
    """Build a finding. Without a `priority` its gain decides, as a share of the revenue.

    `gain` is what a fix brings in a month, or in the document's days where these are less: then there is no worth
    a month, and the text tells the amount with its days. `days` are those that the gain is of, where these are not
    the document's.
    """
    chosen = priority or by_gain(view, gain)
    is_monthly = view.covers_a_month if days is None else days >= MONTH_DAYS
    if gain is not None and gain >= MIN_TOLD and not is_monthly:
        span = view.span if days is None else f"em {plural(days, 'dia', 'dias')}"
        what = f"{what} {capital(span)}, isso soma até {view.money(gain)}."
    worth = view.worth(gain) if is_monthly else None
    opportunity = Opportunity(f"{view.channel}-{slug}", view.channel, title, what, chosen, evidence, worth)
    return Finding(opportunity, steps, gain or 0.0)


def by_gain(view: View, gain: float | None) -> Priority:
    """Return the priority of a gain; normal where it is unknown."""
    if gain is None or view.usual_revenue <= 0:
        return "normal"
    share = gain / view.usual_revenue
    if share >= HIGH_SHARE:
        return "high"
    return "low" if share < LOW_SHARE else "normal"


def rank(finding: Finding) -> tuple[int, float, str]:
    """Return the sort key: most urgent first, then most valuable."""
    opportunity = finding.opportunity
    return PRIORITIES.index(opportunity.priority), -finding.gain, opportunity.id
