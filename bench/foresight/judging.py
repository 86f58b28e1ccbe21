"""Whether predictions are worth showing: the Brier score against the base rate's, and a reliability table. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bench.foresight.model import CLASSES
from bench.foresight.steps import Foreseen

#: What comes may be so far beside what was said, on average over all steps.
NEAR: Final = 0.02
#: What goes wrong comes in bursts: one after the other says little new. So errors are compared by blocks of time.
BLOCKS: Final = 20
#: Standard errors beyond which a difference is none of chance.
SURE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Class:
    """Steps that were said to go wrong with about the same chance: how many, what was said, and how many did."""

    steps: int
    said: float
    came: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """`skill`: by how much of the base rate's score the model's is better; `sure`: in standard errors of the blocks."""

    steps: int
    bad: int
    brier: float
    base_brier: float
    sure: float
    classes: tuple[Class, ...]

    @property
    def skill(self) -> float:
        return 1 - self.brier / self.base_brier if self.base_brier else 0.0

    @property
    def proven(self) -> bool:
        """Say whether predictions may be shown: better than the base rate beyond chance, and well calibrated."""
        return self.skill > 0 and self.sure > SURE and self.beside <= NEAR

    @property
    def beside(self) -> float:
        """Return the expected calibration error: the mean distance between predicted and observed shares."""
        return sum(one.steps * abs(one.said - one.came) for one in self.classes) / self.steps


def judge(found: Sequence[Foreseen]) -> Judgement | None:
    """Judge predictions, oldest first; None if there are fewer steps than blocks, or none went wrong."""
    if len(found) < BLOCKS or not any(one.bad for one in found):
        return None
    gains = [(one.base - one.bad) ** 2 - (one.chance - one.bad) ** 2 for one in found]
    size = len(gains) / BLOCKS
    blocks = [statistics.fmean(gains[int(n * size) : int((n + 1) * size)]) for n in range(BLOCKS)]
    spread = statistics.stdev(blocks) / math.sqrt(BLOCKS)
    return Judgement(
        len(found),
        sum(one.bad for one in found),
        statistics.fmean((one.chance - one.bad) ** 2 for one in found),
        statistics.fmean((one.base - one.bad) ** 2 for one in found),
        statistics.fmean(blocks) / spread if spread else 0.0,
        tuple(_classes(found)),
    )


def _classes(found: Sequence[Foreseen]) -> Iterator[Class]:
    for low, high in pairwise(CLASSES):
        within = [one for one in found if low <= one.chance < high]
        if within:
            said, came = (statistics.fmean(values) for values in zip(*((o.chance, o.bad) for o in within), strict=True))
            yield Class(len(within), said, came)
