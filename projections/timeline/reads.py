"""The history of a plan: every event of it and of its tasks, as recorded on the log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from projections.reads.data_keys import names_shown
from projections.reads.paging import MAX_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where, from_json
from projections.timeline.unfolded import COUNT, SAID, UNFOLDED, in_full
from projections.timeline.unfolded import until as until_in
from projections.timeline.whole import whole
from schemas import events
from schemas.events import micros
from schemas.phase_tasks import created_by, is_phase, is_whole

# Within a millisecond the log itself says what came first: a plan's events of one topic are in one partition, and what
# happens to a plan (plan.events) comes before what happens to its tasks (task.events). What has no place in the log
# here goes by its place in its phase, and by its stream.
ORDER: Final = Order(
    "recordedAt",
    (
        Key("recorded_at", "timestamptz"),
        Key("topic", "text"),
        Key('"offset"', "bigint"),
        Key("place", "integer"),
        Key("stream", "text"),
        Key("version", "integer"),
    ),
)
_NEWEST: Final = 'order by recorded_at desc, topic desc, "offset" desc, place desc, stream desc, version desc'


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `data` is the event as it stands on the log, in the names of its Avro schema, and not encrypted.

    `offset` is -1 where its place in the log is not known here: it is not there yet, or its phase told it.
    """

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


@dataclass(frozen=True, slots=True)
class Following:
    """The next events behind a place, in their order.

    `before`: where each partition was that has something behind its place; `after`: where it is behind these events.
    That is the end of what is shown where there are no more: what the log has and the history leaves out, such as
    the tasks that a phase told, is not looked through again.
    """

    events: list[Event]
    before: Mapping[tuple[str, int], int]
    after: Mapping[tuple[str, int], int]


_FIRST: Final = f"{in_full(f'select * from {UNFOLDED} {ORDER.order_by()} limit $2 offset $3')} {ORDER.order_by()}"  # noqa: S608 - constants
_LAST: Final = f"{in_full(f'select * from {UNFOLDED} {_NEWEST} limit $2', f'({COUNT}) as all_of_them')} {_NEWEST}"  # noqa: S608 - constants
_UNTIL: Final = f"{until_in(ORDER.order_by())} order by number"
_SIZE: Final = f"""
    select coalesce(sum(octet_length(data::text) + coalesce(octet_length(said::text), 0)), 0)::bigint
      from ({until_in(ORDER.order_by())}) d"""  # noqa: S608 - constants

# The first of each partition behind a place, and of these the first in time; and of a partition without any that it has
# none. Within a partition the log's order holds, whatever the clocks of brokers said. Nothing beyond what is projected:
# what comes earlier could show up after it.
_BEHIND = f""",
    found as (
        select e.* from places p cross join lateral (
               select t.*, max(recorded_at) over (order by "offset") as came_at
                 from (select event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id,
                              trace_id, topic, partition, "offset", data, body
                         from rm.timeline
                        where ascii(topic) = ascii(p.topic) and topic = p.topic and partition = p.partition
                          and "offset" >= 0 and "offset" >= p.before and "offset" < p.until
                        order by "offset" limit $2) t) e
         order by came_at, topic, partition, "offset" limit $2)
    select p.topic as of_topic, p.partition as of_partition, p.before, p.until, f.*, null as of_type,
           {SAID.format(of="f")}
      from places p left join found f on f.topic = p.topic and f.partition = p.partition
     order by f.came_at, f.topic, f.partition, f."offset" """  # noqa: S608 - constants
_UNTOLD = f"""
    with places as materialized (
        select c.topic, c.partition, c.next_offset as before, o.next_offset as until
          from flow.webhook_cursor c
          join rm.projection_offset o
            on o.projection = 'read_models' and o.topic = c.topic and o.partition = c.partition
         where c.webhook_id = $1 and c.next_offset < o.next_offset){_BEHIND}"""  # noqa: S608 - constants
_AFTER = f"""
    with places as materialized (
        select o.topic, o.partition, coalesce(c.next_offset, 0) as before, o.next_offset as until
          from rm.projection_offset o
          left join unnest($3::text[], $4::int[], $5::bigint[]) c (topic, partition, next_offset)
                 on c.topic = o.topic and c.partition = o.partition
         where o.projection = 'read_models' and o.topic = any ($1)
           and coalesce(c.next_offset, 0) < o.next_offset){_BEHIND}"""  # noqa: S608 - constants
_SHOWN = """
    select topic, partition, next_offset from rm.projection_offset
     where projection = 'read_models' and topic = any ($1)"""


async def of_plan(db: Reader, plan_id: UUID, *, cursor: str | None = None, limit: int = MAX_LIMIT) -> Page[Event]:
    """Return a page of a plan's events, oldest first. Raises BadCursor."""
    where = Where()
    where.add(f"plan_id = {where.arg(plan_id)}")
    if cursor is not None:
        ORDER.start_after(cursor, where)
    found = f"{ORDER.order_by()} limit {limit + 1:d}"
    page = in_full(f"select e.*, {ORDER.columns()} from {UNFOLDED} {where.sql()} {found}", "cursor_keys")  # noqa: S608 - constants, and arguments
    rows = await db.fetch(f"{page} {ORDER.order_by()}", *where.args)
    return page_of(rows, limit, ORDER, await _events(db, rows), None)


async def count(db: Reader, plan_id: UUID) -> int:
    """Return how many events a plan's history has."""
    found: int = await db.fetchval(COUNT, plan_id)
    return found


