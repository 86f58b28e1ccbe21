"""What a projection makes of an event: rows for named statements. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from schemas.events import Event


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with what the log adds to it. `recorded_at` is the record's timestamp."""

    event: Event
    topic: str
    partition: int
    offset: int
    recorded_at: datetime
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row for a statement of `queries.sql`.

    Rows with the same statement and `key` in one batch are folded into one before they are written, because one
    upsert cannot touch a row twice: the value of the higher `version` wins unless it is None.
    """

    statement: str
    key: str
    version: int
    values: tuple[Any, ...]


Mapping = Callable[[Recorded], Iterable[Row]]


def at(micros: int) -> datetime:
    """Return microseconds since 1970 UTC as a time."""
    return datetime.fromtimestamp(micros / 1_000_000, UTC)


def fold(rows: Iterable[Row]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each statement, one for each key, in the order of their first appearance."""
    folded: dict[str, dict[str, Row]] = {}
    for row in rows:
        of_statement = folded.setdefault(row.statement, {})
        seen = of_statement.get(row.key)
        of_statement[row.key] = row if seen is None else _merged(seen, row)
    return {statement: [row.values for row in rows_.values()] for statement, rows_ in folded.items()}


def _merged(one: Row, other: Row) -> Row:
    # a record that was sent twice can come after its successors: versions decide, not the order of arrival
    older, newer = (other, one) if other.version < one.version else (one, other)
    values = tuple(n if n is not None else o for o, n in zip(older.values, newer.values, strict=True))
    return Row(newer.statement, newer.key, newer.version, values)
