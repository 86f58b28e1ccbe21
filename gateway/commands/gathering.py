"""For how long commands wait for others, so that one call decides several of them. Pure.

What one call decides goes on as one from there: one transaction, one flush, one message to the broker, one go of the
worker. So many commands a second cost far less together, and fewer than that are not kept waiting.
"""

from __future__ import annotations

from math import exp
from typing import Final

#: Commands a second from which on they wait for each other.
FROM_PER_S: Final = 100.0
#: Calls begin no closer together than this, then. The first of a call waits for so long at most, for other commands.
GAP_S: Final = 0.015
#: So many are a call at once: more of them make it hardly cheaper for each.
ENOUGH: Final = 16
#: The rate is that of about so long.
MEMORY_S: Final = 0.5


class Gathering:
    """Counts commands as they come, and calls as they begin. Times are given, of a clock that never goes back."""

    def __init__(self) -> None:
        self._level = 0.0
        self._came_at = float("-inf")
        self._began_at = float("-inf")

    def came(self, count: int, now: float) -> None:
        """Take note of so many commands."""
        self._level = self._level * exp((self._came_at - now) / MEMORY_S) + count
        self._came_at = now

    def begun(self, now: float) -> None:
        """Take note of a call."""
        self._began_at = now

    def wait_s(self, waiting: int, now: float) -> float:
        """Return for how long the next call waits, with so many commands for it by now; 0 where it begins at once."""
        if waiting >= ENOUGH or self._level < FROM_PER_S * MEMORY_S:
            return 0.0
        return max(0.0, self._began_at + GAP_S - now)
