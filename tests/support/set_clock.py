"""A clock that advances only when the test says so, in the place of the module `time`."""

from __future__ import annotations


class SetClock:
    """The monotonic clock; a test sets `now`."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now
