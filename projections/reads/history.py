"""The alert engine's record by minute and hour: the figures of charts, and how long the system was up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from projections.reads.rows import Reader, from_json

#: How far back charts go, in hours; the first unless another is chosen. The others are drawn by the hour.
SPANS: Final = (1, 24, 7 * 24)


@dataclass(frozen=True, slots=True)
class Minute:
    """The figures of one minute, or of one hour; None where they are not known.

    `queue_delay` and `phase1_time`: counts by bound in milliseconds. `channels_failed`: of their analyses.
    """

    at: datetime
    plans_in: int | None
    approvals: int | None
    phase1_made: int | None
    tasks_failed: int | None
    queue_delay: dict[int, int] | None
    retries: int | None
    dead_letters: int | None
    oldest_s: dict[str, float]
    lag: int | None = None
    behind: int | None = None
    breakers: int | None = None
    plans_completed: int | None = None
    tasks_completed: int | None = None
    channels_analyzed: int | None = None
    channels_failed: int | None = None
    phase1_time: dict[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Uptime:
    """One hour: seconds observed, and the seconds of these in which the system was unusable, rounded up."""

    hour: datetime
    seen_s: int
    down_s: int


_STEPS: Final = """
    select at, plans_in, approvals, phase1_made, tasks_failed, queue_delay, retries, dead_letters, oldest_s, lag,
           behind, breakers, plans_completed, tasks_completed, channels_analyzed, channels_failed, phase1_time
      from flow.marketplace_metrics where step = $3 and at >= $1 and at < $2 order by at"""
_BEFORE: Final = "select exists (select from flow.marketplace_metrics where step = $1 and at < $2)"
_HOURS: Final = """
    select at as hour, round(seen_s)::int as seen_s, ceil(down_s)::int as down_s
      from flow.marketplace_metrics where step = 'hour' and at >= $1 and at < $2 order by at"""
_WHOLE: Final = """
    select $1::timestamptz as hour, coalesce(sum(round(seen_s)), 0)::int as seen_s,
           coalesce(sum(ceil(down_s)), 0)::int as down_s
      from flow.marketplace_metrics where step = 'hour' and at >= $1 and at < $2"""


async def minutes(db: Reader, since: datetime, until: datetime) -> list[Minute]:
    """Return the recorded minutes of a time span."""
    return [_minute(dict(row)) for row in await db.fetch(_STEPS, since, until, "minute")]


async def hours(db: Reader, since: datetime, until: datetime) -> list[Minute]:
    """Return the recorded hours of a time span with the figures of a minute: counts of the hour, and the most of it."""
    return [_minute(dict(row)) for row in await db.fetch(_STEPS, since, until, "hour")]


async def before(db: Reader, moment: datetime, step: str) -> bool:
    """Return whether anything was recorded before a moment, by the minute or by the hour."""
    return bool(await db.fetchval(_BEFORE, step, moment))


async def uptime(db: Reader, since: datetime, until: datetime, *, whole: bool = False) -> list[Uptime]:
    """Return the recorded hours of a time span; `whole`: their sum, as one hour that begins with the span."""
    return [Uptime(**dict(row)) for row in await db.fetch(_WHOLE if whole else _HOURS, since, until)]


def _minute(row: dict[str, Any]) -> Minute:
    times = {name: _counts(row[name]) for name in ("queue_delay", "phase1_time")}
    return Minute(**{**row, **times, "oldest_s": from_json(row["oldest_s"])})


def _counts(stored: Any) -> dict[int, int] | None:
    return None if stored is None else {int(le): int(n) for le, n in from_json(stored).items()}
