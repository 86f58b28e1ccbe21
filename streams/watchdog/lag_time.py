"""How long records wait for a consumer group: measured as the time since the log reached the group's offset.

The first record that a group has not taken came between two looks at the end of the log. A broker need not be asked for
it, and nobody who reads has to tell. What was there before the first look is as old as that look, at least.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Final

Partition = tuple[str, int]

#: Looks at a partition's end that are kept at most. Beyond it every other one is forgotten, and a wait can come out
#: shorter than it is, by the time between two that are kept.
KEPT: Final = 600


class LagTime:
    """Takes in where the logs end, and tells for how long the record at a place has been there."""

    def __init__(self) -> None:
        self._reached: dict[Partition, deque[tuple[float, int]]] = {}

    def note(self, ends: Mapping[Partition, int], now: float) -> None:
        """Take in a look at the ends of all partitions, at `now` by the monotonic clock."""
        for partition, end in ends.items():
            reached = self._reached.setdefault(partition, deque())
            if reached and end < reached[-1][1]:
                reached.clear()  # the topic was made anew, or the log lost its end
            if not reached or end > reached[-1][1]:
                reached.append((now, end))
            if len(reached) > KEPT:
                newest = reached.pop()
                self._reached[partition] = deque([*list(reached)[::2], newest])

    def waited_s(self, partition: Partition, done: int, now: float) -> float:
        """Return for how long the record at offset `done` has been in the log; 0.0 where there is none."""
        return next((now - at for at, end in self._reached.get(partition, ()) if end > done), 0.0)
