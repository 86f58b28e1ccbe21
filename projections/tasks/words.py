"""Finds tasks by words, in a time that does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from projections.reads.rows import Reader, Where
from projections.reads.search import ids as between

#: Words are looked for among the newest so many tasks of each status: an index of them would cost each approval more
#: than all who look for them. By how its id begins each is found.
LOOKED_AT: Final = 4000
#: Tasks that fit, of which the newest are listed: this many at most.
FITTING: Final = 2000
_OF_ID: Final = "select task_id from rm.task where task_id between $1 and $2 limit $3"


async def fitting(
    db: Reader, words: str, statuses: Iterable[str], fits: Where, plan_id: UUID | None = None
) -> tuple[list[UUID], bool]:
    """Return the ids of tasks with such words, or that begin so, and whether there are more of either.

    `fits` narrows the tasks `t` besides; `statuses` are names of the lifecycle. Of one plan all tasks are looked at.
    """
    looked_at = " union all ".join(
        f"(select * from rm.task where status = '{status}' and created_at is not null"  # noqa: S608 - as said
        f" order by created_at desc limit {LOOKED_AT})"
        for status in statuses
    )
    if plan_id is not None:
        looked_at = f"select * from rm.task where plan_id = {fits.arg(plan_id)}"  # noqa: S608 - a placeholder
    # a plan's title is looked at once, however many of its tasks are among these, and only for tasks without the words
    sql = f"""
        with looked_at as materialized (
            select t.task_id, t.plan_id, t.created_at, {fits.has("t.title || chr(10) || t.what", words)} as fits
              from ({looked_at}) t {fits.sql()}
        ), called as (
            select plan_id from rm.plan p
             where plan_id = any (array(select distinct plan_id from looked_at where not fits))
               and {fits.has("p.title", words)})
        select task_id from looked_at t
         where fits or plan_id in (select plan_id from called)
         order by created_at desc limit {FITTING + 1}"""  # noqa: S608 - placeholders only
    rows = await db.fetch(sql, *fits.args)
    found = [row["task_id"] for row in rows[:FITTING]]
    of_id = between(words)
    by_id = [] if of_id is None else await db.fetch(_OF_ID, *of_id, FITTING + 1)
    found += [row["task_id"] for row in by_id[:FITTING]]
    return found, max(len(rows), len(by_id)) > FITTING
