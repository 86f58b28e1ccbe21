"""Read the attempts of all plans, the latest first: retried ones, final failures, and successes.

The first are in flow.job_attempt for 90 days. What failed for good is a dead letter, or an event of a plan; what ended
well is an event. Attempts at one analysis, and at one Phase 1, have one count, as in `projections.reads.attempts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from projections.reads.attempts import JOBS, STREAM, Job
from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, counted, page_of
from projections.reads.rows import Reader
from projections.reads.tried_filter import DONE, FAILS_WITH, TriedFilter, of_done, of_failed
from schemas.lifecycle import CHANNEL, TASK, ChannelAction, TaskAction
from schemas.topics import AGENTS, ANALYSIS

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
FOR_GOOD_ORDER: Final = Order("-forGood", (Key("a.at", "timestamptz", descending=True), Key("a.id", "text")))
#: How often a job had been tried before a moment: records whose handling failed, letters, and what events tell of. Of
#: an analysis the channel tells it from others.
_BEFORE: Final = f"""
    (select count(*) from flow.job_attempt b
      where b.key = {{plan}}::text and b.key <> '' and (b.type, b.grp) = ({{record}})
        and split_part(b.stream, '.', 2) = {{channel}} and b.at < {{at}})
    + (select count(*) from rm.dead_letter d
        where d.plan_id = {{plan}} and (d.type, d.grp) = ({{record}}) and d.dead_at < {{at}}
          and split_part({STREAM}, '.', 2) = {{channel}})
    + (select count(*) from rm.timeline t
        where t.plan_id = {{plan}} and t.recorded_at < {{at}}
          and t.stream = 'plan-' || {{plan}} || case {{channel}} when '' then '' else '.' || {{channel}} end
          and t.type in ({{ends}}))"""  # noqa: S608 - constants
_ANALYSED: Final = {
    "record": f"'analysis.requested', '{ANALYSIS}'",
    "ends": "'plan.channel.analyzed', 'plan.channel.failed', 'plan.channel.kept'",
}
_PHASE1: Final = {"record": f"'plan.approved', '{AGENTS}'", "channel": "''", "ends": "'plan.phase1.created'"}
_TASK_FAILED: Final = f"'{TASK.rules[TaskAction.FAIL].event}'"
_RETRIED: Final = f"'{TASK.rules[TaskAction.RETRY].event}'"
_PLACE: Final = {"plan": "a.plan_id", "at": "a.at"}
# What a page shows is chosen first, and numbered then. Of a record whose channel nobody noted, its own count is told.
_NUMBERED: Final = f"""
    select a.*, case
               when a.type = 'plan.approved' and a.grp = '{AGENTS}' then 1 + {_BEFORE.format(**_PHASE1, **_PLACE)}
               when a.channel <> '' then 1 + {_BEFORE.format(**_ANALYSED, **_PLACE, channel="a.channel")}
               when a.type = {_TASK_FAILED} then 1 + (select count(*) from rm.timeline t
                   where t.plan_id = a.plan_id and t.stream = 'task-' || a.task and t.type = {_RETRIED}
                     and t.recorded_at < a.at)
               else greatest(a.tried, 1) end as attempt
      from ({{chosen}}) a {{order}}"""  # noqa: S608 - constants
_CHANNEL: Final = "case when {0}.type = 'analysis.requested' then split_part({1}, '.', 2) else '' end as channel"
_FAILED: Final = f"""
    select j.record_id, j.replay, j.attempt as tried, j.grp, j.key, j.type, j.code, j.error_class, j.message, j.at,
           {_CHANNEL.format("j", "j.stream")}, '' as task, '' as by,
           case when pg_input_is_valid(j.key, 'uuid') then j.key::uuid end as plan_id
      from flow.job_attempt j"""  # noqa: S608 - constants
#: Dead letters, and what the events of plans tell of: a channel without a result, a task that failed.
_FOR_GOOD: Final = (
    f"""
    select d.record_id as id, d.record_id, d.replay, d.attempts as tried, d.grp, d.key, d.type, d.code, d.error_class,
           d.message, d.dead_at as at, {_CHANNEL.format("d", STREAM)}, '' as task, '' as by, d.plan_id
      from rm.dead_letter d where d.dead_at is not null""",  # noqa: S608 - constants
    f"""
    select t.stream || '|' || t.version as id, null as record_id, null::int as replay, 0 as tried, null as grp,
           t.plan_id::text as key, t.type, coalesce(t.data ->> 'code', '') as code, '' as error_class,
           coalesce(t.data ->> 'reason', '') as message, t.recorded_at as at,
           coalesce(t.data ->> 'channel', '') as channel, coalesce(t.data ->> 'task_id', '') as task, t.actor as by,
           t.plan_id
      from rm.timeline t where t.type in ('plan.channel.failed', {_TASK_FAILED})""",  # noqa: S608 - constants
)
#: Events that an attempt begins with.
_BEGINNINGS: Final = {
    "started": f"'{TASK.rules[TaskAction.START].event}'",
    "retried": _RETRIED,
    "again": f"'{CHANNEL[ChannelAction.ANALYSE_AGAIN].event}'",
    "phase1": _BEFORE.format(**_PHASE1, plan="e.plan_id", at="e.recorded_at"),
    "analysed": _BEFORE.format(**_ANALYSED, plan="e.plan_id", at="e.recorded_at", channel="told.subject"),
}
# What a page shows is chosen first. Phase 1 and a task begin with an event of their own stream. A channel has a stream
# of its own, and is analysed for an event of its plan: the last one that was recorded before. Of the large events only
# what is told is read.
_DONE: Final = """
    select e.*, told.subject, told.by, begun.at as began_at,
           1 + case e.type when 'task.completed' then begun.before
                           when 'plan.phase1.created' then {phase1} else {analysed} end as attempt
      from (select e.plan_id, e.stream, e.version, e.type, e.recorded_at, e.occurred_at, e.actor, e.data, {keys}
              from rm.timeline e {where} {order} limit {limit}) e
     cross join lateral (
        select case e.type when 'plan.phase1.created' then ''
                           when 'task.completed' then e.data ->> 'task_id' else e.data ->> 'channel' end as subject,
               case when e.type = 'plan.channel.analyzed'
                    then coalesce(nullif(e.data ->> 'model', ''), e.data ->> 'analyst', '') else e.actor end as by) told
     cross join lateral (
        select max(b.occurred_at) filter (where b.type <> {retried}) as at,
               count(*) filter (where b.type = {retried}) as before
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


Outcome = Literal["failed", "dead", "done"]


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt. None: unknown; a failed attempt does not tell when it began.

    An attempt known by an event has no record: record, replay and group are None. Outcome `dead`: a dead letter.
    `attempt`: which of all attempts at the same job.
    """

    outcome: Outcome
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


async def find(
    db: Reader, outcome: Outcome, wanted: TriedFilter, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[Tried]:
    """Return a page of attempts with an outcome, the latest first. Raises BadCursor.

    `failed`: they failed and were made again. `dead`: dead letters, channels that ended without a result, and tasks
    that failed. `done`: they ended well.
    """
    return await _FIND[outcome](db, wanted, cursor, limit)


async def count(db: Reader, outcome: Outcome, wanted: TriedFilter, most: int) -> tuple[int, bool]:
    """Return how many attempts there are, `most` at most, and whether there are more."""
    if outcome == "done":
        where = of_done(wanted)
        return await counted(db, f"from rm.timeline e {where.sql()}", where.args, most)
    where = of_failed(wanted)
    rows = _FAILED if outcome == "failed" else " union all ".join(_FOR_GOOD)
    return await counted(db, f"from ({rows}) a {where.sql()}", where.args, most)


async def _find_failed(db: Reader, wanted: TriedFilter, cursor: str | None, limit: int) -> Page[Tried]:
    where = of_failed(wanted)
    if cursor is not None:
        FAILED_ORDER.start_after(cursor, where)
    order = FAILED_ORDER.order_by()
    chosen = f"select a.*, {FAILED_ORDER.columns()} from ({_FAILED}) a {where.sql()} {order} limit {limit + 1:d}"  # noqa: S608 - arguments are apart
    rows = await db.fetch(_NUMBERED.format(chosen=chosen, order=order), *where.args)
    return page_of(rows, limit, FAILED_ORDER, [_failed(row, "failed") for row in rows], None)


async def _find_for_good(db: Reader, wanted: TriedFilter, cursor: str | None, limit: int) -> Page[Tried]:
    where = of_failed(wanted)
    if cursor is not None:
        FOR_GOOD_ORDER.start_after(cursor, where)
    order = f"{FOR_GOOD_ORDER.order_by()} limit {limit + 1:d}"
    keys = FOR_GOOD_ORDER.columns()
    parts = (f"(select a.*, {keys} from ({one}) a {where.sql()} {order})" for one in _FOR_GOOD)  # noqa: S608 - arguments are apart
    chosen = f"select a.* from ({' union all '.join(parts)}) a {order}"  # noqa: S608 - as above
    rows = await db.fetch(_NUMBERED.format(chosen=chosen, order=FOR_GOOD_ORDER.order_by()), *where.args)
    found = [_failed(row, "failed" if row["record_id"] is None else "dead") for row in rows]
    return page_of(rows, limit, FOR_GOOD_ORDER, found, None)


async def _find_done(db: Reader, wanted: TriedFilter, cursor: str | None, limit: int) -> Page[Tried]:
    where = of_done(wanted)
    if cursor is not None:
        DONE_ORDER.start_after(cursor, where)
    asked = _DONE.format(
        **_BEGINNINGS, keys=DONE_ORDER.columns(), where=where.sql(), order=DONE_ORDER.order_by(), limit=f"{limit + 1:d}"
    )
    rows = await db.fetch(asked, *where.args)
    return page_of(rows, limit, DONE_ORDER, [_done(row) for row in rows], None)


_FIND: Final = {"failed": _find_failed, "dead": _find_for_good, "done": _find_done}


async def failed_within(db: Reader, seconds: float) -> dict[str, int]:
    """Return how many attempts failed within the last seconds, by type of the event."""
    rows = await db.fetch(
        "select type, count(*) as n from flow.job_attempt where at > now() - make_interval(secs => $1) group by type",
        seconds,
    )
    return {row["type"]: row["n"] for row in rows}


def _failed(row: Any, outcome: Literal["failed", "dead"]) -> Tried:
    job = JOBS.get((row["type"], row["grp"])) or FAILS_WITH.get(row["type"], "other")
    subject = {"phase1": "", "analysis": row["channel"], "task": row["task"]}.get(job, "")
    return Tried(
        outcome,
        job,
        subject if subject or job == "phase1" else row["record_id"] or "",
        row["attempt"],
        row["key"],
        row["type"],
        row["at"],
        by=row["by"],
        record_id=row["record_id"],
        replay=row["replay"],
        group=row["grp"],
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
