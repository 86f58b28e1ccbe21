"""How the objectives stand: from counts by the hour to shares, budgets and burn rates. Reads once, judges purely."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, takewhile
from typing import Final, Literal

from gateway.verdict.words.speech import ENGLISH, Speech, span
from projections.reads import history
from projections.reads.rows import Reader
from projections.slo import reads as slo
from projections.slo.reads import Hour
from schemas.slo import (
    DAYS,
    NO_TIME,
    OBJECTIVES,
    WINDOWS,
    Counts,
    Kind,
    Measure,
    Objective,
    at_most,
    burn_rate,
)

State = Literal["met", "missed", "too-few", "unknown"]

#: Hours that are listed as the worst ones.
WORST: Final = 5
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A period of whole clock hours, UTC. `month`: 2026-11, "" for the last 30 days; `over`: it has ended."""

    since: datetime
    until: datetime
    month: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """Counts of a measure within a time: all, and those that missed the objective. For availability: seconds."""

    total: int
    bad: int


@dataclass(frozen=True, slots=True)
class Window:
    """A window that ends now. `rate`: its burn rate; None if too little was measured, or no error budget exists."""

    name: str
    spent: Spent
    rate: float | None


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour, or a day, with what was measured in it."""

    at: datetime
    spent: Spent


@dataclass(frozen=True, slots=True)
class Standing:
    """How an objective stands in a period. `good` None: unknown, because of `why`.

    With fewer measurements than `Objective.least` it is shown and not judged: it has no budget and no burn rate.
    `at_most_ms`: the longest time of the promised share, in ms; `beyond`: it is longer than every bound. `budget_left`:
    1 with nothing spent, below 0 with more spent than there is.
    """

    objective: Objective
    spent: Spent
    good: float | None
    state: State
    at_most_ms: int | None
    budget_left: float | None
    windows: tuple[Window, ...]
    worst: tuple[Slot, ...]
    days: tuple[Slot, ...]


#: Why nothing is known, by the kind of objective.
_NOTHING: Final = {
    Kind.WITHIN: "nothing of the kind happened in this time",
    Kind.NONE: "no plan was uploaded and none stalled in this time",
    Kind.UPTIME: "no alert engine has written down a minute of this time yet",
}
TOO_FEW: Final = "too few to judge: %(n)s of %(least)s"
#: The same of the time.
TOO_LITTLE: Final = "too little to judge: %(n)s of %(least)s"


def messages() -> Iterator[str]:
    """Return every text of the objectives, for the catalogues."""
    for objective in OBJECTIVES:
        yield from (objective.title, objective.measured)
    yield from (*_NOTHING.values(), TOO_FEW, TOO_LITTLE)


def why(standing: Standing, speech: Speech = ENGLISH) -> str:
    """Say why an objective is not judged; "" where it is."""
    if standing.state == "unknown":
        return speech.text(_NOTHING[standing.objective.kind])
    if standing.state != "too-few":
        return ""
    n, least = standing.spent.total, standing.objective.least
    if standing.objective.kind is Kind.UPTIME:
        whole = -(-least // 60) * 60.0  # whole minutes, so that both never read alike
        return speech.text(TOO_LITTLE) % {"n": span(float(n), speech), "least": span(whole, speech)}
    return speech.text(TOO_FEW) % {"n": speech.number(n), "least": speech.number(least)}


def last_days(now: datetime) -> Period:
    """Return the last 30 days: the clock hour that goes on and those before it."""
    return Period(_hour_of(now) - timedelta(days=DAYS), _hour_of(now) + _HOUR)


def of_month(year: int, month: int, now: datetime) -> Period:
    """Return a calendar month, UTC. Raises ValueError where there is none."""
    first = datetime(year, month, 1, tzinfo=UTC)
    after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return Period(first, after, f"{year:04d}-{month:02d}", after <= now)


def period_of(month: str, now: datetime) -> Period:
    """Return the period of a month such as 2026-11, or of the last 30 days for "". Raises ValueError."""
    if not month:
        return last_days(now)
    year, _, number = month.partition("-")
    return of_month(int(year), int(number), now)


async def standings(db: Reader, period: Period, now: datetime) -> list[Standing]:
    """Read and judge all objectives."""
    counted = await slo.by_limit(db, period.since, period.until)
    times = await slo.totals(db, period.since, period.until)
    return judged([*counted, *await _uptime(db, period, whole=False)], times, period, now)


async def in_short(db: Reader, now: datetime) -> list[Standing]:
    """Return how all objectives stand over the last 30 days, without hours and windows; a cheap read."""
    period = last_days(now)
    counted = await slo.totals(db, period.since, period.until)
    return judged([*counted, *await _uptime(db, period, whole=True)], counted, period, now)


async def _uptime(db: Reader, period: Period, *, whole: bool) -> list[Hour]:
    """Return the seconds that were watched, and those of them in which the system was unusable."""
    found = await history.uptime(db, period.since, period.until, whole=whole)
    seen = [Hour(one.hour, Measure.SEEN, NO_TIME, one.seen_s) for one in found]
    return seen + [Hour(one.hour, Measure.DOWN, NO_TIME, one.down_s) for one in found]


def judged(counted: Sequence[Hour], times: Sequence[Hour], period: Period, now: datetime) -> list[Standing]:
    """Return how each objective stands, from the counts of a period. A past month has no burn rates.

    `counted` tells what was within a limit, hour by hour; `times` by every bound, over the period or hour by hour.
    """
    here, whole = _by_measure(counted), _by_measure(times)
    return [
        _standing(
            objective,
            [*here.get(objective.of or "", ()), *here.get(objective.bad or "", ())],
            whole.get(objective.of or "", ()),
            (period, now),
        )
        for objective in OBJECTIVES
    ]


def _by_measure(rows: Iterable[Hour]) -> dict[str, list[Hour]]:
    of: defaultdict[str, list[Hour]] = defaultdict(list)
    for row in rows:
        of[row[1]].append(row)
    return of


def _standing(
    objective: Objective, here: Sequence[Hour], times: Sequence[Hour], at: tuple[Period, datetime]
) -> Standing:
    period, now = at
    hourly = _hourly(objective, here)
    spent = _sum(slot.spent for slot in hourly)
    left = _left(objective, spent, period)
    judged = _enough(objective, spent)
    state: State = ("missed" if left < -1e-9 else "met") if judged else "too-few" if spent.total else "unknown"
    bound = at_most(_counts(times), objective.share) if objective.kind is Kind.WITHIN else None
    return Standing(
        objective,
        spent,
        1 - spent.bad / spent.total if spent.total else None,
        state,
        bound,
        left if judged and objective.budget else None,
        () if period.month else tuple(_window(objective, hourly, name, hours, now) for name, hours in WINDOWS.items()),
        tuple(Slot(worst.at, _sum([worst.spent])) for worst in _worst(hourly)),
        tuple(_days(hourly)),
    )


def _worst(hourly: Iterable[Slot]) -> list[Slot]:
    return sorted((s for s in hourly if s.spent.bad), key=lambda s: (-s.spent.bad, s.at))[:WORST]


def _left(objective: Objective, spent: Spent, period: Period) -> float:
    """Return the share of the error budget that is left.

    For availability it is the whole period's, even in a new system.
    """
    of = (period.until - period.since).total_seconds() if objective.kind is Kind.UPTIME else spent.total
    allowed = of * objective.budget
    return 1 - spent.bad / allowed if allowed else -float(spent.bad)


def _window(objective: Objective, hourly: Sequence[Slot], name: str, hours: int, now: datetime) -> Window:
    since = _hour_of(now) - hours * _HOUR
    last = takewhile(lambda slot: slot.at >= since, reversed(hourly))  # a few of the month's hours
    spent = _sum(slot.spent for slot in last)
    return Window(
        name, spent, burn_rate(objective, spent.bad, spent.total, hours) if _enough(objective, spent) else None
    )


def _enough(objective: Objective, spent: Spent) -> bool:
    """Tell whether enough was measured to judge by."""
    return spent.total >= objective.least


def _hourly(objective: Objective, rows: Iterable[Hour]) -> list[Slot]:
    """Return what was measured in each hour, in their order.

    It passes over the rows once: a month has ten thousand and more.
    """
    of, bad_one, limit = objective.of, objective.bad, objective.limit_ms
    found: dict[datetime, list[int]] = {}
    for hour, measure, le_ms, n in rows:
        sums = found.get(hour)
        if sums is None:
            sums = found[hour] = [0, 0, 0]
        if measure == of:
            sums[0] += n
            if le_ms <= limit:
                sums[1] += n
        elif measure == bad_one:
            sums[2] += n
    if bad_one is None:
        return [Slot(hour, Spent(total, total - good)) for hour, (total, good, _) in sorted(found.items())]
    return [Slot(hour, Spent(total, bad)) for hour, (total, _, bad) in sorted(found.items())]


def _sum(spent: Iterable[Spent]) -> Spent:
    """Return the sum of some hours. The missed ones are part of all, even where only they were counted."""
    total = bad = 0
    for one in spent:
        total += one.total
        bad += one.bad
    return Spent(max(total, bad), bad)


def _counts(rows: Iterable[Hour]) -> Counts:
    counts: Counter[int] = Counter()
    for row in rows:
        counts[row.le_ms] += row.n
    return counts


def _days(hourly: Iterable[Slot]) -> list[Slot]:
    found = groupby(hourly, key=_day)
    return [Slot(datetime.combine(day, time(), UTC), _sum(slot.spent for slot in slots)) for day, slots in found]


def _day(slot: Slot) -> date:
    at = slot.at
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).date()  # as a rule it is: there are 720 in a month


def _hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
