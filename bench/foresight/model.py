"""A logistic model that learns from one case after the other: how likely is it that a step of a plan goes wrong. Pure.

What it says is held to what came of cases of which it said the same before. It says it with its reasons, and nothing
follows from it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from typing import Final

Features = Mapping[str, float]

#: How far one case moves a weight at first; each case that had the feature makes the next step of it smaller (Adagrad).
RATE: Final = 0.3
#: Draws weights back to zero: what is seen seldom says little.
DECAY: Final = 1e-4
#: A chance is never nearer to 0 or 1: what was never seen can happen.
LEAST: Final = 1e-3
_BIAS: Final = ""
#: Classes of what the weights say; within one the share that went wrong counts.
CLASSES: Final = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
#: Cases that a class needs for its share to count as much as what the weights say.
_TRUSTED: Final = 20.0


class Model:
    """Features are between 0 and 1, or near to it; one that a case lacks is 0."""

    def __init__(self) -> None:
        self._weights: dict[str, float] = {}
        self._steps: dict[str, float] = {}
        self._came = [[0.0, 0.0] for _ in CLASSES]  # of each class: cases, and those that went wrong

    def chance(self, features: Features) -> float:
        """Return how likely it is that a case with these features goes wrong, by what was learned until now."""
        said = self._said(features)
        cases, bad = self._came[bisect_right(CLASSES, said) - 1]
        return (bad + _TRUSTED * said) / (cases + _TRUSTED)

    def _said(self, features: Features) -> float:
        total = sum(self._weights.get(name, 0.0) * value for name, value in _with_bias(features).items())
        return min(max(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), LEAST), 1 - LEAST)

    def learn(self, features: Features, *, bad: bool) -> None:
        """Take in how a case with these features ended."""
        said = self._said(features)
        came = self._came[bisect_right(CLASSES, said) - 1]
        came[0] += 1
        came[1] += bad
        error = said - bad
        for name, value in _with_bias(features).items():
            weight = self._weights.get(name, 0.0)
            slope = error * value + DECAY * weight
            self._steps[name] = self._steps.get(name, 1e-8) + slope * slope
            self._weights[name] = weight - RATE * slope / math.sqrt(self._steps[name])

    def weights(self) -> list[tuple[str, float]]:
        """Return what each feature weighs, those that weigh most first."""
        named = [(name, weight) for name, weight in self._weights.items() if name != _BIAS]
        return sorted(named, key=lambda one: (-abs(one[1]), one[0]))

    def reasons(self, features: Features, most: int = 3) -> list[tuple[str, float]]:
        """Return the features that make it likely, those that weigh most first, each with what it adds to the odds."""
        found = [(name, self._weights.get(name, 0.0) * value) for name, value in features.items()]
        return sorted((one for one in found if one[1] > 0), key=lambda one: (-one[1], one[0]))[:most]


def _with_bias(features: Features) -> dict[str, float]:
    return {_BIAS: 1.0, **features}
