"""How long a phase takes, as far as the text says it plainly. Pure.

Agents and people write the weeks of a phase as text. What cannot be read for sure is not known: nobody gets a day that
nobody has said.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

#: More than this is no plan of weeks, but a number that means something else.
MOST_DAYS: Final = 2 * 366
_WEEK: Final = r"(?:semanas?|sem\.?|weeks?|wks?\.?)"
_DAY: Final = r"(?:dias?|days?)"
_TO: Final = r"(?:-|a|à|ao|até|ate|to|until|through)"
_WITHIN: Final = r"(?:(?:em|até|ate|in|within)\s+)?"
#: `Semanas 5-8`: those weeks of the plan, the last one included. `Semana 3`: one.
_THOSE: Final = re.compile(rf"{_WEEK}\s*(\d{{1,3}})(?:\s*{_TO}\s*(?:{_WEEK}\s*)?(\d{{1,3}}))?")
#: `4 semanas`, `2-4 weeks`, `30 dias`: so many, or at most so many.
_SO_MANY: Final = re.compile(rf"{_WITHIN}(?:(\d{{1,3}})\s*{_TO}\s*)?(\d{{1,3}})\s*(?:({_WEEK})|{_DAY})")


@lru_cache(maxsize=256)
def days_of(weeks: str) -> int | None:
    """Return how many days a phase takes by its text, None where that is not plain.

    Weeks with a number are counted among themselves: `Semanas 5-8` are four, whenever the phase begins.
    """
    text = " ".join(weeks.casefold().replace("\u2013", "-").replace("\u2014", "-").split())
    days = _those(text) or _so_many(text)
    return days if days is not None and 0 < days <= MOST_DAYS else None


def due_on(weeks: str, begun_at: int) -> str | None:
    """Return the day by which the tasks of a phase are to be done, None where its weeks are not plain.

    `begun_at`: when it began, microseconds since 1970 UTC.
    """
    days = days_of(weeks)
    if days is None:
        return None
    begun: date = datetime.fromtimestamp(begun_at / 1_000_000, UTC).date()
    return (begun + timedelta(days=days)).isoformat()


def _those(text: str) -> int | None:
    found = _THOSE.fullmatch(text)
    if found is None:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return (last - first + 1) * 7 if 0 < first <= last else None


def _so_many(text: str) -> int | None:
    found = _SO_MANY.fullmatch(text)
    if found is None:
        return None
    least, most = int(found[1] or 0), int(found[2])
    return (most * 7 if found[3] else most) if least <= most else None
