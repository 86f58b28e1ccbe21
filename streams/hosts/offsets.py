"""Which offsets may be committed when records of a partition end out of order. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import TypeVar

Place = TypeVar("Place", bound=Hashable)


class InOrder:
    """Tracks one partition. `begin` every record in order of its offset; `end` it in any order."""

    def __init__(self) -> None:
        self._open: OrderedDict[int, bool] = OrderedDict()
        self._safe: int | None = None

    def begin(self, offset: int) -> None:
        """Note that a record was taken."""
        self._open[offset] = False

    def end(self, offset: int) -> None:
        """Note that a record is done: everything that follows from it is safe."""
        if offset in self._open:
            self._open[offset] = True
        while self._open:
            first, done = next(iter(self._open.items()))
            if not done:
                break
            self._open.popitem(last=False)
            self._safe = first + 1

    @property
    def safe(self) -> int | None:
        """The offset to commit: everything before it is done. None where nothing is done yet."""
        return self._safe

    @property
    def under_way(self) -> int:
        """How many records were begun and are not safe yet."""
        return len(self._open)


def to_commit(tracked: Mapping[Place, InOrder], committed: Mapping[Place, int]) -> dict[Place, int]:
    """Return place -> offset of those partitions in which more is done than was committed."""
    safe = ((place, of_one.safe) for place, of_one in tracked.items())
    return {place: offset for place, offset in safe if offset is not None and committed.get(place) != offset}
