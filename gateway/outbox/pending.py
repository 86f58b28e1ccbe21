"""Rows that the relay has read and not published yet, in two lanes: those of urgent plans, and the others.

All rows of a key are in one partition, so in one lane, and none overtakes another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Generic, TypeVar

from schemas.outbox_seal import Row
from schemas.process.places import URGENT, USUAL, partition_of, rank
from schemas.topics import declared

#: Rows published in one go, and read at once.
BATCH: Final = 500
#: Rows that are read and wait for their go, at most, some 4 KB each. What is urgent beyond them waits to be read.
MOST: Final = 2_000

R = TypeVar("R", bound=Row)


def rank_of(row: Row) -> int:
    """Return for whose plans the partition of a row is: the lower, the sooner."""
    if row["topic"] not in declared():
        return USUAL
    return rank(row["topic"], partition_of(row["topic"], row["key"].encode()))


class Pending(Generic[R]):
    """Holds rows by their number, each once."""

    def __init__(self) -> None:
        self._urgent: dict[int, R] = {}
        self._others: dict[int, R] = {}
        self._under_way: set[int] = set()

    def __len__(self) -> int:
        """Return how many rows wait for their go."""
        return len(self._urgent) + len(self._others)

    @property
    def room(self) -> int:
        """Return how many more rows are to be read."""
        return max(0, min(BATCH, MOST - len(self)))

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of all rows, those under way as well."""
        return [*self._urgent, *self._others, *self._under_way]

    def add(self, rows: Iterable[R]) -> None:
        """Take in what was read."""
        for row in rows:
            lane = self._urgent if rank_of(row) == URGENT else self._others
            lane[row["seq"]] = row

    def take(self, *, urgent: bool) -> list[R]:
        """Return the rows of the next go of a lane, in their order; they are under way until `ended`."""
        lane = self._urgent if urgent else self._others
        rows = [lane.pop(seq) for seq in sorted(lane)[:BATCH]]
        self._under_way.update(row["seq"] for row in rows)
        return rows

    def ended(self, rows: Sequence[R]) -> None:
        """Note that rows are published, or set aside."""
        self._under_way.difference_update(row["seq"] for row in rows)

    def forget(self) -> None:
        """Forget what waits: it is to be read again."""
        self._urgent.clear()
        self._others.clear()
