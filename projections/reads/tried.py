"""Attempts of every plan, the latest first: those that failed and were made again, or those that ended well.

The first are in flow.job_attempt for 90 days. The others are the events of plans, for as long as there are any.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from projections.reads.attempts import JOBS, Job
from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where
from schemas.lifecycle import CHANNEL, TASK, ChannelAction, TaskAction

FAILED_ORDER: Final = Order("-at", (Key("a.at", "timestamptz", descending=True), Key("a.record_id", "text")))
DONE_ORDER: Final = Order(
    "-done",
    (
        Key("e.recorded_at", "timestamptz", descending=True),
        Key("e.plan_id", "uuid"),
        Key("e.stream", "text"),
        Key("e.version", "integer"),
    ),
)
_FAILED: Final = """
    select a.record_id, a.replay, a.attempt, a.grp as "group", a.key, a.type, a.code, a.error_class, a.message, a.at"""
#: Event -> the job that it ends.
DONE: Final[dict[str, Job]] = {
    "plan.channel.analyzed": "analysis",
    "plan.phase1.created": "phase1",
    "task.completed": "task",
}
# Written out, since the index is of these types only.
_TYPES: Final = ", ".join(f"'{type_}'" for type_ in DONE)
#: Events that an attempt begins with.
_BEGINNINGS: Final = {
    "started": f"'{TASK.rules[TaskAction.START].event}'",
    "retried": f"'{TASK.rules[TaskAction.RETRY].event}'",
    "again": f"'{CHANNEL[ChannelAction.ANALYSE_AGAIN].event}'",
}
# What a page shows is chosen first. Phase 1 and a task begin with an event of their own stream. A channel has a stream
# of its own, and is analysed for an event of its plan: the last one that was recorded before. Of the large events only
# what is told is read.
_DONE: Final = """
    select e.*, told.subject, told.by, begun.at as began_at, begun.before + 1 as attempt
      from (select e.plan_id, e.stream, e.version, e.type, e.recorded_at, e.occurred_at, e.actor, e.data, {keys}
              from rm.timeline e {where} {order} limit {limit}) e
     cross join lateral (
        select case e.type when 'plan.phase1.created' then ''
                           when 'task.completed' then e.data ->> 'task_id' else e.data ->> 'channel' end as subject,
               case when e.type = 'plan.channel.analyzed'
                    then coalesce(nullif(e.data ->> 'model', ''), e.data ->> 'analyst', '') else e.actor end as by) told
     cross join lateral (
        select max(b.occurred_at) filter (where b.type <> {retried}) as at,
               count(*) filter (where b.type in ({again}, {retried})) as before
          from rm.timeline b
         where b.plan_id = e.plan_id
           and b.stream = case e.type when 'plan.channel.analyzed' then 'plan-' || e.plan_id else e.stream end
           and case e.type when 'plan.channel.analyzed' then b.recorded_at <= e.recorded_at
                           else b.version < e.version end
           and case e.type
               when 'plan.phase1.created' then b.type = 'plan.approved'
               when 'task.completed' then b.type in ({started}, {retried})
               else b.type = 'plan.uploaded'
                    or b.type = {again} and b.data ->> 'channel' = told.subject end) begun
     {order}"""


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt. None is what is not known: what failed does not say when it began.

    An attempt that ended well is at no record, so record, replay and group are None, too.
    """

    outcome: Literal["failed", "done"]
    job: Job
    subject: str
    attempt: int
    key: str
    type: str
    at: datetime
    began_at: datetime | None = None
    by: str = ""
    record_id: str | None = None
    replay: int | None = None
    group: str | None = None
    code: str = ""
    error_class: str = ""
    message: str = ""

    @property
    def seconds(self) -> float | None:
        """Return the time from what asked for it until it was recorded, its waits included."""
        return None if self.began_at is None else max(0.0, (self.at - self.began_at).total_seconds())


async def failed(
    db: Reader,
    *,
    codes: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
    plan: str = "",
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[Tried]:
    """Return a page of attempts that failed and were made again, the latest first. Raises BadCursor."""
    where = Where()
    where.any_of("a.code", codes)
    where.any_of("a.grp", groups)
    if plan:
        where.add(f"a.key = {where.arg(plan)}")
    if cursor is not None:
        FAILED_ORDER.start_after(cursor, where)
    rows = await db.fetch(
        f"{_FAILED}, {FAILED_ORDER.columns()} from flow.job_attempt a {where.sql()} {FAILED_ORDER.order_by()}"
        f" limit {limit + 1:d}",
        *where.args,
    )
    return page_of(rows, limit, FAILED_ORDER, [_failed(row) for row in rows], None)


async def done(db: Reader, *, plan: str = "", cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> Page[Tried]:
    """Return a page of attempts that ended well, the latest first. Raises BadCursor."""
    where = Where()
    where.add(f"e.type in ({_TYPES})")
    if plan:
        where.add(
            f"e.plan_id::text = {where.arg(plan)}" if _id(plan) is None else f"e.plan_id = {where.arg(_id(plan))}"
        )
    if cursor is not None:
        DONE_ORDER.start_after(cursor, where)
    asked = _DONE.format(
        **_BEGINNINGS, keys=DONE_ORDER.columns(), where=where.sql(), order=DONE_ORDER.order_by(), limit=f"{limit + 1:d}"
    )
    rows = await db.fetch(asked, *where.args)
    return page_of(rows, limit, DONE_ORDER, [_done(row) for row in rows], None)


async def failed_within(db: Reader, seconds: float) -> dict[str, int]:
    """Return how many attempts failed within the last seconds, by type of the event."""
    rows = await db.fetch(
        "select type, count(*) as n from flow.job_attempt where at > now() - make_interval(secs => $1) group by type",
        seconds,
    )
    return {row["type"]: row["n"] for row in rows}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _failed(row: Any) -> Tried:
    return Tried(
        "failed",
        JOBS.get(row["type"], "other"),
        row["record_id"],
        row["attempt"],
        row["key"],
        row["type"],
        row["at"],
        record_id=row["record_id"],
        replay=row["replay"],
        group=row["group"],
        code=row["code"],
        error_class=row["error_class"],
        message=row["message"],
    )


def _done(row: Any) -> Tried:
    ended = row["occurred_at"] if row["type"] == "task.completed" else row["recorded_at"]
    return Tried(
        "done",
        DONE[row["type"]],
        row["subject"] or "",
        row["attempt"],
        str(row["plan_id"]),
        row["type"],
        ended,
        row["began_at"],
        row["by"],
    )