async def first(db: Reader, plan_id: UUID, limit: int, *, after: int = 0) -> list[Event]:
    """Return the first events of a plan's history in their order, without the first `after` of them."""
    return await _events(db, await db.fetch(_FIRST, plan_id, limit, after))


async def until(
    db: Reader, plan_id: UUID, number: int, last_counts: Collection[str] = (), by_ids: Collection[str] = ()
) -> tuple[list[Event], int]:
    """Return the first `number` events of a plan's history in their order, and how many there are of these.

    Of events of one stream and of a type in `last_counts` only the last comes. Those of a type in `by_ids` come with
    their ids alone and empty texts, but for the `number`-th.
    """
    rows = await db.fetch(_UNTIL, plan_id, number, list(last_counts), list(by_ids))
    return await _events(db, rows), rows[-1]["number"] if rows else 0


async def size(
    db: Reader, plan_id: UUID, number: int, last_counts: Collection[str] = (), by_ids: Collection[str] = ()
) -> int:
    """Return how many bytes the events hold that `until` returns for the same."""
    found: int = await db.fetchval(_SIZE, plan_id, number, list(last_counts), list(by_ids))
    return found


async def newest(db: Reader, plan_id: UUID, limit: int) -> tuple[list[Event], int]:
    """Return the last events of a plan's history, the newest first, and how many there are in all."""
    rows = await db.fetch(_LAST, plan_id, limit)
    return await _events(db, rows), rows[0]["all_of_them"] if rows else 0


async def of_stream(db: Reader, plan_id: UUID, stream: str, limit: int = MAX_LIMIT) -> list[Event]:
    """Return the last events of one stream of a plan's history, such as task-<id>, the newest first."""
    found = f"select * from {UNFOLDED} where stream = $2 order by version desc limit $3"  # noqa: S608 - constants
    rows = await db.fetch(
        f"{in_full(found)} order by version desc",
        plan_id,
        stream,
        limit,
    )
    return await _events(db, rows)


async def untold(db: Reader, webhook_id: UUID, limit: int) -> Following:
    """Return the next events that a webhook was not given yet: none beyond what is projected."""
    return await _following(db, await db.fetch(_UNTOLD, webhook_id, limit), limit)


async def shown_until(db: Reader, topics: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return the next offset of each partition of these topics: what is before it is shown."""
    rows = await db.fetch(_SHOWN, list(topics))
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def shown_after(db: Reader, topics: Sequence[str], place: Mapping[tuple[str, int], int], limit: int) -> Following:
    """Return the next events of these topics behind a place: none beyond what is projected."""
    of, partitions = [topic for topic, _ in place], [partition for _, partition in place]
    rows = await db.fetch(_AFTER, list(topics), limit, of, partitions, list(place.values()))
    return await _following(db, rows, limit)


async def reason_for_phase1(db: Reader, plan_id: UUID) -> str:
    """Return the reason of who last approved a plan with a Phase 1 of their own, "" where nobody did."""
    found: str | None = await db.fetchval(
        "select data -> 'phase1' ->> 'reason' from rm.timeline where plan_id = $1 and stream = $2"
        " and type = 'plan.approved' and json_typeof(data -> 'phase1') = 'object' order by version desc limit 1",
        plan_id,
        f"plan-{plan_id}",
    )
    return found or ""


def as_logged(shown: Event) -> events.Event:
    """Return an event of the history as the log has it."""
    return events.Event(
        shown.type,
        str(shown.event_id),
        shown.stream,
        shown.version,
        micros(shown.occurred_at),
        shown.causation_id,
        str(shown.plan_id),
        shown.actor,
        shown.data,
    )


def with_tasks(shown: Event) -> Iterator[events.Event]:
    """Yield an event as the log has it, and the task.created that a phase tells: these have no row of their own."""
    event = as_logged(shown)
    yield event
    if is_phase(event) and is_whole(event):
        yield from (cast("events.Event", made) for made in created_by(event))


async def _following(db: Reader, rows: Sequence[Any], limit: int) -> Following:
    """Return what the rows of a question say: of each place its events, or one row without any."""
    events = await _events(db, [row for row in rows if row["event_id"] is not None])
    places = {(row["of_topic"], row["of_partition"]): row for row in rows}
    if len(events) < limit:
        after = {place: row["until"] for place, row in places.items()}
    else:  # of any partition there may be more
        after = {(event.topic, event.partition): event.offset + 1 for event in events}
    return Following(events, {place: row["before"] for place, row in places.items()}, after)


async def _events(db: Reader, rows: Sequence[Any]) -> list[Event]:
    """Return the events of rows, with what a document is called as people read it."""
    found = [_event(row) for row in rows]
    uploads = [event for event in found if event.type == "plan.uploaded"]
    for event, data in zip(uploads, await names_shown(db, [event.data for event in uploads]), strict=True):
        event.data.update(data)
    return found


def _event(row: Any) -> Event:
    event_id, data = row["event_id"], whole(row["type"], row["plan_id"], from_json(row["data"]), from_json(row["said"]))
    if row["of_type"] is not None:
        made = _told(row, data)
        event_id, data = UUID(made.event_id), {"also_serves": [], "due_on": None, **made.data}
    return Event(
        event_id=event_id,
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
        data=data,
    )


def _told(row: Any, data: dict[str, Any]) -> events.Event:
    """Return the task.created that follows from a phase of this one task."""
    plan = str(row["plan_id"])
    phase = events.Event(row["of_type"], row["causation_id"], f"plan-{plan}", 1, 0, "", plan, row["actor"], data)
    assert is_phase(phase)
    (made,) = created_by(phase)
    return made
