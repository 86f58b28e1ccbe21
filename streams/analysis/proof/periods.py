"""Decides whether and how two documents of a channel can be compared, by their days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

#: Periods whose lengths differ by more than this are not alike: their sums differ by their days alone. 28 and 31 are.
LIKE: Final = 1.12


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, period: list[str]) -> Period | None:
        """Return the period of a channel's facts; None for a document without dates."""
        return cls(*map(date.fromisoformat, period)) if len(period) == 2 else None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def overlap(one: Period, other: Period) -> int:
    """Return how many days both have."""
    return max(0, (min(one.last, other.last) - max(one.first, other.first)).days + 1)


def comparable(earlier: Period, later: Period) -> bool:
    """Return whether the later period begins and ends later, and does not overlap the earlier one or is as long."""
    is_later = earlier.first < later.first and earlier.last < later.last
    return is_later and (overlap(earlier, later) == 0 or earlier.days == later.days)


def alike(earlier: Period, later: Period) -> bool:
    """Return whether sums of both can be compared as they are."""
    return max(earlier.days, later.days) <= LIKE * min(earlier.days, later.days)
