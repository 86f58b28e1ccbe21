"""Which handler reacts to which event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

from schemas.events import Event
from schemas.typed.unions import is_plan_decision, is_plan_event
from streams.analysis.handler import handle as request_analysis
from streams.analysis.handler_again import handle as request_again
from streams.phase1.handler import handle as make_phase1

#: The types that a handler waits for: `dispatch` gives something for these alone, a test sees to it.
HANDLED: Final = frozenset({"plan.uploaded", "plan.approved", "plan.channel.requested_again"})


def dispatch(event: Event) -> Sequence[Event]:
    """Return the events that the handlers make of an event; none for a type without a handler."""
    if not is_plan_event(event):
        return ()
    if is_plan_decision(event):
        return make_phase1(event) if event.type == "plan.approved" else ()
    match event.type:
        case "plan.uploaded":
            return request_analysis(event)
        case "plan.channel.requested_again":
            return request_again(event)
        case (
            "plan.channel.analyzed"
            | "plan.channel.failed"
            | "plan.channel.kept"
            | "plan.channel.compared"
            | "plan.analyzed"
            | "plan.phase1.created"
            | "plan.stalled"
            | "plan.recovery.requested"
            | "plan.recovery.started"
            | "plan.recovered"
            | "plan.escalated"
            | "plan.completed"
            | "plan.phase.started"
            | "plan.erased"
        ):
            return ()
        case _:
            assert_never(event.type)
