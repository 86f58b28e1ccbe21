"""Keeps the figures of the product's own charts: a row a minute, and the hours that the minutes make.

The alert engine writes them, because exactly one is active, it looks at the verdict every second anyway, and it goes on
looking while the database is away, so it knows how long that took. A time in which nobody looked stays unknown.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

import orjson

from gateway.verdict.causes import REFUSES
from gateway.verdict.finding import Verdict
from gateway.verdict.kinds import Kind
from projections.slo import reads as slo
from schemas.lifecycle import PLAN
from schemas.metrics import LOOKED
from schemas.metrics import UNUSABLE as UNUSABLE_S
from schemas.process import metrics
from schemas.process.connection import Db
from schemas.slo import Measure

#: A look covers the time since the look before it, and at most these seconds: beyond them nobody looked.
LOOK_S: Final = 10.0
#: The most minutes that are kept in memory while they cannot be written: a day.
KEPT: Final = 1440
#: Counts that are older than this cannot be told apart by minutes. Seconds.
COUNTED_S: Final = 120.0
#: Hours that are computed again with every minute, so that they include late counts.
HOURS: Final = 2
#: The findings that make the system unusable.
UNUSABLE: Final = (Kind.DATABASE_AWAY, Kind.DATABASE_HANGS, *REFUSES)
#: The role without which nobody can use the system.
DOOR: Final = "gateway"

#: (hour, measure, bound) -> the count so far
Totals: TypeAlias = Mapping[tuple[datetime, str, int], int]

#: Columns of counts, in their order.
_COUNTED: Final = {
    "plans_in": Measure.UPLOADED,
    "approvals": Measure.APPROVED,
    "phase1_made": Measure.PHASE1,
    "plans_completed": Measure.COMPLETED,
    "tasks_completed": Measure.TASK_COMPLETED,
    "tasks_failed": Measure.TASK_FAILED,
    "channels_analyzed": Measure.CHANNEL_ANALYZED,
    "channels_failed": Measure.CHANNEL_FAILED,
}
#: Columns of counts by how long it took.
_TIMED: Final = {"queue_delay": Measure.QUEUE, "phase1_time": Measure.PHASE1}
#: Columns of the most that was seen.
_MOST: Final = ("retries", "dead_letters", "lag", "behind", "breakers")
_COLUMNS: Final = ("seen_s", "down_s", *_COUNTED, *_TIMED, *_MOST, "oldest_s")
_NAMES: Final = f"step, at, {', '.join(_COLUMNS)}"
_JSON: Final = {*_TIMED, "oldest_s"}
_PLACES: Final = ", ".join(
    f"${n}{'::text::jsonb' if name in _JSON else ''}" for n, name in enumerate(("at", *_COLUMNS), 1)
)
_TAKEN: Final = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)
_LAST: Final = "select max(last_at) from rm.slo_hour where hour >= now() - interval '2 hours'"
_RECORDED: Final = "select exists (select from flow.marketplace_metrics)"
# Two engines may have looked in one minute, if one took over from the other: the one that looked longer counts.
_MINUTE: Final = f"""
    insert into flow.marketplace_metrics as m ({_NAMES}) values ('minute', {_PLACES})
    on conflict (step, at) do update set {_TAKEN} where m.seen_s < excluded.seen_s"""  # noqa: S608 - constants
# Counts of an hour come from the events: they are complete, whoever looked when.
_COUNTS: Final = ", ".join(
    f"coalesce(sum(n) filter (where measure = '{measure}'), 0) as {name}" for name, measure in _COUNTED.items()
)
_TIMES: Final = ", ".join(
    f"coalesce(jsonb_object_agg(le_ms, n) filter (where measure = '{measure}'), '{{}}') as {name}"
    for name, measure in _TIMED.items()
)
_HOURS: Final = f"""
    insert into flow.marketplace_metrics ({_NAMES})
    select 'hour', h.hour, h.seen_s, h.down_s, {", ".join(f"c.{name}" for name in (*_COUNTED, *_TIMED))},
           {", ".join(f"h.{name}" for name in _MOST)}, coalesce(o.oldest_s, '{{}}')
      from (select date_trunc('hour', at, 'UTC') as hour, sum(seen_s) as seen_s, sum(down_s) as down_s,
                   {", ".join(f"max({name}) as {name}" for name in _MOST)}
              from flow.marketplace_metrics where step = 'minute' and at >= $1 group by 1) h
      left join lateral (
          select jsonb_object_agg(status, most) as oldest_s from (
              select e.key as status, max(e.value::float8) as most
                from flow.marketplace_metrics m, jsonb_each_text(m.oldest_s) e
               where m.step = 'minute' and m.at >= h.hour and m.at < h.hour + interval '1 hour' group by e.key) s
      ) o on true
      cross join lateral (
          select {_COUNTS}, {_TIMES}
            from (select measure, le_ms, sum(n) as n from rm.slo_hour where hour = h.hour group by measure, le_ms) s
      ) c
    on conflict (step, at) do update set {_TAKEN}"""  # noqa: S608 - constants


@dataclass(slots=True)
class Minute:
    """One minute as it was seen. `counts` are set at its end; None if they are unknown.

    `whole`: nothing came in it before the reading from which its counts go, so that they are those of all of it.
    """

    at: datetime
    seen_s: float = 0.0
    down_s: float = 0.0
    retries: int | None = None
    dead_letters: int | None = None
    oldest_s: dict[str, float] = field(default_factory=dict)
    lag: int | None = None
    behind: int | None = None
    breakers: int | None = None
    counts: Mapping[tuple[str, int], int] | None = None
    whole: bool = True

    def look(self, verdict: Verdict, seconds: float) -> None:
        """Add one look, which covers `seconds`."""
        self.seen_s += seconds
        if unusable(verdict):
            self.down_s += seconds
        overview = verdict.snapshot.overview
        if overview is None:
            return
        self.retries = max(self.retries or 0, overview.aside.retrying.count)
        self.dead_letters = max(self.dead_letters or 0, overview.aside.letters.count)
        self.behind = max(self.behind or 0, overview.projection.behind)
        operations = verdict.snapshot.operations
        self.breakers = max(self.breakers or 0, len(operations.holding_back))
        if operations.groups:  # no watchdog tells of any: that is no lag of 0
            self.lag = max(self.lag or 0, sum(group.behind for group in operations.groups))
        for status, waiting in overview.plans.items():
            if status not in PLAN.final:
                self.oldest_s[status] = max(self.oldest_s.get(status, 0.0), round(waiting.oldest_seconds, 1))

    def count(self, measure: Measure) -> int | None:
        """Return how many there were in this minute."""
        if self.counts is None:
            return None
        return sum(n for (name, _), n in self.counts.items() if name == measure)

    def times(self, measure: Measure) -> str | None:
        """Return how many there were by how long it took, as JSON."""
        if self.counts is None:
            return None
        return orjson.dumps({str(le): n for (name, le), n in self.counts.items() if name == measure}).decode()


def shut(verdict: Verdict) -> bool:
    """Return whether there is no gateway."""
    return any(one.kind is Kind.ROLE_MISSING and one.subject == DOOR for one in verdict.findings)


def unusable(verdict: Verdict) -> bool:
    """Return whether nobody can upload or decide."""
    return shut(verdict) or verdict.has(*UNUSABLE)


def arrived(before: Totals, after: Totals) -> dict[tuple[str, int], int]:
    """Return the counts between two readings, by measure and bound."""
    found: dict[tuple[str, int], int] = {}
    for key, n in after.items():
        more = n - before.get(key, 0)
        if more > 0:  # fewer: the read models were built again meanwhile
            found[key[1:]] = found.get(key[1:], 0) + more
    return found


class History:
    """Collects looks, and writes the minutes that are over.

    `opened`: somebody could get in before. A system that is set up for the first time is not down meanwhile: nothing is
    recorded until its first gateway is there.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, opened: bool = True) -> None:
        self._clock = clock
        self._opened = opened
        self._looked_at: float | None = None
        self._minute: Minute | None = None
        self._over: deque[Minute] = deque(maxlen=KEPT)
        self._totals: tuple[float, Totals] | None = None
        self._whole = True  # the minute of the reading before the first look

    @property
    def due(self) -> bool:
        """Return whether a minute is over and not yet written, or there is no reading yet from which the first counts.

        Until the first gateway is there, the last look is that reading: who gets in uploads before the next one.
        """
        return bool(self._over) or self._totals is None or not self._opened

    async def begin(self, connection: Db) -> None:
        """Know whether anything was recorded before, by this engine or another one."""
        self._opened = self._opened or bool(await connection.fetchval(_RECORDED))

    def look(self, verdict: Verdict) -> None:
        """Add a look."""
        self._opened = self._opened or (verdict.snapshot.overview is not None and not shut(verdict))
        if not self._opened:
            return
        now = self._clock()
        seconds = 0.0 if self._looked_at is None else min(now - self._looked_at, LOOK_S)
        self._looked_at = now
        metrics.count(LOOKED, by=seconds)
        metrics.count(UNUSABLE_S, by=seconds if unusable(verdict) else 0.0)
        at = verdict.as_of.replace(second=0, microsecond=0)
        if self._minute is None or self._minute.at != at:
            if self._minute is not None:
                self._over.append(self._minute)
            self._minute = Minute(at, whole=self._minute is not None or self._whole)
        self._minute.look(verdict, seconds)

    def rest(self) -> None:
        """Forget the time of the last look, because another engine looks from now on."""
        self._looked_at = None
        self._totals = None

    async def write(self, connection: Db) -> None:
        """Write the minutes that are over, and the hours that they belong to; read what the next one counts from."""
        counts, minutes, goes_on = await self._count(connection), list(self._over), self._minute
        if goes_on is None:
            self._whole = await _quiet_so_far(connection, Minute(_this_minute(), behind=0))
        elif counts is None:
            goes_on.whole = await _quiet_so_far(connection, goes_on)
        if not minutes:
            return
        minutes[-1].counts = counts if minutes[-1].whole else None
        first = minutes[0].at.replace(minute=0)
        since = min(first, minutes[-1].at.replace(minute=0) - timedelta(hours=HOURS - 1))
        async with connection.transaction():
            for minute in minutes:
                await connection.execute(_MINUTE, *_values(minute))
            await connection.execute(_HOURS, since)
        self._over.clear()

    async def _count(self, connection: Db) -> Mapping[tuple[str, int], int] | None:
        """Return the counts since the last reading; None if that was too long ago, or there was none."""
        now, here = self._clock(), datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        found = await slo.hours(connection, here - timedelta(hours=1), here + timedelta(hours=2))
        after = {(row.hour, row.measure, row.le_ms): row.n for row in found}
        before, self._totals = self._totals, (now, after)
        if before is None or now - before[0] > COUNTED_S:
            return None
        return arrived(before[1], after)


def _this_minute() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)


async def _quiet_so_far(connection: Db, minute: Minute) -> bool:
    """Return whether nothing has come in a minute yet. An event that is not shown yet may have come before it."""
    if minute.behind != 0:
        return False
    last_at: datetime | None = await connection.fetchval(_LAST)
    return last_at is None or last_at < minute.at


def _values(minute: Minute) -> tuple[object, ...]:
    return (
        minute.at,
        minute.seen_s,
        minute.down_s,
        *(minute.count(measure) for measure in _COUNTED.values()),
        *(minute.times(measure) for measure in _TIMED.values()),
        *(getattr(minute, name) for name in _MOST),
        orjson.dumps(minute.oldest_s).decode(),
    )
