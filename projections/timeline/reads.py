"""The history of a plan: every event of it and of its tasks, as recorded on the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from projections.reads.paging import MAX_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where, from_json

# Within a millisecond the log itself says what came first: a plan's events of one topic are in one partition, and what
# happens to a plan (plan.events) comes before what happens to its tasks (task.events).
ORDER: Final = Order("recordedAt", (Key("recorded_at", "timestamptz"), Key("topic", "text"), Key('"offset"', "bigint")))
_NEWEST: Final = 'order by recorded_at desc, topic desc, "offset" desc'
_BEGAN: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `data` is the event as it stands on the log, in the names of its Avro schema."""

    event_id: UUID
    plan_id: UUID
    type: str
    stream: str
    version: int
    occurred_at: datetime  # when the cause happened
    recorded_at: datetime  # when the broker got it
    actor: str
    causation_id: str
    trace_id: str | None
    topic: str
    partition: int
    offset: int
    data: dict[str, Any]


_SELECT = """
    select event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id, trace_id, topic,
           partition, "offset", data"""


async def of_plan(db: Reader, plan_id: UUID, *, cursor: str | None = None, limit: int = MAX_LIMIT) -> Page[Event]:
    """Return a page of a plan's events, oldest first. Raises BadCursor."""
    where = Where()
    where.add(f"plan_id = {where.arg(plan_id)}")
    if cursor is not None:
        ORDER.start_after(cursor, where)
    rows = await db.fetch(
        f"{_SELECT}, {ORDER.columns()} from rm.timeline {where.sql()} {ORDER.order_by()} limit {limit + 1:d}",
        *where.args,
    )
    return page_of(rows, limit, ORDER, [_event(r) for r in rows], None)


async def count(db: Reader, plan_id: UUID) -> int:
    """Return how many events a plan's history has."""
    found: int = await db.fetchval("select count(*) from rm.timeline where plan_id = $1", plan_id)
    return found


async def first(db: Reader, plan_id: UUID, limit: int, *, after: int = 0) -> list[Event]:
    """Return the first events of a plan's history in their order, without the first `after` of them."""
    rows = await db.fetch(
        f"{_SELECT} from rm.timeline where plan_id = $1 {ORDER.order_by()} limit $2 offset $3", plan_id, limit, after
    )
    return [_event(r) for r in rows]


async def newest(db: Reader, plan_id: UUID, limit: int) -> list[Event]:
    """Return the last events of a plan's history, the newest first."""
    rows = await db.fetch(f"{_SELECT} from rm.timeline where plan_id = $1 {_NEWEST} limit $2", plan_id, limit)
    return [_event(r) for r in rows]


async def of_stream(db: Reader, plan_id: UUID, stream: str, limit: int = MAX_LIMIT) -> list[Event]:
    """Return the last events of one stream of a plan's history, such as task-<id>, the newest first."""
    rows = await db.fetch(
        f"{_SELECT} from rm.timeline where plan_id = $1 and stream = $2 order by version desc limit $3",
        plan_id,
        stream,
        limit,
    )
    return [_event(r) for r in rows]


def micros(moment: datetime) -> int:
    """Return a time as microseconds since 1970 UTC, as events have it."""
    return (moment - _BEGAN) // timedelta(microseconds=1)


def _event(row: Any) -> Event:
    return Event(
        event_id=row["event_id"],
        plan_id=row["plan_id"],
        type=row["type"],
        stream=row["stream"],
        version=row["version"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        actor=row["actor"],
        causation_id=row["causation_id"],
        trace_id=row["trace_id"],
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        data=from_json(row["data"]),
    )
