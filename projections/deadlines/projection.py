"""What an event of the log makes met: the plan no longer waits for the system. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from projections.rows import Recorded, Row


def project(recorded: Recorded) -> Iterable[Row]:
    """Yield one row for an event that ends a wait."""
    event = recorded.event
    if event.type == "plan.analyzed":
        yield Row("deadline_analysis", event.correlation_id, event.version, (event.correlation_id,))
    elif event.type == "plan.phase1.created":
        values = (event.correlation_id, len(event.data["tasks"]))
        yield Row("deadline_phase1", event.correlation_id, event.version, values)
