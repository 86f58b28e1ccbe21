"""Count the requests that this gateway answered lately, and those that it failed to serve."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from gateway.verdict.failing import ANSWERED_S

#: Seconds of a step in which requests are counted.
_STEP_S: Final = 10
#: From this status on the gateway, and not who asked, is to blame.
_OURS: Final = 500
#: What asks whether the gateway is well gets no for an answer, and has been served.
_PROBES: Final = "/health"


class Answers:
    """Counts answers within a window that moves on: `add` each, `lately` tells all and those that failed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._steps: deque[list[int]] = deque()  # number of the step, all, failed

    def add(self, route: str, status: int) -> None:
        """Count one answer."""
        if route.startswith(_PROBES):
            return
        step = int(self._clock()) // _STEP_S
        if not self._steps or self._steps[-1][0] != step:
            self._steps.append([step, 0, 0])
            self._forget(step)
        now = self._steps[-1]
        now[1] += 1
        now[2] += status >= _OURS

    def lately(self) -> tuple[int, int]:
        """Return how many were answered within the last `ANSWERED_S` seconds, and how many of them failed."""
        self._forget(int(self._clock()) // _STEP_S)
        return sum(step[1] for step in self._steps), sum(step[2] for step in self._steps)

    def _forget(self, step: int) -> None:
        while self._steps and self._steps[0][0] <= step - ANSWERED_S // _STEP_S:
            self._steps.popleft()
