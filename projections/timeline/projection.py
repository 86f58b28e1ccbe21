"""The history of each plan, event by event. Pure."""

from __future__ import annotations

import orjson

from projections.rows import Recorded, Row, at
from projections.timeline.rows import timeline_event


def project(recorded: Recorded) -> tuple[Row, ...]:
    """Return one row for each event of a plan, whatever its type: also for one that is not known here yet."""
    e = recorded.event
    row = timeline_event(
        e.event_id,
        -recorded.offset,  # of a record that was sent twice the first one is its place
        {
            "event_id": e.event_id,
            "plan_id": e.correlation_id,
            "type": e.type,
            "stream": e.stream,
            "version": e.version,
            "occurred_at": at(e.occurred_at),
            "recorded_at": recorded.recorded_at,
            "actor": e.actor,
            "causation_id": e.causation_id,
            "trace_id": recorded.trace_id,
            "topic": recorded.topic,
            "partition": recorded.partition,
            "offset": recorded.offset,
            "data": orjson.dumps(e.data).decode(),
        },
    )
    return (row,)
