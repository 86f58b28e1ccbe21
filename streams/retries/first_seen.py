"""When each parked record arrived, per partition, by a monotonic clock."""

from __future__ import annotations

from collections import deque

from aiokafka import TopicPartition


class FirstSeen:
    """Remembers, for each partition, up to which offset its records were here at which moment (monotonic, seconds)."""

    def __init__(self) -> None:
        self._seen: dict[TopicPartition, deque[tuple[int, float]]] = {}

    def note(self, partition: TopicPartition, last: int, now: float) -> None:
        """Note that the records up to the offset `last` have arrived."""
        seen = self._seen.setdefault(partition, deque())
        if not seen or last > seen[-1][0]:
            seen.append((last, now))

    def since(self, partition: TopicPartition, offset: int, now: float) -> float:
        """Return since when a record is known; those before it are forgotten. `now` where it is not."""
        self.forget(partition, offset)
        seen = self._seen.get(partition)
        return seen[0][1] if seen else now

    def forget(self, partition: TopicPartition, before: int) -> None:
        """Forget the records before an offset."""
        seen = self._seen.get(partition, deque())
        while seen and seen[0][0] < before:
            seen.popleft()

    def clear(self) -> None:
        """Forget all."""
        self._seen.clear()
