"""The history of each plan, event by event. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from projections.rows import Recorded, Row, at


def project(recorded: Recorded) -> Iterable[Row]:
    """Yield one row for each event of a plan."""
    e = recorded.event
    yield Row(
        "timeline_event",
        e.event_id,
        e.version,
        (
            e.event_id,
            e.correlation_id,
            e.type,
            e.stream,
            e.version,
            at(e.occurred_at),
            recorded.recorded_at,
            e.actor,
            e.causation_id,
            recorded.trace_id,
            recorded.topic,
            recorded.partition,
            recorded.offset,
            orjson.dumps(e.data).decode(),
        ),
    )
