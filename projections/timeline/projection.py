"""The history of each plan, event by event. Pure."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import orjson

from projections.rows import Recorded, Row, at
from projections.timeline.rows import plan_body, timeline_event
from projections.timeline.whole import without_plan

#: The fields of an event that are nearly all of its bytes. Three events of a plan have the same ones: what an analysis
#: found, the plan that was made of it, and its approval.
BODY: Final = ("opportunities", "phases")

#: Postgres looks at a value only in a row of more than some 2,030 bytes whether it can be compressed. All but the data
#: are some 220 of them.
_LOOKED_AT: Final = 1_900
#: Less than this gets hardly smaller.
_WORTH_IT: Final = 800


def filled(data: bytes) -> bytes:
    """Return JSON with so many blanks behind it that Postgres compresses it. The blanks take next to nothing then."""
    return data.ljust(_LOOKED_AT) if _WORTH_IT <= len(data) < _LOOKED_AT else data


def digest_of(body: bytes) -> str:
    """Return by what a body is named: the same for whoever says the same."""
    found = blake2b(body, digest_size=16).hexdigest()
    return f"{found[:8]}-{found[8:12]}-{found[12:16]}-{found[16:20]}-{found[20:]}"  # as a UUID is written


def project(recorded: Recorded) -> tuple[Row, ...]:
    """Return one row for each event of a plan, whatever its type: also for one that is not known here yet.

    What three events of a plan say alike has a row of its own, once. The id of the plan has a column.
    """
    e = recorded.event
    digest, rows = None, []
    data = without_plan(e.data, e.correlation_id)
    if all(data.get(name) for name in BODY):
        body = orjson.dumps({name: data.pop(name) for name in BODY})
        digest = digest_of(body)
        rows = [
            plan_body(
                f"{e.correlation_id}.{digest}",
                0,
                {"plan_id": e.correlation_id, "digest": digest, "said": body.decode()},
            )
        ]
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
            "data": filled(orjson.dumps(data)).decode(),
            "body": digest,
        },
    )
    return (*rows, row)
