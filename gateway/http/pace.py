"""`Pace` limits a flood of bytes to a rate that does not slow others down."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """Limits all its users together to `rate` bytes a second, and `burst` bytes at once. It is not thread-safe."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._left = burst
        self._at = clock()

    def took(self, size: int) -> float:
        """Count `size` bytes. Return how many seconds the caller has to wait before it takes more.

        All share one debt: of two callers at a time, the second also waits for the bytes of the first.
        """
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - size
        self._at = now
        return max(0.0, -self._left / self._rate)
