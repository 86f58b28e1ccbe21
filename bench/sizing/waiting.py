"""A simulation of plans that pass one process after the other, each of which does one thing at a time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Stage:
    """Processes that share a step. `seconds` is what one plan takes; with `partitions` a plan's own process has it."""

    seconds: float
    processes: int
    partitions: int = 0


def latencies(stages: Sequence[Stage], rate: float, plans: int, seed: int = SEED) -> list[float]:
    """Return the seconds that each plan takes through all stages, sorted. Plans come by chance, `rate` a second."""
    drawn = random.Random(seed)  # chance that can be repeated
    at, begun = 0.0, []
    for _ in range(plans):
        at += drawn.expovariate(rate)
        begun.append(at)
    now = list(begun)
    for stage in stages:
        free = [0.0] * stage.processes
        for plan in sorted(range(plans), key=now.__getitem__):
            member = drawn.randrange(stage.partitions or stage.processes) % stage.processes
            now[plan] = free[member] = max(now[plan], free[member]) + stage.seconds
    return sorted(end - begin for begin, end in zip(begun, now, strict=True))
