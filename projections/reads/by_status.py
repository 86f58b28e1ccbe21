"""Count plans and tasks by status and find the oldest of each, at a cost that does not grow with their number.

The database counts them where they change (`rm.tally`), and the oldest is at the end of an index. Where it does not
count yet, as between the two steps of an upgrade, all of them are counted here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, cast

from projections.reads.rows import Reader
from schemas.lifecycle import PLAN, PlanStatus, TaskStatus

#: status -> the column that says since when it is so; of all others it is ended_at
PLAN_SINCE: Final = {
    PlanStatus.ANALYZING: "uploaded_at",
    PlanStatus.AWAITING_APPROVAL: "analyzed_at",
    PlanStatus.APPROVED: "decided_at",
    PlanStatus.EXECUTING: "phase1_at",
}
TASK_SINCE: Final = {
    TaskStatus.OPEN: "created_at",
    TaskStatus.ASSIGNED: "created_at",
    TaskStatus.STARTED: "started_at",
}
_Columns = Mapping[PlanStatus, str] | Mapping[TaskStatus, str]

#: Whether the database counts plans and tasks where they change.
COUNTED: Final = "exists (select from pg_trigger where tgrelid = 'rm.task'::regclass and tgname = 'tally_moved')"


def _since(columns: _Columns) -> dict[str, str]:
    """Return the SQL of the time at which a plan or task entered its status.

    What waits for the system is a finding when it waits too long, so its age is of one clock, the database's: the
    times of events are those of whoever caused them, and clocks are set. A plan that nobody decided here has no head.
    """
    decided = "coalesce((select h.changed_at from decide.head h where h.stream = 'plan-' || p.plan_id), p.{})"
    return {
        str(status): decided.format(column) if status in PLAN.waiting_for_system else f"p.{column}"
        for status, column in columns.items()
    }


def _by_status(kind: str, table: str, columns: _Columns) -> str:
    """Return the SQL of how many plans or tasks are in each status, and for how many seconds the oldest is.

    Those that wait for the system are all read: they are as many as are in flight.
    """
    since = _since(columns)
    first = " ".join(
        f"when '{status}' then (select min({at}) from {table} p where p.status = '{status}')"  # noqa: S608 - names of the lifecycle
        for status, at in since.items()
    )
    each = " ".join(f"when '{status}' then {at}" for status, at in since.items())
    told = "(select jsonb_object_agg(status, jsonb_build_array(n, coalesce(extract(epoch from now() - oldest), 0)))"
    return f"""
    select case when {COUNTED} then
        {told} from (
            select status, n, case tally.status {first}
                   else (select min(p.ended_at) from {table} p
                          where p.status = tally.status and p.ended_at is not null) end as oldest
              from (select status, sum(n) as n from rm.tally where kind = '{kind}'
                     group by status having sum(n) > 0) tally) s)
    else
        {told} from (
            select p.status, count(*) as n, min(case p.status {each} else p.ended_at end) as oldest
              from {table} p group by p.status) s) end"""  # noqa: S608 - as above


PLANS: Final = _by_status("plan", "rm.plan", PLAN_SINCE)
TASKS: Final = _by_status("task", "rm.task", TASK_SINCE)
#: How many plans that await a decision are partial, and how many are empty. What is long was stored apart, and is no
#: empty list: only short values are looked into.
ASKING: Final = f"""
    select case when {COUNTED} then
        (select jsonb_build_array(coalesce(sum(n) filter (where partial), 0), coalesce(sum(n) filter (where empty), 0))
           from rm.tally where kind = 'plan' and status = 'awaiting_approval')
    else
        (select jsonb_build_array(count(*) filter (where partial), count(*) filter (where
                    coalesce(opportunity_count = 0,
                           case when pg_column_size(opportunities) < 32 then opportunities = '[]' else false end)))
           from rm.plan where status = 'awaiting_approval') end"""  # noqa: S608 - constants

# Rows of which an event came before the one that makes them are in a list of nothing yet, and few: an index has them.
_LISTED: Final = """
    select case when {counted} then
        (select coalesce(sum(n), 0)::bigint from rm.tally
          where kind = '{kind}' and status = any ($1::text[]))
        - (select count(*) from {table} where status = any ($1::text[]) and {came} is null) end"""
_IN_LISTS: Final = {
    "plan": _LISTED.format(counted=COUNTED, kind="plan", table="rm.plan", came="uploaded_at"),
    "task": _LISTED.format(counted=COUNTED, kind="task", table="rm.task", came="created_at"),
}


async def listed(db: Reader, kind: Literal["plan", "task"], statuses: Sequence[str]) -> int | None:
    """Return how many plans or tasks have these statuses (none: all); None if the database does not count yet."""
    every = PlanStatus if kind == "plan" else TaskStatus
    return cast("int | None", await db.fetchval(_IN_LISTS[kind], list(statuses or every)))
