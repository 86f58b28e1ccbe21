"""Keeps a flood of bytes to a rate that costs others nothing: `Pace`."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """So many bytes a second for all who share it, and `burst` of them at once. Not for several threads."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._left = burst
        self._at = clock()

    def took(self, size: int) -> float:
        """Count `size` bytes. Return for how many seconds whoever took them waits before it takes more; 0 for none.

        What is owed is owed by all: two who take bytes at one time wait one after the other, not side by side.
        """
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - size
        self._at = now
        return max(0.0, -self._left / self._rate)
