"""An event or a dead letter together with the data of its record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from projections.dead_letters.projection import Letter
from projections.rows import Recorded
from schemas import headers as h
from schemas.events import Event
from schemas.process import telemetry

#: The offset of an event whose record is not in the log yet, or whose turn has not come.
NOWHERE: Final = -1


def recorded(record: Any, event: Event, traceparent: str | None) -> Recorded:
    """Return the event of a record. When a worker took up the cause is told of Phase 1 alone."""
    return Recorded(
        event,
        record.topic,
        record.partition,
        record.offset,
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        telemetry.trace_id(traceparent),
        h.number(record.headers, h.TAKEN_AT) or None if event.type == "plan.phase1.created" else None,
    )


def letter(record: Any, said: h.Headers, event: Event | None) -> Letter:
    """Return the letter of a record; `said` are its headers as far as they count, `event` is None where it has none."""
    return Letter(
        record.topic,
        record.partition,
        record.offset,
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        record.key,
        record.value,
        said,
        event,
        telemetry.trace_id(h.text(record.headers, h.TRACEPARENT)),
    )
