"""What the history says of many plans at once: how long they took, and which overtook which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bench.lanes.figures import Spread
from local.load import Load

_OVERTAKEN: Final = """
    with done as (
        select plan_id, a.recorded_at as came_at, p.recorded_at as done_at
          from rm.timeline a join rm.timeline p using (plan_id, stream)
         where a.type = $3 and p.type = $4)
    select count(*) as waiting, count(*) filter (where l.done_at > h.done_at) as passed
      from done h
      join done l on l.came_at < h.came_at and l.done_at > h.came_at
     where h.plan_id = any($1::uuid[]) and l.plan_id = any($2::uuid[])
     group by h.plan_id, h.came_at order by h.came_at
"""


async def logged_ms(load: Load, plans: Sequence[str], first: str, last: str) -> Spread:
    """Return how long plans took from the cause of event `first` until event `last` was in the log.

    By the history, so that each plan of a flood counts: nobody has to look for thousands meanwhile.
    """
    rows = await load.pool.fetch(
        "select extract(epoch from b.recorded_at - a.occurred_at)::float8 * 1000 as ms from rm.timeline a"
        " join rm.timeline b using (plan_id, stream)"
        " where a.type = $2 and b.type = $3 and plan_id = any($1::uuid[])",
        list(plans),
        first,
        last,
    )
    return Spread.of(row["ms"] for row in rows)


async def overtaken(
    load: Load, urgent: Sequence[str], low: Sequence[str], first: str, last: str
) -> list[tuple[int, int]]:
    """Return how many low plans each urgent one found waiting from `first` to `last`, and how many of them it overtook.

    Those that were recorded before it, in whatever partition.
    """
    rows = await load.pool.fetch(_OVERTAKEN, list(urgent), list(low), first, last)
    return [(row["waiting"], row["passed"]) for row in rows]
