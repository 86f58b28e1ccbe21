"""The charts of the last hour, day or week, in numbers: pages, API and command line show these.

Of an unwatched time a value is None. A day and a week go by the hour. The minute or hour that goes on is not whole, and
in no chart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from projections.reads import history
from projections.reads.history import SPANS, Minute
from projections.reads.rows import Reader
from schemas.lifecycle import PLAN
from schemas.slo import BEYOND_MS, at_most

Unit = Literal["count", "seconds", "share"]
#: How the one figure of the whole time follows from its values; a share is that of all that ended.
How = Literal["sum", "most", "share"]

Values = tuple[float | None, ...]
_Minutes = Sequence[Minute | None]
_Reads = Callable[[Minute], float | None]
#: How many failed, and how many ended well.
_Ended = Callable[[Minute], tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a value for each minute or hour, and one for the whole time; `inf`: longer than any counted time.

    `least`: a part of the time was not watched, so that a sum, or the most, may be higher than `whole`.
    """

    name: str
    title: str
    values: Values
    whole: float | None
    least: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines of one unit, and so of one scale. Titles are English, as the catalogue has them."""

    name: str
    title: str
    unit: Unit
    how: How
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a chart shows: of each line its name, its title, and how its value is read."""

    name: str
    title: str
    unit: Unit
    how: How
    lines: tuple[tuple[str, str, _Reads], ...]


def step(hours: int) -> timedelta:
    """Return how much time one value is of."""
    return timedelta(minutes=1) if hours == min(SPANS) else timedelta(hours=1)


def until(now: datetime, hours: int) -> datetime:
    """Return the end of the last minute, or hour, that is whole."""
    whole = now.replace(second=0, microsecond=0)
    return whole if hours == min(SPANS) else whole.replace(minute=0)


def since(now: datetime, hours: int = 1) -> datetime:
    """Return where the charts begin."""
    return until(now, hours) - timedelta(hours=hours)


async def read(db: Reader, now: datetime, hours: int) -> list[Chart]:
    """Return the charts of so many hours, as they are recorded."""
    by_minute = hours == min(SPANS)
    recorded, first = history.minutes if by_minute else history.hours, since(now, hours)
    earlier = await history.before(db, first, "minute" if by_minute else "hour")
    return charts(await recorded(db, first, until(now, hours)), now, hours, earlier=earlier)


