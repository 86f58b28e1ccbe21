"""What comes again while its alert is not over yet, and when that is told. Pure.

An alert that flaps stays open while its finding is gone (`patience`). Who has seen meanwhile that all is well, and has
gone, hears when it is not any more. What comes and goes in short turns is told by its first messages.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

#: What was gone for so long is told when it comes again; the next time it has to be gone for twice as long, and so on.
RECURS_S: Final = 30.0
#: Nothing has to be gone for longer. It is less than an alert that flaps waits for its end.
MOST_S: Final = 240.0


@dataclass(frozen=True, slots=True)
class Recurring:
    """How often an alert was told again, and whether it has come again and that is still to be told."""

    times: int = 0
    owed: bool = False

    @property
    def gone_for(self) -> timedelta:
        return timedelta(seconds=min(RECURS_S * 2**self.times, MOST_S))

    @property
    def told(self) -> Recurring:
        return Recurring(self.times + 1) if self.owed else self


def noted(
    before: Mapping[str, Recurring],
    alerts: Collection[str],
    found: Collection[str],
    gone: Mapping[str, datetime],
    at: datetime,
) -> dict[str, Recurring]:
    """Return the alerts that came again, by key. `gone`: since when what an alert tells of was not there."""
    now: dict[str, Recurring] = {}
    for key in alerts:
        one = before.get(key, Recurring())
        if key in found and key in gone and at - gone[key] >= one.gone_for:
            one = replace(one, owed=True)
        now[key] = one
    return now
