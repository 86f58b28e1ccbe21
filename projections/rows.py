"""What a projection makes of an event: rows for named statements. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Generic, NamedTuple, TypeGuard

import orjson
from typing_extensions import TypeVar

from schemas.events import Event
from schemas.typed.unions import (
    GoodsEvent,
    PlanEvent,
    SystemEvent,
    TaskEvent,
    is_goods_event,
    is_plan_event,
    is_system_event,
    is_task_event,
)

#: Columns whose smallest value counts, in a batch as in the statements that write them.
LEAST: Final = frozenset({"first_failed_at"})

Event_co = TypeVar("Event_co", bound=Event, covariant=True, default=Event)
Values = TypeVar("Values", bound=Mapping[str, Any])


class Recorded(NamedTuple, Generic[Event_co]):
    """An event with what the log adds to it. `recorded_at` is the record's timestamp.

    `taken_us`: when a worker took up its cause, as the record says; of first attempts alone.
    """

    event: Event_co
    topic: str
    partition: int
    offset: int
    recorded_at: datetime
    trace_id: str | None
    taken_us: int | None = None


class Row(NamedTuple):
    """One row for a statement of `queries.sql`; `values` has each parameter of the statement by its name.

    Rows with the same statement and `key` in one batch are folded into one before they are written, because one
    upsert cannot touch a row twice: the value of the higher `version` wins unless it is None; of `LEAST` the smallest.
    """

    statement: str
    key: str
    version: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement(Generic[Values]):
    """A statement of `queries.sql` and the type of its rows. Called, it makes a row."""

    name: str
    values: type[Values]

    def __call__(self, key: str, version: int, values: Values) -> Row:
        return Row(self.name, key, version, values)


def of_plan(recorded: Recorded) -> TypeGuard[Recorded[PlanEvent]]:
    """Return whether the event is one of plan.events that is known here."""
    return is_plan_event(recorded.event)


def of_task(recorded: Recorded) -> TypeGuard[Recorded[TaskEvent]]:
    """Return whether the event is one of task.events that is known here."""
    return is_task_event(recorded.event)


def of_goods(recorded: Recorded) -> TypeGuard[Recorded[GoodsEvent]]:
    """Return whether the event is one of goods.events that is known here."""
    return is_goods_event(recorded.event)


def of_system(recorded: Recorded) -> TypeGuard[Recorded[SystemEvent]]:
    """Return whether the event is one of system.events that is known here."""
    return is_system_event(recorded.event)


def at(micros: int) -> datetime:
    """Return microseconds since 1970 UTC as a time."""
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


def as_json(value: object) -> str:
    """Return a value as the text of a column of type jsonb."""
    return orjson.dumps(value).decode()


def fold(rows: Iterable[Row]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the values of each statement, one for each key, in the order of their first appearance."""
    folded: dict[str, dict[str, Row]] = {}
    for row in rows:
        statement, key, _, _ = row
        of_statement = folded.get(statement)
        if of_statement is None:
            of_statement = folded[statement] = {}
        first = of_statement.setdefault(key, row)
        if first is not row:
            of_statement[key] = _merged(first, row)
    return {statement: [values for _, _, _, values in rows_.values()] for statement, rows_ in folded.items()}


def _merged(one: Row, other: Row) -> Row:
    # a record that was sent twice can come after its successors: versions decide, not the order of arrival
    older, newer = (other, one) if other.version < one.version else (one, other)
    values = {name: older.values[name] if value is None else value for name, value in newer.values.items()}
    for name in LEAST & values.keys():
        values[name] = min((row.values[name] for row in (one, other) if row.values[name] is not None), default=None)
    return newer._replace(values=values)
