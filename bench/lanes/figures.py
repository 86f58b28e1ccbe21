"""What the priority benchmark makes of its samples. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Latencies in milliseconds; `count` of them."""

    count: int
    p50_ms: float
    p90_ms: float
    p99_ms: float
    max_ms: float

    @classmethod
    def of(cls, times_ms: Iterable[float]) -> Spread:
        """Return the spread of at least one latency. Raises ValueError for none."""
        ordered = sorted(times_ms)
        if not ordered:
            raise ValueError("nothing was measured")

        def at(share: float) -> float:
            return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)

        return cls(len(ordered), round(statistics.median(ordered), 1), at(0.9), at(0.99), round(ordered[-1], 1))

    def over(self, idle: Spread) -> dict[str, float]:
        """Return how many times slower this is than `idle`."""
        return {
            "p50": round(self.p50_ms / idle.p50_ms, 2),
            "p90": round(self.p90_ms / idle.p90_ms, 2),
            "p99": round(self.p99_ms / idle.p99_ms, 2),
        }

    def to_dict(self) -> dict[str, float]:
        return asdict(self)


def shares(done: Sequence[str], waiting: Mapping[str, int]) -> dict[str, float]:
    """Return each lane's share of the work while every lane had something waiting.

    `done` is the lane of each item in the order in which they ended, `waiting` how many each lane began with.
    """
    left = Counter(waiting)
    seen: Counter[str] = Counter()
    for lane in done:
        if min(left[one] for one in waiting) <= 0:
            break
        left[lane] -= 1
        seen[lane] += 1
    total = sum(seen.values())
    return {lane: round(seen[lane] / total, 3) if total else 0.0 for lane in waiting}


def expected_shares(weights: Mapping[str, int]) -> dict[str, float]:
    """Return the share of each lane by its weight."""
    total = sum(weights.values())
    return {lane: round(weight / total, 3) for lane, weight in weights.items()}


def legs(times: Iterable[Sequence[float | None]], names: Sequence[str]) -> dict[str, float]:
    """Return the median of each leg of a way, in milliseconds.

    `times` holds, for each sample, the moments in seconds at which it passed the ends of the legs: one more than there
    are `names`. Samples of which a moment is unknown are left out.
    """
    whole = [[m for m in moments if m is not None] for moments in times]
    known = [moments for moments in whole if len(moments) == len(names) + 1]
    if not known:
        return {}
    return {
        name: round(statistics.median((moments[n + 1] - moments[n]) * 1000 for moments in known), 1)
        for n, name in enumerate(names)
    }


def thinned(series: Sequence[Mapping[str, float]], most: int) -> list[Mapping[str, float]]:
    """Return at most `most` entries, evenly spread, the first and the last among them."""
    if len(series) <= most:
        return list(series)
    return [series[round(n * (len(series) - 1) / (most - 1))] for n in range(most)]
