"""Where the log ended once the workers had passed a record: all that they made of it stands before that place.

A worker's offset is committed when what follows from the record is in the log. So what the read models have not come to
yet may be on its way, however long it takes them; what they have passed, and do not show, is missing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Final

Partition = tuple[str, int]
#: (the next offset that the workers take, where the log ended at a later moment), each when the first had changed.
Marks = tuple[tuple[int, int], ...]

#: Marks of a partition that are kept. Of records before the oldest one too late an end is told, which is only patient.
KEPT: Final = 300


class Passed:
    """Takes in how far the workers were at each look, and where the log ended at the next one."""

    def __init__(self) -> None:
        self._marks: dict[Partition, deque[tuple[int, int]]] = {}

    def note(self, before: Mapping[Partition, int], ends: Mapping[Partition, int]) -> None:
        """Take in how far the workers were `before` it was asked where the log ends."""
        for partition, done in before.items():
            marks = self._marks.setdefault(partition, deque(maxlen=KEPT))
            if marks and done < marks[-1][0]:
                marks.clear()  # the topic was made anew, or the group begins again
            if partition in ends and (not marks or done > marks[-1][0]):
                marks.append((done, ends[partition]))

    def marks(self) -> dict[Partition, Marks]:
        """Return what is known, oldest first."""
        return {partition: tuple(marks) for partition, marks in self._marks.items()}


def made_before(marks: Marks, offset: int) -> int | None:
    """Return the offset before which all stands that was made of a record; None where it is not known yet."""
    return next((end for done, end in marks if done > offset), None)
