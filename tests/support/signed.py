"""Headers of events that tests write themselves, as a producer of the system would: signed with its keys."""

from __future__ import annotations

from collections.abc import Mapping

from schemas import headers as h
from schemas.belief import sign
from schemas.events import Event
from schemas.process.signing import Signing


def signed(env: Mapping[str, str], topic: str, event: Event, value: bytes) -> h.Headers:
    """Return the headers of an event for a topic of the system that `env` leads to."""
    keys = Signing.from_env(env).own
    return sign(keys, topic, event.correlation_id.encode(), event.type, value, h.for_event(event, None))
