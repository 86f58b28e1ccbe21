"""Computes small charts of the last hour, day or week: what came, what was made, how long it waited.

An unwatched time is a gap. A day and a week are drawn by the hour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gateway.ui import amounts
from gateway.ui.formats import span
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.small_charts import Line, line_of
from projections.reads import history
from projections.reads.history import Minute
from projections.reads.rows import Reader
from schemas.lifecycle import PLAN
from schemas.slo import BOUNDS_MS, at_most

MINUTES: Final = 60
#: How far back the charts can go, in hours, and what that is called; the first unless another is chosen.
SPANS: Final = {1: mark("The last hour"), 24: mark("The last 24 hours"), 7 * 24: mark("The last 7 days")}
#: The highest bound of counted times, in seconds; a longer time is drawn as a second more.
_COUNTED_S: Final = BOUNDS_MS[-1] / 1000
_BEYOND_S: Final = _COUNTED_S + 1

Reads = Callable[[Minute], float | None]
#: How many failed, and how many ended well.
Ended = Callable[[Minute], tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Series:
    """One line with its name, and its figure for the hour in words, "" if nothing is known."""

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


def since(now: datetime, hours: int = 1) -> datetime:
    """Return the first minute of the hour that ends with the last whole one; of more hours, the first of them."""
    if hours == 1:
        return now.replace(second=0, microsecond=0) - timedelta(minutes=MINUTES)
    return now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours)


async def read(db: Reader, now: datetime, hours: int) -> list[Chart]:
    """Return the charts of so many hours, as they are recorded."""
    recorded = history.minutes if hours == 1 else history.hours
    return charts(await recorded(db, since(now, hours), now), now, hours)


def charts(minutes: Sequence[Minute], now: datetime, hours: int = 1) -> list[Chart]:
    """Return the charts, in the reader's language. The hour that goes on is in none of them: it is not whole."""
    seen = {minute.at: minute for minute in minutes}
    step, count = (timedelta(minutes=1), MINUTES) if hours == 1 else (timedelta(hours=1), hours)
    hour = [seen.get(since(now, hours) + n * step) for n in range(count)]
    return [*_of_work(hour), *_of_waits(hour)]


def _of_work(hour: Sequence[Minute | None]) -> list[Chart]:
    """Return the charts of what came, and of its outcomes."""
    return [
        _chart(
            "flow",
            _("Plans that came, approvals"),
            hour,
            _sum,
            (_("plans"), lambda m: m.plans_in),
            (_("approvals"), lambda m: m.approvals),
        ),
        _chart(
            "made",
            _("Phase 1 made, tasks failed"),
            hour,
            _sum,
            (_("Phase 1"), lambda m: m.phase1_made),
            (_("failed tasks"), lambda m: m.tasks_failed),
        ),
        _chart(
            "ended",
            _("Plans and tasks completed"),
            hour,
            _sum,
            (_("plans"), lambda m: m.plans_completed),
            (_("tasks"), lambda m: m.tasks_completed),
        ),
        _rates(
            hour,
            (_("analyses of channels"), lambda m: (m.channels_failed, m.channels_analyzed)),
            (_("tasks"), lambda m: (m.tasks_failed, m.tasks_completed)),
        ),
    ]


def _of_waits(hour: Sequence[Minute | None]) -> list[Chart]:
    """Return the charts of durations, and of what waits or is held back."""
    return [
        _chart(
            "phase1",
            _("Time of Phase 1"),
            hour,
            _bounded,
            (_("99 % at most"), _within(0.99, lambda m: m.phase1_time)),
            (_("half at most"), _within(0.5, lambda m: m.phase1_time)),
        ),
        _chart(
            "queue",
            _("Until a worker begins"),
            hour,
            _bounded,
            (_("99 % at most"), _within(0.99, lambda m: m.queue_delay)),
            (_("half at most"), _within(0.5, lambda m: m.queue_delay)),
        ),
        _chart("oldest", _("Longest wait for the system"), hour, _longest, (_("oldest plan"), _oldest)),
        _chart(
            "aside",
            _("Retries and dead letters that wait"),
            hour,
            _most,
            (_("retries"), lambda m: m.retries),
            (_("dead letters"), lambda m: m.dead_letters),
        ),
        _chart(
            "lag",
            _("Records that wait in the log"),
            hour,
            _most,
            (_("for workers"), lambda m: m.lag),
            (_("for the read models"), lambda m: m.behind),
        ),
        _chart(
            "breakers", _("Circuit breakers that hold calls back"), hour, _most, (_("breakers"), lambda m: m.breakers)
        ),
    ]


def _chart(
    key: str,
    title: str,
    hour: Sequence[Minute | None],
    said: Callable[[Sequence[float]], str],
    *wanted: tuple[str, Reads],
) -> Chart:
    read = [(name, [None if minute is None else of(minute) for minute in hour]) for name, of in wanted]
    top = max((value for _name, values in read for value in values if value is not None), default=None)
    found = [(name, values, [value for value in values if value is not None]) for name, values in read]
    return Chart(
        key,
        title,
        tuple(Series(name, said(known) if known else "", line_of(values, top)) for name, values, known in found),
    )


def _rates(hour: Sequence[Minute | None], *wanted: tuple[str, Ended]) -> Chart:
    """Return the share of failures in what ended, by the minute and for the hour; nothing if nothing ended."""
    series = []
    for name, read in wanted:
        ended = [None if minute is None else _ended(read(minute)) for minute in hour]
        known = [pair for pair in ended if pair is not None]
        said = amounts.percent(sum(n for n, _ in known) / sum(n for _, n in known)) if known else ""
        shares = [None if pair is None else pair[0] / pair[1] for pair in ended]
        series.append(Series(name, said, line_of(shares, 1.0)))
    return Chart("rate", _("Failure rate"), tuple(series))


def _ended(pair: tuple[int | None, int | None]) -> tuple[int, int] | None:
    """Return how many failed, and of how many that ended; None if that is unknown, or nothing ended."""
    failed, good = pair
    if failed is None or good is None or not failed + good:
        return None
    return failed, failed + good


def _sum(known: Sequence[float]) -> str:
    return amounts.number(int(sum(known)))


def _most(known: Sequence[float]) -> str:
    return _("most: %(n)s", n=amounts.number(int(max(known))))


def _longest(known: Sequence[float]) -> str:
    return span(max(known))


def _bounded(known: Sequence[float]) -> str:
    longest = max(known)
    return _("longer than %(time)s", time=span(_COUNTED_S)) if longest > _COUNTED_S else span(longest)


def _within(share: float, of: Callable[[Minute], Mapping[int, int] | None]) -> Reads:
    def seconds(minute: Minute) -> float | None:
        bound = at_most(of(minute) or {}, share)
        return None if bound is None else min(bound / 1000, _BEYOND_S)

    return seconds


def _oldest(minute: Minute) -> float | None:
    """Return the seconds that the oldest plan waited for the system; 0 if none did, None if nobody looked."""
    if minute.retries is None:  # the database was away
        return None
    return max((s for status, s in minute.oldest_s.items() if status in PLAN.waiting_for_system), default=0.0)