def charts(minutes: Sequence[Minute], now: datetime, hours: int = 1, *, earlier: bool = False) -> list[Chart]:
    """Return the charts of what was recorded by the minute, or of more than an hour by the hour.

    `earlier`: something was recorded before, so that a beginning without a record was not watched.
    """
    seen = {minute.at: minute for minute in minutes}
    first, apart = since(now, hours), step(hours)
    watched = [seen.get(first + n * apart) for n in range(timedelta(hours=hours) // apart)]
    begins = 0 if earlier else next((n for n, minute in enumerate(watched) if minute is not None), len(watched))
    drawn = [_drawn(form, watched, begins) for form in (*_WORK, *_WAITS)]
    return [*drawn[: len(_WORK)], _rates(watched), *drawn[len(_WORK) :]]


def messages() -> Iterator[str]:
    """Return every text of the charts, for the catalogues."""
    for form in (*_WORK, *_WAITS):
        yield form.title
        yield from (title for _, title, _ in form.lines)
    yield _RATE
    yield from (title for _, title, _ in _RATES)


def _drawn(form: _Form, watched: _Minutes, begins: int) -> Chart:
    """Return a chart. `begins`: where there was something to watch, from then on; the end may not be written yet."""
    counts = form.unit == "count"
    return Chart(
        form.name,
        form.title,
        form.unit,
        form.how,
        tuple(
            Line(name, title, values, _whole(form.how, values), counts and None in values[begins:-1])
            for name, title, reads in form.lines
            for values in [tuple(None if minute is None else reads(minute) for minute in watched)]
        ),
    )


def _whole(how: How, values: Values) -> float | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    return sum(known) if how == "sum" else max(known)


def _rates(watched: _Minutes) -> Chart:
    """Return the share of failures in what ended; unknown where nothing ended."""
    lines = []
    for name, title, reads in _RATES:
        ended = [None if minute is None else _ended(reads(minute)) for minute in watched]
        known = [pair for pair in ended if pair is not None]
        whole = sum(failed for failed, _ in known) / sum(of for _, of in known) if known else None
        lines.append(Line(name, title, tuple(None if pair is None else pair[0] / pair[1] for pair in ended), whole))
    return Chart("rate", _RATE, "share", "share", tuple(lines))


def _ended(pair: tuple[int | None, int | None]) -> tuple[int, int] | None:
    """Return how many failed, and of how many that ended; None if that is unknown, or nothing ended."""
    failed, good = pair
    if failed is None or good is None or not failed + good:
        return None
    return failed, failed + good


def _within(share: float, of: Callable[[Minute], Mapping[int, int] | None]) -> _Reads:
    def seconds(minute: Minute) -> float | None:
        bound = at_most(of(minute) or {}, share)
        return None if bound is None else math.inf if bound == BEYOND_MS else bound / 1000

    return seconds


def _oldest(minute: Minute) -> float | None:
    """Return the seconds that the oldest plan waited for the system; 0 if none did, None if nobody looked."""
    if minute.retries is None:  # the database was away
        return None
    return max((s for status, s in minute.oldest_s.items() if status in PLAN.waiting_for_system), default=0.0)


def _counts(name: str, title: str, how: How, first: tuple[str, str, _Reads], *others: tuple[str, str, _Reads]) -> _Form:
    return _Form(name, title, "count", how, (first, *others))


def _times(name: str, title: str, of: Callable[[Minute], Mapping[int, int] | None]) -> _Form:
    lines = ("99", "99 % at most", _within(0.99, of)), ("50", "half at most", _within(0.5, of))
    return _Form(name, title, "seconds", "most", lines)


_WORK: Final = (
    _counts(
        "flow",
        "Plans that came, approvals",
        "sum",
        ("plans", "plans", lambda m: m.plans_in),
        ("approvals", "approvals", lambda m: m.approvals),
    ),
    _counts(
        "made",
        "Phase 1 made, tasks failed",
        "sum",
        ("phase1", "Phase 1", lambda m: m.phase1_made),
        ("failed", "failed tasks", lambda m: m.tasks_failed),
    ),
    _counts(
        "ended",
        "Plans and tasks completed",
        "sum",
        ("plans", "plans", lambda m: m.plans_completed),
        ("tasks", "tasks", lambda m: m.tasks_completed),
    ),
)
_RATE: Final = "Failure rate"
_RATES: Final[tuple[tuple[str, str, _Ended], ...]] = (
    ("channels", "analyses of channels", lambda m: (m.channels_failed, m.channels_analyzed)),
    ("tasks", "tasks", lambda m: (m.tasks_failed, m.tasks_completed)),
)
_WAITS: Final = (
    _times("phase1", "Time of Phase 1", lambda m: m.phase1_time),
    _times("queue", "Until a worker begins", lambda m: m.queue_delay),
    _Form("oldest", "Longest wait for the system", "seconds", "most", (("oldest", "oldest plan", _oldest),)),
    _counts(
        "aside",
        "Retries and dead letters that wait",
        "most",
        ("retries", "retries", lambda m: m.retries),
        ("letters", "dead letters", lambda m: m.dead_letters),
    ),
    _counts(
        "lag",
        "Records that wait in the log",
        "most",
        ("workers", "for workers", lambda m: m.lag),
        ("read-models", "for the read models", lambda m: m.behind),
    ),
    _counts(
        "breakers",
        "Circuit breakers that hold calls back",
        "most",
        ("breakers", "breakers", lambda m: m.breakers),
    ),
)
