"""Tasks: a page of them, those of a plan, one of them with its comments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from projections.reads import by_status
from projections.reads import tasks_in_short as in_short
from projections.reads.due import Due, narrowed, overdue
from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, counted, page_of
from projections.reads.ranks import by_rank, one_of, rank
from projections.reads.rows import Reader, Where, from_json
from projections.reads.unsourced import TYPED, UNMATCHED, without_source
from projections.tasks.served import SERVED, Served
from projections.tasks.words import LOOKED_AT, fitting
from schemas.lifecycle import TaskStatus

_ID = Key("t.task_id", "uuid")
_PLACE = Key("t.position", "integer")
#: A task's day as a number, those without one last. It stands in the index, too (migration 0145).
_DAY: Final = "(least(coalesce(t.due_on, '9999-12-31'), '9999-12-31') - '2000-01-01'::date)"
ORDERS: Final[dict[str, Order]] = {
    o.name: o
    for o in (
        Order("-createdAt", (Key("t.created_at", "timestamptz", descending=True), _PLACE, _ID)),
        Order("createdAt", (Key("t.created_at", "timestamptz"), _PLACE, _ID)),
        Order("-changedAt", (Key("t.changed_at", "timestamptz", descending=True), _PLACE, _ID)),
        Order("dueOn", (Key(_DAY, "integer"), _PLACE, _ID)),
        Order("priority", (Key(rank("t.priority"), "integer"), Key("t.created_at", "timestamptz"), _PLACE, _ID)),
    )
}
DEFAULT_ORDER: Final = "-createdAt"
#: Orders in which the tasks of one status, and of one priority, are in an index.
_BY_STATUS: Final = ("-createdAt", "createdAt", "priority")
#: Words are looked for among so many tasks of each status.
WORDS_AMONG: Final = LOOKED_AT


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """A filter of tasks: each non-empty field narrows. "" among `assignees` means tasks without one.

    `due`: those alone that have not ended and are due so; `dated`: those alone that have a day.
    """

    statuses: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    plan_id: UUID | None = None
    q: str = ""  # part of the title, the text or the plan's title of one of the newest, or the start of the id
    due: tuple[Due, ...] = ()
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A task. `note` is of its completion, failure or cancellation; `attempt` counts from 1.

    `serves` has its opportunities, the first one first; `also_serves` the ids of all but the first: the same finding on
    other channels. `due_on` None: nobody knows a day. `unmatched`: numbers in its texts that no figure supports.
    """

    task_id: UUID
    plan_id: UUID
    plan_title: str
    version: int
    position: int
    phase: int
    title: str
    what: str
    channel: str
    priority: str
    opportunity_id: str | None
    also_serves: list[str]
    serves: list[Served]
    status: str
    assignee: str
    note: str
    attempt: int
    created_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    due_on: date | None
    overdue: bool
    changed_at: datetime
    comment_count: int
    unmatched: list[str]
    typed: bool  # a person wrote its texts: with the approval, or since (`worded_by`)
    worded_by: str  # who added it or changed its texts last, "" where they came with its phase

    @property
    def opportunity_title(self) -> str:
        """Return the title of the first opportunity; empty without one."""
        return self.serves[0].title if self.serves else ""

    @property
    def worth_brl(self) -> float | None:
        """Return the sum of its opportunities' known worth, in BRL a month; None where none is known."""
        known = [one.worth_brl for one in self.serves if one.worth_brl is not None]
        return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class Comment:
    event_id: UUID
    actor: str
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskDetail(Task):
    """A task with its comments, oldest first."""

    comments: list[Comment]


_FIELDS = (
    "task_id",
    "plan_id",
    "plan_title",
    "version",
    "position",
    "phase",
    "title",
    "what",
    "channel",
    "priority",
    "opportunity_id",
    "also_serves",
    "serves",
    "status",
    "assignee",
    "note",
    "attempt",
    "created_at",
    "started_at",
    "ended_at",
    "due_on",
    "overdue",
    "changed_at",
    "comment_count",
    "typed",
    "worded_by",
)
_OVERDUE: Final = overdue("t.")
_SELECT = f"""
    select t.task_id, t.plan_id, coalesce(p.title, '') as plan_title, t.version, t.position, t.phase, t.title, t.what,
           t.channel, t.priority, t.opportunity_id, t.also_serves,
           coalesce(o.serves, '[]') as serves, t.status, t.assignee, t.note, t.attempt, t.created_at, t.started_at,
           t.ended_at, t.due_on, {_OVERDUE} as overdue, t.changed_at,
           (select count(*) from rm.task_comment c where c.task_id = t.task_id) as comment_count,
           {TYPED} as typed, t.worded_by,
           {UNMATCHED} as unmatched"""  # noqa: S608 - constants only
_FROM = "from rm.task t left join rm.plan p using (plan_id)"
_GET = f"""
    {_SELECT}, (select jsonb_agg(jsonb_build_object('event_id', c.event_id, 'actor', c.actor, 'comment', c.comment,
                                                    'at', c.at) order by c.at, c.event_id)
                  from rm.task_comment c where c.task_id = t.task_id) as comments
    {_FROM} {SERVED} where t.task_id = $1"""  # noqa: S608 - constants only
# From one name to the next, down the index: not all tasks of each.
_ASSIGNEES: Final = """
    with recursive named as (
        (select assignee from rm.task where assignee <> '' order by assignee limit 1)
        union all
        select (select t.assignee from rm.task t where t.assignee <> '' and t.assignee > n.assignee
                 order by t.assignee limit 1)
          from named n where n.assignee is not null)
    select assignee from named where assignee is not null limit $1"""


