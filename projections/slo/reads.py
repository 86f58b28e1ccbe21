"""Counts for the objectives by the hour, and the plans that missed one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from projections.reads.rows import Reader
from schemas.slo import BEYOND_MS, LIMITS, NO_TIME, OBJECTIVES, Measure


class Hour(NamedTuple):
    """How many of a measure in one clock hour took at most `le_ms`, and longer than the bound before it."""

    hour: datetime
    measure: str
    le_ms: int
    n: int


@dataclass(frozen=True, slots=True)
class Missed:
    """An event that took longer than its objective allows."""

    plan_id: UUID
    title: str
    took_ms: int
    at: datetime


_BY_LIMIT: Final = """
    select h.hour, h.measure,
           case when l.limit_ms is null then $5 when h.le_ms <= l.limit_ms then l.limit_ms else $6 end as le_ms,
           sum(h.n)::bigint as n
      from rm.slo_hour h left join unnest($3::text[], $4::int[]) as l (measure, limit_ms) using (measure)
     where h.hour >= $1 and h.hour < $2 and h.measure = any ($7::text[]) group by 1, 2, 3"""
#: What objectives are made of: the other measures are half of all rows.
_OF_OBJECTIVES: Final = sorted({measure for one in OBJECTIVES for measure in (one.of, one.bad) if measure is not None})
_MISSED: Final = """
    select m.plan_id, coalesce(p.title, '') as title, m.took_ms, m.at
      from rm.slo_missed m left join rm.plan p on p.plan_id = m.plan_id
     where m.measure = $1 and m.hour = $2 order by m.took_ms desc, m.plan_id limit $3"""


async def hours(db: Reader, since: datetime, until: datetime) -> list[Hour]:
    """Return the counts of all measures of the hours that begin in a time."""
    rows = await db.fetch(
        "select hour, measure, le_ms, sum(n)::bigint as n from rm.slo_hour where hour >= $1 and hour < $2"
        " group by hour, measure, le_ms order by hour, measure, le_ms",
        since,
        until,
    )
    return [Hour(row["hour"], row["measure"], row["le_ms"], row["n"]) for row in rows]


async def by_limit(db: Reader, since: datetime, until: datetime) -> list[Hour]:
    """Return the counts of the hours as the objectives need them: within each measure's limit, and longer than it.

    `le_ms` is the limit or BEYOND_MS, and NO_TIME where a measure has no limit. A month has ten thousand and more of
    `hours`, and fewer than half as many of these. They come in no order, since sorting takes longer than all else.
    """
    limits = [list(LIMITS), list(LIMITS.values())]
    rows = await db.fetch(_BY_LIMIT, since, until, *limits, NO_TIME, BEYOND_MS, _OF_OBJECTIVES)
    return [Hour._make(row) for row in rows]


async def totals(db: Reader, since: datetime, until: datetime) -> list[Hour]:
    """Return the sums of all measures over a time, as of one hour that begins with it."""
    rows = await db.fetch(
        "select measure, le_ms, sum(n)::bigint as n from rm.slo_hour where hour >= $1 and hour < $2"
        " group by measure, le_ms order by measure, le_ms",
        since,
        until,
    )
    return [Hour(since, row["measure"], row["le_ms"], row["n"]) for row in rows]


async def missed(db: Reader, measure: Measure, hour: datetime, limit: int) -> list[Missed]:
    """Return the plans of an hour that missed an objective, the slowest first."""
    return [Missed(**dict(row)) for row in await db.fetch(_MISSED, measure, hour, limit)]
