"""Priority lanes: which of the waiting items goes next. Pure.

Weighted, so that a flood on one lane cannot hold another, and nothing starves: of 12 items that are taken while all
lanes wait, 8 are high, 3 normal, 1 low.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")

WEIGHTS: Final = {"high": 8, "normal": 3, "low": 1}


class Lanes(Generic[T]):
    """FIFO within a lane, smooth weighted round robin between lanes that have something."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[T]] = {lane: deque() for lane in WEIGHTS}
        self._credit = dict.fromkeys(WEIGHTS, 0)

    def put(self, lane: str, item: T) -> None:
        """Add an item to its lane."""
        self._waiting[lane].append(item)

    def take(self) -> T | None:
        """Return the next item, None where nothing waits."""
        active = [lane for lane, items in self._waiting.items() if items]
        if not active:
            return None
        for lane in active:
            self._credit[lane] += WEIGHTS[lane]
        chosen = max(active, key=lambda lane: self._credit[lane])
        self._credit[chosen] -= sum(WEIGHTS[lane] for lane in active)
        for lane in self._credit:
            if lane not in active:
                self._credit[lane] = 0  # an empty lane saves nothing up
        return self._waiting[chosen].popleft()

    def size(self, lane: str) -> int:
        """Return how many wait on a lane."""
        return len(self._waiting[lane])

    def drop_where(self, unwanted: Callable[[T], bool]) -> None:
        """Forget items, such as those of a partition that was taken away."""
        for items in self._waiting.values():
            kept = [item for item in items if not unwanted(item)]
            items.clear()
            items.extend(kept)

    def __len__(self) -> int:
        return sum(len(items) for items in self._waiting.values())
