"""Draws the small charts of the last hour, day or week: what came, what was made, how long it waited."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.operations import charts as numbers
from gateway.ui import amounts, i18n
from gateway.ui.formats import span
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.small_charts import Line, line_of
from projections.reads.history import SPANS as HOURS
from projections.reads.rows import Reader
from schemas.slo import BOUNDS_MS

#: How far back the charts can go, in hours, and what that is called.
SPANS: Final = dict(
    zip(HOURS, (mark("The last hour"), mark("The last 24 hours"), mark("The last 7 days")), strict=True)
)
#: The highest bound of counted times, in seconds; a longer time is drawn as a second more.
_COUNTED_S: Final = BOUNDS_MS[-1] / 1000
_BEYOND_S: Final = _COUNTED_S + 1


@dataclass(frozen=True, slots=True)
class Series:
    """One line with its name, and its figure for the whole time in words, "" if nothing is known."""

    name: str
    said: str
    line: Line


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart; its lines have one scale."""

    key: str
    title: str
    series: tuple[Series, ...]

    @property
    def known(self) -> bool:
        return any(one.said for one in self.series)

    @property
    def width(self) -> float:
        return self.series[0].line.width


def chosen(text: str) -> int:
    """Return the hours that an address asks for; any others are the first."""
    return next((hours for hours in SPANS if str(hours) == text), min(SPANS))


async def read(db: Reader, now: datetime, hours: int) -> list[Chart]:
    """Return the charts of so many hours, in the reader's language."""
    return drawn(await numbers.read(db, now, hours))


def drawn(found: Iterable[numbers.Chart]) -> list[Chart]:
    """Return charts as they are drawn, in the reader's language."""
    return [_drawn(one) for one in found]


def _drawn(chart: numbers.Chart) -> Chart:
    values = [[_BEYOND_S if value == math.inf else value for value in line.values] for line in chart.lines]
    known = [value for line in values for value in line if value is not None]
    top = 1.0 if chart.unit == "share" else max(known, default=None)
    return Chart(
        chart.name,
        i18n.raw(chart.title),
        tuple(
            Series(i18n.raw(line.title), _said(chart, line), line_of(heights, top))
            for line, heights in zip(chart.lines, values, strict=True)
        ),
    )


def _said(chart: numbers.Chart, line: numbers.Line) -> str:
    """Return the figure of the whole time. What a part of it hides is said: a sum of the rest is no sum."""
    whole = line.whole
    if whole is None:
        return ""
    if chart.unit == "share":
        return amounts.percent(whole)
    if chart.unit == "seconds":
        return _("longer than %(time)s", time=span(_COUNTED_S)) if math.isinf(whole) else span(whole)
    figure = amounts.number(int(whole))
    if chart.how == "sum":
        return _("at least %(n)s", n=figure) if line.least else figure
    return _("most seen: %(n)s", n=figure) if line.least else _("most: %(n)s", n=figure)
