"""What is made of the figures of several rounds. Pure.

A figure is a number under a path: `open 50/p99_ms`, `closed/cost/cpu_us/worker`.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

T = TypeVar("T")

#: How much slower than the commit that is compared with this one may be before the bench fails.
WORST: Final = 1.5
#: What is better when it is more. All else, of what is compared, is better when it is less.
MORE: Final = ("plans_per_s", "events_per_s", "uploads_per_s")
#: What decides: of speed and of cost, not of counts that a design may choose.
DECIDE: Final = (*MORE, "p50_ms", "cost/cpu_us/all")


@dataclass(frozen=True, slots=True)
class Block:
    """One system, measured once. `failed` says why its figures end early, if they do."""

    system: str
    round: int
    figures: Mapping[str, float]
    restarts: Mapping[str, int] = field(default_factory=dict)
    failed: str = ""


def order(systems: Sequence[T], round_: int) -> list[T]:
    """Return the order of one round: there and back, so that what drifts meets all alike."""
    return list(systems) if round_ % 2 == 0 else list(reversed(systems))


def medians(blocks: Sequence[Block]) -> dict[str, dict[str, float]]:
    """Return the median of each figure over a system's rounds, by system, in the order in which they first came."""
    found: dict[str, dict[str, list[float]]] = {}
    for block in blocks:
        of_system = found.setdefault(block.system, {})
        for name, value in block.figures.items():
            of_system.setdefault(name, []).append(value)
    return {
        system: {name: statistics.median(values) for name, values in figures.items()}
        for system, figures in found.items()
    }


def slower(now: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """Return how many times slower, or dearer, `now` is, for what decides; below 1 it is better.

    At a steady rate as much is done as is asked for, so its speed decides nothing; and what was asked for at another
    rate is no comparison.
    """
    found = {}
    for name, value in now.items():
        part, _, figure = name.partition("/")
        then, rate = before.get(name, 0.0), now.get(f"{part}/rate", 0.0)
        if figure not in DECIDE or value <= 0 or then <= 0:
            continue
        if rate and (figure in MORE or rate != before.get(f"{part}/rate")):
            continue
        found[name] = then / value if figure in MORE else value / then
    return found


def too_slow(ratios: Mapping[str, float]) -> list[str]:
    """Return the figures that are slower than WORST allows."""
    return [name for name, ratio in ratios.items() if ratio > WORST]
