"""Quiet hours: when messages that can wait are kept, and until when. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gateway.verdict.traits import Severity

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CAN_WAIT: Final = frozenset({Severity.WARNING, Severity.INFO})
#: The most adjacent windows that are followed: beyond them the whole week is quiet.
_MOST: Final = 14


@dataclass(frozen=True, slots=True)
class Quiet:
    """A window that begins at `begins` on `days` and ends at the next `ends`, by the clocks of `zone`."""

    zone: ZoneInfo
    begins: time
    ends: time
    days: frozenset[str] = frozenset(DAYS)
    severities: frozenset[Severity] = CAN_WAIT

    def end(self, at: datetime) -> datetime | None:
        """Return the end of the quiet window that contains `at`; None if there is none."""
        local = at.astimezone(self.zone)
        for day in (local.date(), local.date() - timedelta(days=1)):  # one that began yesterday may go on
            begins, ends = self._window(day)
            if DAYS[day.weekday()] in self.days and begins <= at < ends:
                return ends
        return None

    def _window(self, day: date) -> tuple[datetime, datetime]:
        last = day if self.ends > self.begins else day + timedelta(days=1)
        begins = datetime.combine(day, self.begins, self.zone)
        return begins.astimezone(UTC), datetime.combine(last, self.ends, self.zone).astimezone(UTC)


def kept_until(windows: Iterable[Quiet], severity: Severity, at: datetime) -> datetime | None:
    """Return until when a message of this severity is delayed; None if it goes at once."""
    mine = [window for window in windows if severity in window.severities]
    until = at
    for _ in range(_MOST):
        ends = [end for window in mine if (end := window.end(until)) is not None]
        if not ends:
            break
        until = max(ends)
    return until if until > at else None
