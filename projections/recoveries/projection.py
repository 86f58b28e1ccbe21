"""The recovery log: what stalled, why, what was done about it and whether it helped. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import orjson

from projections.rows import Recorded, Row, at

TYPES: Final = frozenset({"plan.stalled", "plan.recovery.started", "plan.recovered", "plan.escalated"})


def project(recorded: Recorded) -> Iterable[Row]:
    """Yield one row for each event of a recovery."""
    e = recorded.event
    if e.type not in TYPES:
        return
    d = e.data
    yield Row(
        "recovery_event",
        f"{e.correlation_id}.{e.version}",
        e.version,
        (
            e.correlation_id,
            e.version,
            e.event_id,
            e.type,
            at(e.occurred_at),
            d.get("state", ""),
            d.get("cause", ""),
            d.get("action", ""),
            d.get("attempt", d.get("attempts", 0)),
            at(d["due_at"]) if "due_at" in d else None,
            d.get("stalled_ms"),
            orjson.dumps(d.get("evidence", {})).decode(),
            d.get("recommendation", ""),
        ),
    )
