"""Dead letters: groups by cause, pages, and single letters with their contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from projections.reads.outlook import BLOCKED, STORED_BLOCKED, said
from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where, contains, from_json

STATES: Final = ("open", BLOCKED, "replayed", "discarded")
#: Hours of a group's trend.
TREND_HOURS: Final = 24
_ID = Key("d.record_id", "text")
ORDERS: Final[dict[str, Order]] = {
    o.name: o
    for o in (
        Order("-deadAt", (Key("d.dead_at", "timestamptz", descending=True), _ID)),
        Order("deadAt", (Key("d.dead_at", "timestamptz"), _ID)),
    )
}
DEFAULT_ORDER: Final = "-deadAt"
_OLDEST_FIRST: Final = ORDERS["deadAt"]


_OTHERS: Final = f"""
    select count(*) from rm.dead_letter d
     where d.plan_id = $1 and d.record_id <> $2 and d.dead_at is not null and d.state in ('open', '{STORED_BLOCKED}')"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """Which letters: each non-empty field narrows."""

    states: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    fingerprint: str = ""
    plan_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    q: str = ""  # part of the id, the key or the message
    readable: bool = False  # only those whose payload, or the edited one, somebody can read


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that could not be handled. `replays`: how often it was sent again; `dead_at`: when it came here last."""

    record_id: str
    group: str
    topic: str
    partition: int
    offset: int
    key: str
    plan_id: UUID | None
    type: str
    code: str
    error_class: str
    message: str
    fingerprint: str
    attempts: int
    trace_id: str | None
    first_failed_at: datetime
    last_failed_at: datetime
    dead_at: datetime
    state: str
    replays: int
    edited: bool
    reason: str
    acted_by: str
    acted_at: datetime | None
    given_up_by: str
    given_up_reason: str
    readable: bool
    size_bytes: int


@dataclass(frozen=True, slots=True)
class LetterDetail(DeadLetter):
    """A letter with its contents. `data` is None where nobody can read the bytes; `edit` is what a replay would send.

    `version` is that of the decisions about it; `retry` says how its last replay stands (waiting, done, given_up).
    """

    data: dict[str, Any] | None
    value: bytes | None
    headers: list[list[Any]]
    stack: str
    dlq_topic: str
    dlq_partition: int
    dlq_offset: int
    version: int
    edit_type: str
    edit: dict[str, Any] | None
    edited_by: str
    edited_at: datetime | None
    retry: str


@dataclass(frozen=True, slots=True)
class Cause:
    """All letters with one cause. `trend` counts them by the hour, the oldest of TREND_HOURS first.

    `groups`: who could not handle them. One record that two groups cannot read makes two letters: `records` counts it
    once. `messages`: how many different ones there are; `message` is the newest.
    """

    fingerprint: str
    group: str
    code: str
    error_class: str
    type: str
    message: str
    total: int
    states: dict[str, int]
    first_at: datetime
    last_at: datetime
    trend: list[int]
    groups: list[str]
    records: int
    messages: int


_SELECT: Final = f"""
    select d.record_id, d.grp as "group", d.orig_topic as topic, d.orig_partition as partition,
           d.orig_offset as "offset", d.key, d.plan_id, d.type, d.code, d.error_class, d.message, d.fingerprint,
           d.attempts, d.trace_id, d.first_failed_at, d.last_failed_at, d.dead_at,
           {said("d.state")} as state, d.replays,
           d.edits > 0 as edited, d.reason, d.acted_by, d.acted_at, d.given_up_by, d.given_up_reason,
           d.data is not null as readable, coalesce(length(d.value), 0) as size_bytes"""
_FROM: Final = "from rm.dead_letter d"
_DETAIL: Final = f"""
    {_SELECT}, d.data, d.value, d.headers, d.stack, d.dlq_topic, d.dlq_partition, d.dlq_offset,
           coalesce(f.version, 0) as version, coalesce(f.edit_type, '') as edit_type, f.edit_data as edit,
           coalesce(f.edited_by, '') as edited_by, f.edited_at, coalesce(p.state, '') as retry
    {_FROM} left join flow.dead_head f using (record_id) left join flow.parked p using (record_id)
     where d.record_id = $1 and d.dead_at is not null"""
_CAUSES: Final = """
    select d.fingerprint, min(d.grp) as "group", min(d.code) as code, min(d.error_class) as error_class,
           min(d.type) as type, (array_agg(d.message order by d.dead_at desc))[1] as message, count(*) as total,
           jsonb_build_object('open', count(*) filter (where d.state = 'open'),
                              'blocked', count(*) filter (where d.state = 'parked'),
                              'replayed', count(*) filter (where d.state = 'replayed'),
                              'discarded', count(*) filter (where d.state = 'discarded')) as states,
           min(d.first_failed_at) as first_at, max(d.dead_at) as last_at,
           array_agg(distinct d.grp) as groups,
           count(distinct (d.orig_topic, d.orig_partition, d.orig_offset)) as records,
           count(distinct d.message) as messages,
           array(select count(*) filter (where b.n = hours.n)
                   from generate_series(1, {hours}) hours (n)
                   left join unnest(array_agg({hours} - floor(extract(epoch from now() - d.dead_at) / 3600)::int)) b (n)
                     on b.n = hours.n
                  group by hours.n order by hours.n)::int[] as trend
      from rm.dead_letter d {where} group by d.fingerprint
     order by count(*) filter (where d.state in ('open', 'parked')) desc, max(d.dead_at) desc, d.fingerprint
     limit 500"""
