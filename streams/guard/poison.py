"""Raises an alarm when unreadable records come at a high rate; each is a dead letter all the same. Pure."""

from __future__ import annotations

from collections import deque
from typing import Final

#: Poison records within WINDOW_S that are no accident any more.
LIMIT: Final = 10
WINDOW_S: Final = 60.0


class PoisonAlarm:
    """Counts poison records. `total` is all of them."""

    def __init__(self, limit: int = LIMIT, window_s: float = WINDOW_S) -> None:
        self._limit = limit
        self._window_s = window_s
        self._seen: deque[float] = deque(maxlen=limit + 1)
        self._silent_until = float("-inf")
        self.total = 0

    def note(self, now: float) -> bool:
        """Count one; return True when it is time to raise the alarm: at most once in a window. `now` in seconds."""
        self.total += 1
        self._seen.append(now)
        many = len(self._seen) > self._limit and now - self._seen[0] <= self._window_s
        if not many or now < self._silent_until:
            return False
        self._silent_until = now + self._window_s
        return True
