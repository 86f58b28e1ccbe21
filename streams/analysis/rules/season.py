"""Tells what a season explains of a fall: the weeks before Christmas, or the same days a year before. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from schemas.facts import Figure
from streams.analysis.rules.formats import percent

#: From 11.11 over Black Friday to Christmas Eve shops sell more than ever: month and day of the first and the last day.
_FIRST: Final = (11, 11)
_LAST: Final = (12, 24)
#: What is compared has so many days of it more before than lately: less is no reason for a fall.
_MORE_DAYS: Final = 7


def explanation(figure: Figure, limit: float) -> str | None:
    """Return what explains that revenue fell: None where nothing does.

    Where the document reaches back for a year, the same days tell it: a fall that is not `limit` (such as -0.1) below
    theirs is the season's. Otherwise it is unknown after the weeks before Christmas.
    """
    usual = _year_before(figure)
    if usual is not None:
        told = f"Há um ano, nos mesmos dias, mudou {percent(usual)}"
        return f"{told}: é a época, e não uma queda." if usual < 0 and figure.value > usual + limit else None
    days = _days_more(figure)
    if days < _MORE_DAYS:
        return None
    return (
        f"Antes disso há {days} dias a mais da época de Black Friday e Natal, em que se vende mais. Se é uma queda, "
        "só os mesmos dias do ano anterior dizem."
    )


def beside_last_year(figure: Figure) -> str:
    """Return a sentence on how the same days changed a year before, with a blank in front; empty if not known."""
    usual = _year_before(figure)
    return "" if usual is None else f" Há um ano, nos mesmos dias, a mudança foi de {percent(usual)}."


def _year_before(figure: Figure) -> float | None:
    found = figure.detail.get("year_before")
    if not isinstance(found, dict) or found["previous"] <= 0:
        return None
    return float(found["current"] / found["previous"] - 1)


def _days_more(figure: Figure) -> int:
    """Return how many days of the season lie before the days that are judged, less those among them; 0 if not dated."""
    since, until = figure.detail.get("since"), figure.detail.get("until")
    if not (isinstance(since, str) and isinstance(until, str)):
        return 0
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    start = last.replace(day=1) if figure.detail.get("by") == "month" else last - timedelta(days=29)
    return _in_season(first, start - timedelta(days=1)) - _in_season(start, last)


def _in_season(first: date, last: date) -> int:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(_FIRST <= (day.month, day.day) <= _LAST for day in days)