_COUNTS: Final = f"""
    select {said("state")} as state, count(*) as n from rm.dead_letter where dead_at is not null group by 1"""  # noqa: S608 - a constant


async def find(
    db: Reader,
    wanted: LetterFilter,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
    count: bool = False,
) -> Page[DeadLetter]:
    """Return a page of letters. `sort` is a key of ORDERS. Raises BadCursor."""
    order = ORDERS[sort]
    where = _narrow(wanted)
    total = await db.fetchval(f"select count(*) {_FROM} {where.sql()}", *where.args) if count else None
    if cursor is not None:
        order.start_after(cursor, where)
    rows = await db.fetch(
        f"{_SELECT}, {order.columns()} {_FROM} {where.sql()} {order.order_by()} limit {limit + 1:d}", *where.args
    )
    return page_of(rows, limit, order, [_letter(r) for r in rows], total)


async def ids(db: Reader, wanted: LetterFilter, limit: int, after: str | None = None) -> Page[str]:
    """Return ids of letters, oldest first: the order in which they are replayed. Raises BadCursor."""
    where = _narrow(wanted)
    if after is not None:
        _OLDEST_FIRST.start_after(after, where)
    rows = await db.fetch(
        f"select d.record_id, {_OLDEST_FIRST.columns()} {_FROM} {where.sql()} {_OLDEST_FIRST.order_by()}"
        f" limit {limit + 1:d}",
        *where.args,
    )
    return page_of(rows, limit, _OLDEST_FIRST, [r["record_id"] for r in rows], None)


async def count(db: Reader, wanted: LetterFilter, after: str | None = None) -> int:
    """Return how many letters fit, all or those after a cursor of `ids`. Raises BadCursor."""
    where = _narrow(wanted)
    if after is not None:
        _OLDEST_FIRST.start_after(after, where)
    return int(await db.fetchval(f"select count(*) {_FROM} {where.sql()}", *where.args))


async def others(db: Reader, plan_id: UUID | None, record_id: str) -> int:
    """Return how many letters of a plan are undecided besides this one; 0 of no plan."""
    found = 0 if plan_id is None else await db.fetchval(_OTHERS, plan_id, record_id)
    return int(found)


async def newest(db: Reader, wanted: LetterFilter) -> datetime | None:
    """Return when the last letter that fits died; None where none fits."""
    where = _narrow(wanted)
    found: datetime | None = await db.fetchval(f"select max(d.dead_at) {_FROM} {where.sql()}", *where.args)
    return found


async def get(db: Reader, record_id: str) -> LetterDetail | None:
    """Return one letter; None where there is none (yet)."""
    row = await db.fetchrow(_DETAIL, record_id)
    if row is None:
        return None
    values = {name: row[name] for name in LetterDetail.__dataclass_fields__}
    for name in ("data", "headers", "edit"):
        values[name] = from_json(values[name])
    return LetterDetail(**values)


async def causes(db: Reader, wanted: LetterFilter) -> list[Cause]:
    """Return the letters by cause, those with the most open ones first."""
    where = _narrow(wanted)
    rows = await db.fetch(_CAUSES.replace("{hours}", str(TREND_HOURS)).replace("{where}", where.sql()), *where.args)
    return [Cause(**{**{n: r[n] for n in Cause.__dataclass_fields__}, "states": from_json(r["states"])}) for r in rows]


async def counts(db: Reader) -> dict[str, int]:
    """Return how many letters are in each state."""
    rows = await db.fetch(_COUNTS)
    return dict.fromkeys(STATES, 0) | {r["state"]: r["n"] for r in rows}


def _narrow(wanted: LetterFilter) -> Where:
    where = Where()
    where.add("d.dead_at is not null")
    where.any_of("d.state", tuple(STORED_BLOCKED if one == BLOCKED else one for one in wanted.states))
    where.any_of("d.grp", wanted.groups)
    where.any_of("d.code", wanted.codes)
    where.any_of("d.type", wanted.types)
    if wanted.readable:
        where.add(
            "(d.data is not null or exists (select from flow.dead_head f"
            " where f.record_id = d.record_id and f.edit_data is not null))"
        )
    if wanted.fingerprint:
        where.add(f"d.fingerprint = {where.arg(wanted.fingerprint)}")
    if wanted.plan_id is not None:
        where.add(f"d.plan_id = {where.arg(wanted.plan_id)}")
    if wanted.since is not None:
        where.add(f"d.dead_at >= {where.arg(wanted.since)}")
    if wanted.until is not None:
        where.add(f"d.dead_at < {where.arg(wanted.until)}")
    if wanted.q:
        part = where.arg(contains(wanted.q))
        where.add(f"(d.record_id ilike {part} or d.key ilike {part} or d.message ilike {part})")
    return where


def _letter(row: Any) -> DeadLetter:
    return DeadLetter(**{name: row[name] for name in DeadLetter.__dataclass_fields__})
