"""The month that a table is of, by its sheet's name, its title or the file's name: days alone are then dates."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from gateway.intake.month_names import MONTHS
from gateway.intake.words import fold

_NAMES: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
#: `Março/2026`, `mar-26`, `MARÇO DE 2026`: a year of two figures stands right behind the name.
_NAMED: Final = re.compile(rf"(?<![a-z])({_NAMES})\.?(?:\s*(?:de|of|[/_-])?\s*(20\d{{2}})|\s?[/'_-]\s?(\d{{2}}))(?!\d)")
_NUMBERED: Final = re.compile(
    r"(?<![\d/._-])(0?[1-9]|1[0-2])[/._-](20\d{2})(?![\d/._-]?\d)|(?<!\d)(20\d{2})[/._-](0[1-9]|1[0-2])(?![/._-]?\d)"
)
#: A lone month, where the year stands elsewhere.
_ALONE: Final = re.compile(rf"(?<![a-z])({_NAMES})(?![a-z])")
_YEAR: Final = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_WHOLE_NAME: Final = 4


def month_told(near: Sequence[str], file: str) -> tuple[int, int] | None:
    """Return year and month that the texts beside a table tell, else the file's name; None where none or several do.

    A month without its year has that of the other texts.
    """
    every = [*near, file]
    for texts in (near, [file]):
        found = {one for text in texts for one in _months(text)}
        if len(found) > 1:
            return None
        if found:
            return found.pop()
    years = {int(year) for text in every for year in _YEAR.findall(text)}
    names = {name for text in near for name in _ALONE.findall(fold(text)) if len(name) >= _WHOLE_NAME}
    months = {MONTHS[name] for name in names}
    return (years.pop(), months.pop()) if len(years) == len(months) == 1 else None


def _months(text: str) -> Iterable[tuple[int, int]]:
    for name, year, short in _NAMED.findall(fold(text)):
        yield int(year or f"20{short}"), MONTHS[name]
    for month, year, other, third in _NUMBERED.findall(text):
        yield int(year or other), int(month or third)


def last_day(year: int, month: int) -> date:
    """Return the last day of the month."""
    return date(year, month, monthrange(year, month)[1])
