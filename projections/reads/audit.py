"""Read the audit log: who did what and from where, newest first, and whether the hash chain holds the entry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, counted, page_of
from projections.reads.rows import Reader, Where, from_json

ORDER: Final = Order("-at", (Key("e.entry_id", "bigint", descending=True),))


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries: each field that says something narrows. `day` is one of UTC."""

    actor: str = ""
    actions: tuple[str, ...] = ()
    plan: UUID | None = None
    address: str = ""
    day: date | None = None
    last: int | None = None  # none that was written after this one


@dataclass(frozen=True, slots=True)
class Audited:
    """One entry. `position` is its place in the chain, None while it has none: a moment later it has."""

    entry_id: int
    at: datetime
    actor: str
    key_id: str
    address: str
    action: str
    kind: str
    target: str
    plan_id: UUID | None
    outcome: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    request_id: str
    position: int | None


_SELECT: Final = f"""
    select {", ".join(f"e.{name}" for name in Audited.__dataclass_fields__ if name != "position")}, l.position"""
_FROM: Final = "from audit.entry e left join audit.link l using (entry_id)"


async def find(
    db: Reader, wanted: AuditFilter, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[Audited]:
    """Return a page of entries, newest first. Raises BadCursor."""
    where = await _narrow(db, wanted)
    if cursor is not None:
        ORDER.start_after(cursor, where)
    rows = await db.fetch(
        f"{_SELECT}, {ORDER.columns()} {_FROM} {where.sql()} {ORDER.order_by()} limit {limit + 1:d}", *where.args
    )
    return page_of(rows, limit, ORDER, [_audited(row) for row in rows], None)


async def until_now(db: Reader, wanted: AuditFilter) -> AuditFilter:
    """Return the filter limited to the entries that exist now: later ones do not shift the pages."""
    return replace(wanted, last=await db.fetchval("select coalesce(max(entry_id), 0) from audit.entry"))


async def count(db: Reader, wanted: AuditFilter, most: int) -> tuple[int, bool]:
    """Return how many entries fit, `most` at most, and whether more do."""
    where = await _narrow(db, wanted)
    return await counted(db, f"from audit.entry e {where.sql()}", where.args, most)


async def _narrow(db: Reader, wanted: AuditFilter) -> Where:
    where = Where()
    if wanted.actor:
        where.add(f"e.actor = {where.arg(wanted.actor)}")
    if wanted.actions:
        where.any_of("e.action", wanted.actions)
    if wanted.plan is not None:
        where.add(f"e.plan_id = {where.arg(wanted.plan)}")
    if wanted.address:
        where.add(f"e.address = {where.arg(wanted.address)}")
    if wanted.last is not None:
        where.add(f"e.entry_id <= {where.arg(wanted.last)}")
    if wanted.day is not None:
        await _within(db, wanted.day, where)
    return where


async def _within(db: Reader, day: date, where: Where) -> None:
    """Limit to the entries of a day, UTC: by their numbers, for the index of the order, and by their times."""
    since = datetime.combine(day, time(), UTC)
    until = since + timedelta(days=1)
    # numbers follow the time but for what is written at the same moment: an hour more on either side loses nothing
    first = await db.fetchval(
        "select entry_id from audit.entry where at >= $1 order by at, entry_id limit 1", since - timedelta(hours=1)
    )
    last = await db.fetchval(
        "select entry_id from audit.entry where at < $1 order by at desc, entry_id desc limit 1",
        until + timedelta(hours=1),
    )
    where.add(f"e.entry_id between {where.arg(first or 0)} and {where.arg(last or 0)}")
    where.add(f"e.at >= {where.arg(since)}")
    where.add(f"e.at < {where.arg(until)}")


def _audited(row: Any) -> Audited:
    made = Audited(**{name: row[name] for name in Audited.__dataclass_fields__})
    return replace(made, before=from_json(made.before), after=from_json(made.after))
