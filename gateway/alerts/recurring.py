"""Decides when to say that a finding has come again while its alert is not over yet. Pure.

A flapping alert stays open while its finding is gone (`patience`). Whoever saw meanwhile that all is well gets a
message once it is not. A finding that comes and goes in short turns is covered by its first messages.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

#: How long a finding has to be gone for its return to be sent; each further time, twice as long as before.
RECURS_S: Final = 30.0
#: The longest such time. It is shorter than a flapping alert waits for its end.
MOST_S: Final = 240.0


@dataclass(frozen=True, slots=True)
class Recurring:
    """How often the return of an alert was sent, and whether another return is still to be sent."""

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
    """Return the alerts that came again, by key. `gone`: since when the finding of each was gone."""
    now: dict[str, Recurring] = {}
    for key in alerts:
        one = before.get(key, Recurring())
        if key in found and key in gone and at - gone[key] >= one.gone_for:
            one = replace(one, owed=True)
        now[key] = one
    return now
