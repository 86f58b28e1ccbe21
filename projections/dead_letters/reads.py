"""Dead letters: groups by cause, pages, and single letters with their contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from projections.reads import letter_filter
from projections.reads.letter_filter import LetterFilter, narrow
from projections.reads.outlook import STORED_BLOCKED, said
from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, from_json

STATES: Final = letter_filter.STATES
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
    where = narrow(wanted)
    total = await db.fetchval(f"select count(*) {_FROM} {where.sql()}", *where.args) if count else None
    if cursor is not None:
        order.start_after(cursor, where)
    rows = await db.fetch(
        f"{_SELECT}, {order.columns()} {_FROM} {where.sql()} {order.order_by()} limit {limit + 1:d}", *where.args
    )
    return page_of(rows, limit, order, [_letter(r) for r in rows], total)


async def ids(db: Reader, wanted: LetterFilter, limit: int, after: str | None = None) -> Page[str]:
    """Return ids of letters, oldest first: the order in which they are replayed. Raises BadCursor."""
    where = narrow(wanted)
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
    where = narrow(wanted)
    if after is not None:
        _OLDEST_FIRST.start_after(after, where)
    return int(await db.fetchval(f"select count(*) {_FROM} {where.sql()}", *where.args))


async def others(db: Reader, plan_id: UUID | None, record_id: str) -> int:
    """Return how many letters of a plan are undecided besides this one; 0 of no plan."""
    found = 0 if plan_id is None else await db.fetchval(_OTHERS, plan_id, record_id)
    return int(found)


async def newest(db: Reader, wanted: LetterFilter) -> datetime | None:
    """Return when the last letter that fits died; None where none fits."""
    where = narrow(wanted)
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


def _letter(row: Any) -> DeadLetter:
    return DeadLetter(**{name: row[name] for name in DeadLetter.__dataclass_fields__})
