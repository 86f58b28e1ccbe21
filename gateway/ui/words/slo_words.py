"""Objectives, and how they stand, in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from gateway.operations import objectives
from gateway.operations.objectives import Spent, Standing
from gateway.ui import amounts, i18n
from gateway.ui.formats import SPEECH, span
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark, ngettext
from gateway.ui.words.look import Look
from schemas.slo import BEYOND_MS, BOUNDS_MS, DAYS, Kind, Objective

_DAY_S: Final = 86_400.0
#: The share of the 30 days with measurements from which a figure counts as one of all 30 days.
_WHOLE: Final = 0.9
STATES: Final[dict[str, Look]] = {
    "met": Look("done", "check-circle", mark("Met")),
    "missed": Look("fail", "alert", mark("Missed")),
    "too-few": Look("off", "clock", mark("Not judged yet")),
    "unknown": Look("off", "blind", mark("Unknown")),
}
#: The look of a share below the promise in a period that goes on, whose errors still fit the budget.
_BELOW: Final = Look("retry", "clock", mark("Below the target, within the budget"))
WINDOWS: Final[dict[str, str]] = {
    "1h": mark("1 hour"),
    "6h": mark("6 hours"),
    "1d": mark("1 day"),
    "3d": mark("3 days"),
    "30d": mark("30 days"),
}


def state(standing: Standing) -> Look:
    """Return the look of an objective's state."""
    if standing.state == "met" and standing.good is not None and standing.good < standing.objective.share:
        return _BELOW
    return STATES[standing.state]


def met(standings: Iterable[Standing]) -> int:
    """Return how many objectives are met; one below its target is not, even within its budget."""
    return sum(state(one) is STATES["met"] for one in standings)


def title(objective: Objective) -> str:
    """Return the promise in a few words."""
    return i18n.raw(objective.title)


def measured(objective: Objective) -> str:
    """Return the name of the quantity that an objective measures."""
    return i18n.raw(objective.measured)


def why(standing: Standing) -> str:
    """Return why an objective is not judged, "" if it is."""
    return objectives.why(standing, SPEECH)


def window(name: str) -> str:
    """Return the name of a window of time."""
    return _(WINDOWS[name])


def promised(objective: Objective) -> str:
    """Return the share that has to be good."""
    return amounts.percent(objective.share, 0 if round(objective.share * 100, 6).is_integer() else 1)


def target(objective: Objective) -> str:
    """Return how much has to be good."""
    if objective.kind is Kind.NONE:
        return _("none")
    share = promised(objective)
    if objective.kind is Kind.UPTIME:
        return _("%(share)s of the time", share=share)
    return _("%(share)s within %(time)s", share=share, time=span(objective.limit_ms / 1000))


def now(standing: Standing) -> str:
    """Return the present share, "" if nothing was measured."""
    if standing.good is None:
        return ""
    if standing.objective.kind is Kind.NONE:
        return ngettext("%(n)s plan stalled", "%(n)s plans stalled", standing.spent.bad)
    if standing.objective.kind is Kind.UPTIME and standing.spent.total < _WHOLE * DAYS * _DAY_S:
        seen = span(float(standing.spent.total))
        return _("%(share)s of the %(time)s measured so far", share=share(standing.good), time=seen)
    return share(standing.good)


def share(value: float) -> str:
    """Return a share that is never rounded up: a little less than all is not 100 %."""
    return amounts.percent(math.floor(value * 10_000 + 1e-6) / 10_000, 2)


def of_all(objective: Objective, spent: Spent) -> str:
    """Return how many were counted, and how many missed; of availability, the times."""
    if objective.kind is Kind.UPTIME:
        return _("%(bad)s of %(all)s", bad=span(float(spent.bad)), all=span(float(spent.total)))
    return _("%(bad)s of %(all)s", bad=_number(spent.bad), all=_number(spent.total))


def at_most(standing: Standing) -> str:
    """Return the upper bound of the promised percentile, as text; "" where it is unknown."""
    bound = standing.at_most_ms
    if bound is None:
        return ""
    if bound == BEYOND_MS:
        return _("longer than %(time)s", time=span(BOUNDS_MS[-1] / 1000))
    return _("at most %(time)s", time=span(bound / 1000))


def budget(standing: Standing) -> str:
    """Return how much of the budget is left, "" where that is unknown or there is none."""
    left = standing.budget_left
    if left is None:
        return ""
    if left < 0:
        return _("overspent: %(times)s times the budget", times=_number(round(1 - left, 1)))
    return amounts.percent(math.floor(left * 1000 + 1e-6) / 1000, 1)


def budget_left(standing: Standing) -> str:
    """Say how much of the budget is left, and of the time what budget that is; "" where it is unknown.

    That of the time is one of 30 days, however new the system is: its share is no share of what was measured so far.
    """
    left, said = standing.budget_left, budget(standing)
    if left is None or left < 0:
        return said
    if standing.objective.kind is not Kind.UPTIME:
        return _("budget left: %(share)s", share=said)
    whole = span(DAYS * _DAY_S * standing.objective.budget)
    if not standing.spent.bad:
        return _("nothing spent of the budget of 30 days (%(time)s)", time=whole)
    return _("%(share)s left of the budget of 30 days (%(time)s)", share=said, time=whole)


def rate(value: float | None) -> str:
    """Return a burn rate, "" where it is unknown."""
    return "" if value is None else f"{_number(round(value, 1))}x"


def _number(value: float) -> str:
    return amounts.number(value)
