"""Parts of all plans and letters, so that a comparison holds no more than one part in memory. Pure.

Plans are told apart by how their ids end, which chance has drawn. The id of a letter is its sender's to choose: it is
hashed together with a text that nobody knew before, so that no sender brings all letters into one part.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

#: Records of the log that one part is to have, more or less. What they imply takes some 340 MiB, and the read models'
#: rows beside it as much again; each further part reads the log once more, and decodes its own records alone.
RECORDS_AT_ONCE: Final = 500_000
#: The last signs of a plan's id that tell its part, here and in tables.py: hexadecimal digits that chance has drawn.
_SIGNS: Final = 4
_VALUES: Final = 16**_SIGNS

#: Comes after all texts of so many signs.
_LAST: Final = "\U0010ffff" * (_SIGNS + 1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """The plans whose ids end in `first` or later, and before `end`. Any text has its place, also one that is no id."""

    first: str = ""
    end: str = _LAST
    salt: str = ""  # what ids of letters are hashed with

    def has(self, plan: str) -> bool:
        """Say whether a plan is one of these."""
        return self.first <= plan[-_SIGNS:] < self.end

    def has_letter(self, id_: str) -> bool:
        """Say whether a letter is looked at with this part."""
        return self.first <= hashlib.sha256((self.salt + id_).encode()).hexdigest()[-_SIGNS:] < self.end

    @property
    def is_first(self) -> bool:
        """Whether what belongs to no plan is looked at with this part."""
        return not self.first


#: All plans.
WHOLE: Final = Bucket()


def buckets_of(records: int, at_once: int = RECORDS_AT_ONCE, salt: str = "") -> list[Bucket]:
    """Return the parts in which a log of so many records is compared; letters are spread by `salt`."""
    count = min(max(1, -(-records // at_once)), _VALUES)
    bounds = ["", *(f"{_VALUES * n // count:0{_SIGNS}x}" for n in range(1, count)), _LAST]
    return [Bucket(first, end, salt) for first, end in pairwise(bounds)]
