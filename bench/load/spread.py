"""Latencies, from the moment when each request was due. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

#: What is printed of latencies.
SHARES: Final[Mapping[str, float]] = {"p50_ms": 0.5, "p99_ms": 0.99, "p99.9_ms": 0.999}


def due(rate: float, seconds: float) -> list[float]:
    """Return when requests are due, in seconds from the beginning, at a steady rate."""
    return [n / rate for n in range(max(1, round(rate * seconds)))]


def at(ordered: Sequence[float], share: float) -> float:
    """Return a quantile: the smallest value that this share of the values does not exceed. `ordered` is not empty."""
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def latencies(dues: Mapping[str, float], ends: Mapping[str, float]) -> list[float]:
    """Return the milliseconds from when each was due to when it was done, the shortest first.

    From when it was due, not from when it was sent: a client or a system that is late lets others wait, and that
    counts. Raises LookupError for one that has no end.
    """
    return sorted((ends[one] - moment) * 1000 for one, moment in dues.items())


def spread(ordered: Sequence[float]) -> dict[str, float]:
    """Return the percentiles and the maximum. A percentile beyond what the number of values can tell is left out."""
    found = {name: at(ordered, share) for name, share in SHARES.items() if len(ordered) * (1 - share) >= 1 - 1e-9}
    return {**found, "max_ms": ordered[-1]}


def mean(values: Iterable[float]) -> float:
    """Return the mean of at least one value."""
    every = list(values)
    return sum(every) / len(every)