async def find(
    db: Reader,
    wanted: TaskFilter,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
    count: bool = False,
    most: int | None = None,
) -> Page[Task]:
    """Return a page of tasks. `sort` is a key of ORDERS; `most` are counted, None: all. Raises BadCursor."""
    order = ORDERS[sort]
    where = Where()
    _narrow(where, wanted)
    beyond = wanted.q != "" and await _by_words(db, wanted, where)
    total, more = await _count(db, wanted, where, most) if count else (None, False)
    if cursor is not None:
        order.start_after(cursor, where)
    # what a row shows besides the task itself is looked up for the rows of the page alone
    picked = f"{order.order_by()} limit {limit + 1:d}"
    every = f"select * from ({_candidates(order, wanted, where, picked)}) t {picked}"  # noqa: S608 - placeholders only
    around = f"from ({every}) t left join rm.plan p using (plan_id) {SERVED} {order.order_by()}"
    rows = await db.fetch(f"{_SELECT}, {order.columns()} {around}", *where.args)
    return replace(page_of(rows, limit, order, [_task(r) for r in rows], total), at_least=more or beyond)


def _candidates(order: Order, wanted: TaskFilter, where: Where, picked: str) -> str:
    """Return the SQL of tasks among which the page is: of each status the first, or of each channel, by its index.

    Whose task it is, a plan and words have ways of their own.
    """
    one = f"select t.* from rm.task t {where.sql()}"  # noqa: S608 - placeholders only
    if order.name not in _BY_STATUS or wanted.plan_id or wanted.q or any(wanted.assignees):
        return f"{one} {picked}"
    parts = [f"{one} and {way}" for way in _ways(wanted, where)] or [f"{one} and false"]
    if order.name == "priority":
        return " union all ".join(of_rank for part in parts for of_rank in by_rank(part, picked, "t.priority"))
    return " union all ".join(f"({part} {picked})" for part in parts)


def _ways(wanted: TaskFilter, where: Where) -> list[str]:
    """Return the conditions that share out the tasks, each of them one of an index. No task fits two."""
    if wanted.channels and not wanted.statuses:
        return [f"t.channel = {where.arg(channel)}::text" for channel in dict.fromkeys(wanted.channels)]
    return [f"t.status = '{s}'" for s in TaskStatus if not wanted.statuses or s in wanted.statuses]


async def _by_words(db: Reader, wanted: TaskFilter, where: Where) -> bool:
    """Narrow to the tasks with these words, looked for once; say whether there are more than are listed."""
    fits = Where()
    _narrow(fits, wanted)
    ids, more = await fitting(db, wanted.q, wanted.statuses or tuple(TaskStatus), fits, wanted.plan_id)
    where.add(f"t.task_id = any ({where.arg(ids)}::uuid[])")
    return more


async def _count(db: Reader, wanted: TaskFilter, where: Where, most: int | None) -> tuple[int, bool]:
    """Return how many tasks fit, and whether more do. By their status alone the database has counted them."""
    if wanted == TaskFilter(statuses=wanted.statuses):
        known = await by_status.listed(db, "task", wanted.statuses)
        if known is not None:
            return known, False
    return await counted(db, f"from rm.task t {where.sql()}", where.args, most)


async def of_plan(db: Reader, plan_id: UUID, limit: int | None = None) -> list[Task]:
    """Return a plan's tasks, or the first of them, in the plan's order."""
    own = f"(select * from rm.task t where plan_id = $1 {in_short.ORDER} limit $2) t"  # noqa: S608 - constants only
    around = f"from {own} left join rm.plan p using (plan_id) {SERVED} {in_short.ORDER}"
    return [_task(row) for row in await db.fetch(f"{_SELECT} {around}", plan_id, limit)]


async def get(db: Reader, task_id: UUID) -> TaskDetail | None:
    """Return one task; None where the read model does not know it (yet)."""
    row = await db.fetchrow(_GET, task_id)
    if row is None:
        return None
    comments = [
        Comment(UUID(c["event_id"]), c["actor"], c["comment"], datetime.fromisoformat(c["at"]))
        for c in from_json(row["comments"]) or []
    ]
    return TaskDetail(**_values(row), comments=comments)


async def assignees(db: Reader, limit: int = 200) -> list[str]:
    """Return the names that tasks are assigned to, in alphabetical order."""
    rows = await db.fetch(_ASSIGNEES, limit)
    return [r["assignee"] for r in rows]


def _narrow(where: Where, wanted: TaskFilter) -> None:
    where.add("t.created_at is not null")
    where.any_of("t.status", wanted.statuses)
    where.any_of("t.assignee", wanted.assignees)
    where.any_of("t.channel", wanted.channels)
    if wanted.priorities:
        where.add(one_of("t.priority", wanted.priorities))
    if wanted.plan_id is not None:
        where.add(f"t.plan_id = {where.arg(wanted.plan_id)}")
    if wanted.due:
        where.add(f"({' or '.join(narrowed(one, 't.') for one in wanted.due)})")
    if wanted.dated:
        where.add("t.due_on is not null")


def _task(row: Any) -> Task:
    return Task(**_values(row))


def _values(row: Any) -> dict[str, Any]:
    return {f: row[f] for f in _FIELDS} | {
        "also_serves": from_json(row["also_serves"]),
        "serves": [Served(**one) for one in from_json(row["serves"])],
        "unmatched": without_source(f"{row['title']}\n{row['what']}", row["unmatched"]),
    }
