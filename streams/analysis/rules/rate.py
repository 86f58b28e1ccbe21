"""A rate or pace with its counts, and the interval that chance allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from streams.analysis.rules.formats import number, percent

#: The quantile of the normal distribution for 95 %, both sides.
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of `trials`. Where these are unknown (an earlier version's figure), `low` and `high` are the value.

    A share of money is told of its sales, and its ends are those of as many alike: a few large ones count for less.
    """

    value: float
    low: float
    high: float
    trials: float | None = None

    def told(self, of: str) -> str:
        """Return `8,0% (de 5,1% a 12,4%, 212 pedidos)`; the value alone where it is not known of how many."""
        if self.trials is None:
            return percent(self.value)
        return f"{percent(self.value)} (de {percent(self.low)} a {percent(self.high)}, {number(self.trials)} {of})"

    def surely(self, limit: float) -> bool:
        """Return whether the whole confidence interval is at the limit or above."""
        return self.low >= limit

    def perhaps(self, limit: float) -> bool:
        """Return whether the measured rate is at the limit or above, but its confidence interval begins below."""
        return self.value >= limit > self.low


def rate_of(value: float, counted: dict[str, Any]) -> Rate:
    """Return a figure's rate with its interval: by its `successes` and `trials`, or as the figure has it."""
    trials, successes, cases = counted.get("trials"), counted.get("successes"), counted.get("cases")
    if "low" in counted and "high" in counted:
        return Rate(value, max(0.0, float(counted["low"])), min(1.0, float(counted["high"])), cases)
    if not trials or successes is None:
        return Rate(value, value, value)
    low, high = wilson(float(successes), float(trials))
    return Rate(value, low, high, float(trials if cases is None else cases))


def change_of(now: float, then: float, cases: float | None) -> Rate:
    """Return the relative change from `then` to `now`, negative for a decrease, with its confidence interval.

    Of all cases of two spans of the same length, each falls into the later one with the chance now / (now + then):
    the interval is Wilson's for that share. Without `cases` it is the value alone. Raises ZeroDivisionError.
    """
    change = now / then - 1
    if cases is None:
        return Rate(change, change, change)
    low, high = wilson(now / (now + then) * cases, cases) if cases > 0 else (0.0, 1.0)
    return Rate(change, low / (1 - low) - 1, high / (1 - high) - 1 if high < 1 else float("inf"))


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """Return the ends of Wilson's interval of 95 %; unlike the plain one it holds for few trials and rare cases."""
    part = min(1.0, max(0.0, successes / trials))
    base = 1 + _Z**2 / trials
    middle = part + _Z**2 / (2 * trials)
    spread = _Z * (part * (1 - part) / trials + _Z**2 / (4 * trials**2)) ** 0.5
    return max(0.0, (middle - spread) / base), min(1.0, (middle + spread) / base)


def poisson(count: float) -> tuple[float, float]:
    """Return the ends of the interval of 95 % of what was counted over a time (Byar's, near the exact one)."""
    low = count * _cube(1 - 1 / (9 * count) - _Z / (3 * count**0.5)) if count > 0 else 0.0
    more = count + 1
    return low, more * _cube(1 - 1 / (9 * more) + _Z / (3 * more**0.5))


def _cube(base: float) -> float:
    return max(0.0, base) ** 3
