"""Findings on objectives whose error budget goes too fast. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.words import terms
from projections.reads.burning import Burning, Burnings
from schemas.slo import BURNING, BURNS, LEAST_BAD, Burn, Objective, burn_rate
from schemas.slo import Kind as Measured

_HOUR_S: Final = 3600.0


def burning(spent: Burnings) -> Iterator[Finding]:
    """Return a finding for each objective whose budget goes too fast in some window: the shortest one is told."""
    for objective in BURNING:
        found = _fastest(objective, spent.get(str(objective.of), {}))
        if found is not None:
            yield found


def _fastest(objective: Objective, windows: Mapping[int, Burning]) -> Finding | None:
    for burn in BURNS:
        window = windows.get(burn.hours)
        if window is not None and _burns(objective, burn, window):
            rate = burn_rate(objective, window.bad, window.total, burn.hours) or 0.0
            return Finding(
                Kind.SLO_BURNING,
                {
                    "objective": objective.title,
                    "count": window.bad,
                    "all": window.total,
                    "unit": terms.SECONDS if objective.kind is Measured.UPTIME else terms.EVENTS,
                    "within": burn.hours * _HOUR_S,
                    "times": f"{rate:.1f}",
                },
                subject=objective.name,
            )
    return None


def _burns(objective: Objective, burn: Burn, window: Burning) -> bool:
    """Tell whether it burns; a window with too few to judge tells nothing."""
    if window.bad < LEAST_BAD or window.last_bad_s is None or window.last_bad_s > burn.still_s:
        return False
    rate = burn_rate(objective, window.bad, window.total, burn.hours) or 0.0
    return window.total >= objective.least and rate > burn.rate
