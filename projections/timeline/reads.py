"""The history of a plan: every event of it and of its tasks, as recorded on the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from projections.reads.paging import MAX_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where, from_json

# Within a millisecond the log itself says what came first: a plan's events of one topic are in one partition, and what
# happens to a plan (plan.events) comes before what happens to its tasks (task.events).
ORDER: Final = Order("recordedAt", (Key("recorded_at", "timestamptz"), Key("topic", "text"), Key('"offset"', "bigint")))


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
