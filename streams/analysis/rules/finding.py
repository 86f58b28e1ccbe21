"""What a rule returns: an opportunity and the steps that seize it, each in its phase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from schemas.plan import PRIORITIES, Evidence, Opportunity, Priority
from streams.analysis.rules.view import View

#: An opportunity worth this share of a month's revenue is urgent ...
HIGH_SHARE: Final = 0.01
#: ... and below this one it can wait.
LOW_SHARE: Final = 0.002


@dataclass(frozen=True, slots=True)
class Step:
    """One step: in phase 1 it takes days, in phase 2 weeks, in phase 3 it changes how the seller works."""

    phase: int
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class Finding:
    """An opportunity with its steps, the first one first."""

    opportunity: Opportunity
    steps: list[Step]


Rule = Callable[[View], Finding | None]


def found(
    view: View,
    slug: str,
    *,
    title: str,
    what: str,
    evidence: list[Evidence],
    steps: list[Step],
    worth: float | None = None,
    priority: Priority | None = None,
) -> Finding:
    """Build a finding. Without a `priority` its worth decides, as a share of a month's revenue."""
    chosen = priority or by_worth(view, worth)
    opportunity = Opportunity(f"{view.channel}-{slug}", view.channel, title, what, chosen, evidence, worth)
    return Finding(opportunity, steps)


def by_worth(view: View, worth: float | None) -> Priority:
    """Return the priority of a worth; normal where it is unknown."""
    if worth is None or view.monthly_revenue <= 0:
        return "normal"
    share = worth / view.monthly_revenue
    if share >= HIGH_SHARE:
        return "high"
    return "low" if share < LOW_SHARE else "normal"


def rank(finding: Finding) -> tuple[int, float, str]:
    """Return the sort key: most urgent first, then most valuable."""
    opportunity = finding.opportunity
    return PRIORITIES.index(opportunity.priority), -(opportunity.worth_brl or 0.0), opportunity.id
