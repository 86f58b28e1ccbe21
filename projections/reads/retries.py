"""Read the records that wait for another attempt: a page of them, and one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where, contains

STATES: Final = ("waiting", "done", "given_up")
_ID = Key("p.record_id", "text")
ORDERS: Final[dict[str, Order]] = {
    o.name: o
    for o in (
        Order("dueAt", (Key("p.due_at", "timestamptz"), _ID)),
        Order("-since", (Key("p.since", "timestamptz", descending=True), _ID)),
    )
}
DEFAULT_ORDER: Final = "dueAt"


@dataclass(frozen=True, slots=True)
class RetryFilter:
    """Which records: each non-empty field narrows."""

    states: tuple[str, ...] = ("waiting",)
    groups: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    key: str = ""  # the plan
    q: str = ""  # part of the id, the plan's title or the message


@dataclass(frozen=True, slots=True)
class Retry:
    """A parked record, now or earlier. `attempt` counts failed attempts; `behind`: the record ahead of it."""

    record_id: str
    group: str
    key: str
    plan_title: str
    topic: str
    partition: int
    offset: int
    tier: str
    replay: int
    attempt: int
    type: str
    code: str
    error_class: str
    message: str
    behind: str
    due_at: datetime
    since: datetime
    state: str
    resolved_at: datetime | None
    traceparent: str | None


_SELECT: Final = """
    select p.record_id, p.grp as "group", p.key, coalesce(plan.title, '') as plan_title, p.orig_topic as topic,
           p.orig_partition as partition, p.orig_offset as "offset", p.tier, p.replay, p.attempt, p.type, p.code,
           p.error_class, p.message, p.behind, p.due_at, p.since, p.state, p.resolved_at, p.traceparent"""
# a key that is no plan's id has no plan: the ids of all plans are not made texts to be compared with it
_FROM: Final = """
    from flow.parked p left join rm.plan on plan.plan_id =
         case when p.key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p.key::uuid end"""


async def find(
    db: Reader,
    wanted: RetryFilter,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
    count: bool = False,
) -> Page[Retry]:
    """Return a page of records. `sort` is a key of ORDERS. Raises BadCursor."""
    order = ORDERS[sort]
    where = Where()
    where.any_of("p.state", wanted.states)
    where.any_of("p.grp", wanted.groups)
    where.any_of("p.code", wanted.codes)
    where.any_of("p.type", wanted.types)
    if wanted.key:
        where.add(f"p.key = {where.arg(wanted.key)}")
    if wanted.q:
        part = where.arg(contains(wanted.q))
        where.add(
            f"(p.record_id ilike {part} or p.key ilike {part} or p.message ilike {part} or plan.title ilike {part})"
        )
    total = await db.fetchval(f"select count(*) {_FROM} {where.sql()}", *where.args) if count else None
    if cursor is not None:
        order.start_after(cursor, where)
    rows = await db.fetch(
        f"{_SELECT}, {order.columns()} {_FROM} {where.sql()} {order.order_by()} limit {limit + 1:d}", *where.args
    )
    return page_of(rows, limit, order, [_retry(r) for r in rows], total)


#: From one value to the next, down the index: not all records of each.
_CHOICES: Final = """
    with recursive named as (
        (select {0} as value from flow.parked where state = $1 and {0} <> '' order by {0} limit 1)
        union all
        select (select p.{0} from flow.parked p where p.state = $1 and p.{0} > n.value order by p.{0} limit 1)
          from named n where n.value is not null)
    select value from named where value is not null limit $2"""


async def choices(db: Reader, state: str, limit: int = 200) -> dict[str, list[str]]:
    """Return the codes and types that records in a state have, in alphabetical order."""
    found = {of: await db.fetch(_CHOICES.format(of), state, limit) for of in ("code", "type")}
    return {of: [row["value"] for row in rows] for of, rows in found.items()}


async def get(db: Reader, record_id: str) -> Retry | None:
    """Return one parked record; None if it was never parked, or its row has expired."""
    row = await db.fetchrow(f"{_SELECT} {_FROM} where p.record_id = $1", record_id)
    return None if row is None else _retry(row)


async def counts(db: Reader) -> dict[str, int]:
    """Return how many wait: `waiting` in all, `behind` of them behind another record."""
    row = await db.fetchrow(
        "select count(*) as waiting, count(*) filter (where behind <> '') as behind from flow.parked"
        " where state = 'waiting'"
    )
    return dict(row)


def _retry(row: Any) -> Retry:
    return Retry(**{name: row[name] for name in Retry.__dataclass_fields__})
