"""The cost of work: the difference of counters before and after it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Counters that are levels: they are not divided among plans.
_LEVELS: Final = ("postgres/bytes",)


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Return how much each counter grew. One that began meanwhile began at zero."""
    return {name: value - before.get(name, 0.0) for name, value in after.items() if name not in _LEVELS}


def per_plan(grown: Mapping[str, float], plans: int) -> dict[str, float]:
    """Return the cost of one plan: processor time in microseconds (`cpu_us`), all else as it was counted."""
    cost: dict[str, float] = {}
    for name, value in grown.items():
        kind, _, what = name.partition("/")
        if kind == "cpu_s":
            cost[f"cpu_us/{what}"] = value / plans * 1e6
        elif name != "postgres/flush_ms":
            cost[name] = value / plans
    if flushes := grown.get("postgres/flushes", 0.0):
        cost["postgres/flush_mean_ms"] = grown.get("postgres/flush_ms", 0.0) / flushes
    return cost | totals(cost, "cpu_us")


def per_second(grown: Mapping[str, float], seconds: float) -> dict[str, float]:
    """Return a system's use in a second: the share of a core (`core`), all else as it was counted."""
    rate: dict[str, float] = {}
    for name, value in grown.items():
        kind, _, what = name.partition("/")
        rate[f"core/{what}" if kind == "cpu_s" else name] = value / seconds
    return rate | totals(rate, "core")


def totals(figures: Mapping[str, float], processor: str) -> dict[str, float]:
    """Return the sums over processes. The client's own processor time is not the system's."""
    sums: dict[str, float] = {}
    for name, value in figures.items():
        kind, _, what = name.partition("/")
        if kind == processor and what != "client":
            sums[f"{processor}/all"] = sums.get(f"{processor}/all", 0.0) + value
        if kind == "switches" and what != "client":
            sums["switches/all"] = sums.get("switches/all", 0.0) + value
        if kind == "requests":
            sums["requests/all"] = sums.get("requests/all", 0.0) + value
            of_kind = f"requests/all/{what.partition('/')[2]}"
            sums[of_kind] = sums.get(of_kind, 0.0) + value
    return sums
