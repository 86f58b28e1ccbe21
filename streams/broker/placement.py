"""Which topic an event belongs on."""

from __future__ import annotations

from schemas.events import Event
from schemas.topics import WORK, home_of
from schemas.typed.unions import is_analysis_event


def topic_of(event: Event) -> str:
    """Return the topic of an event; waiting analyses go to the lane of their plan's priority."""
    if is_analysis_event(event):
        return WORK[event.data["priority"]]
    return home_of(event.type)
