"""How long commands wait for others, so that one call decides several of them. Pure.

What one call decides stays together: one transaction, one flush, one request to the broker, one batch of the worker.
So many commands a second cost far less together; few commands a second do not wait.
"""

from __future__ import annotations

from math import exp
from typing import Final

#: From this many commands a second on, they wait for each other.
FROM_PER_S: Final = 100.0
#: The least time between the beginnings of two calls then: the most that a command waits for others.
GAP_S: Final = 0.015
#: This many commands are a call at once: with more, each is hardly cheaper.
ENOUGH: Final = 16
#: The rate of commands is measured over about this time.
MEMORY_S: Final = 0.5


class Gathering:
    """Counts commands as they come, and calls as they begin. The caller passes times of a monotonic clock."""

    def __init__(self) -> None:
        self._level = 0.0
        self._came_at = float("-inf")
        self._began_at = float("-inf")

    def came(self, count: int, now: float) -> None:
        """Note that `count` commands have come."""
        self._level = self._level * exp((self._came_at - now) / MEMORY_S) + count
        self._came_at = now

    def begun(self, now: float) -> None:
        """Note that a call begins."""
        self._began_at = now

    def wait_s(self, waiting: int, now: float) -> float:
        """Return how long the next call waits, with `waiting` commands for it so far; 0 if it begins at once."""
        if waiting >= ENOUGH or self._level < FROM_PER_S * MEMORY_S:
            return 0.0
        return max(0.0, self._began_at + GAP_S - now)
