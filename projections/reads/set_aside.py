"""Events that are set aside because they cannot be published: a page of them, and one with its data and its edits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from projections.reads.paging import DEFAULT_LIMIT, Key, Order, Page, page_of
from projections.reads.rows import Reader, Where, from_json
from schemas.events import ID_TEXT
from schemas.process.outbox_seals import COLUMNS

ORDER: Final = Order("seq", (Key("o.seq", "bigint"),))


@dataclass(frozen=True, slots=True)
class SetAsideEvent:
    """An event in the outbox. `state`: set_aside, behind (it waits behind one that is), on_its_way or published.

    `reason` says what is wrong with it; `behind` counts the events of its stream that wait behind it; `edits` how often
    its data was edited. `raw`: bytes that are sent as they are, such as a dead letter's, so there is nothing to edit.
    """

    seq: int
    state: str
    event_id: UUID
    topic: str
    key: str
    plan_id: UUID | None
    type: str
    stream: str
    version: int
    actor: str
    occurred_at: datetime
    stored_at: datetime
    set_aside_at: datetime | None
    published_at: datetime | None
    reason: str
    behind: int
    edits: int
    raw: bool


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of an event; `before`: the data that it replaced."""

    edit: int
    actor: str
    reason: str
    edited_at: datetime
    before: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SetAsideDetail:
    """An event with its contents. `original` is its data before the first edit, None where there was none."""

    event: SetAsideEvent
    causation_id: str
    correlation_id: str
    data: dict[str, Any]
    history: list[Edit]

    @property
    def original(self) -> dict[str, Any] | None:
        return self.history[0].before if self.history else None


_UUID: Final = f"^{ID_TEXT}$"
_SELECT: Final = f"""
    select o.seq, case when o.published_at is not null then 'published' when o.held_at is null then 'on_its_way'
                       when o.held_why is null then 'behind' else 'set_aside' end as state,
           o.event_id, o.topic, o.key, case when o.key ~ '{_UUID}' then o.key::uuid end as plan_id, o.type, o.stream,
           o.version, o.actor, to_timestamp(o.occurred_at / 1000000.0) as occurred_at, o.stored_at,
           o.held_at as set_aside_at, o.published_at, coalesce(o.held_why, '') as reason,
           (select count(*) from decide.outbox b where b.stream = o.stream and b.version > o.version
               and b.published_at is null and o.published_at is null) as behind,
           (select count(*) from decide.outbox_edit e where e.seq = o.seq) as edits, o.raw_headers is not null as raw"""  # noqa: S608 - a constant
#: A row with its seal and all that it is over; it stays as it is until the transaction ends.
SEALED: Final = f"select {COLUMNS}, o.published_at from decide.outbox o where o.seq = $1 for update"  # noqa: S608 - a constant
_OF: Final = """
      from decide.outbox o
     where o.seq = $1 and (o.held_at is not null or exists (select from decide.outbox_edit e where e.seq = o.seq))"""


async def find(
    db: Reader, *, plan_id: UUID | None = None, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[SetAsideEvent]:
    """Return a page of the events that are set aside, the oldest first. Those behind them are only counted.

    Raises BadCursor.
    """
    where = Where()
    where.add("o.held_at is not null and o.held_why is not null and o.published_at is null")
    if plan_id is not None:
        where.add(f"o.key = {where.arg(str(plan_id))}")
    if cursor is not None:
        ORDER.start_after(cursor, where)
    rows = await db.fetch(
        f"{_SELECT}, {ORDER.columns()} from decide.outbox o {where.sql()} {ORDER.order_by()} limit {limit + 1:d}",
        *where.args,
    )
    return page_of(rows, limit, ORDER, [_event(r) for r in rows], None)


async def get(db: Reader, seq: int) -> SetAsideDetail | None:
    """Return one event; None for one that neither is set aside nor was mended in the last 90 days."""
    row = await db.fetchrow(f"{_SELECT}, o.causation_id, o.correlation_id, o.data::text as data {_OF}", seq)
    if row is None:
        return None
    edits = await db.fetch(
        "select edit, actor, reason, edited_at, before::text as before from decide.outbox_edit where seq = $1"
        " order by edit",
        seq,
    )
    return SetAsideDetail(
        _event(row),
        row["causation_id"],
        row["correlation_id"],
        from_json(row["data"]),
        [Edit(e["edit"], e["actor"], e["reason"], e["edited_at"], from_json(e["before"])) for e in edits],
    )


def _event(row: Any) -> SetAsideEvent:
    return SetAsideEvent(**{name: row[name] for name in SetAsideEvent.__dataclass_fields__})
