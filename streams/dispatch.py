"""Which handler reacts to which event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from schemas.events import Event
from streams.analysis.handler import handle as request_analysis
from streams.handlers.handler import Handler
from streams.phase1.handler import handle as make_phase1

HANDLERS: Final[Mapping[str, Handler]] = {
    "plan.uploaded": request_analysis,
    "plan.approved": make_phase1,
}


def dispatch(event: Event) -> list[Event]:
    """Return what follows from an event: nothing for an event that no handler waits for."""
    handler = HANDLERS.get(event.type)
    return [] if handler is None else handler(event)
