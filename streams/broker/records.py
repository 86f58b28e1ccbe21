"""Records as the agents see them, whichever host brought them, and records to be sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schemas.headers import Headers


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record from a topic. Call `ack` once, when every event that follows from it is in the log."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    ack: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to be sent. `ours`: what its x-* headers say is known here, so its copies are sealed.

    `event`: it is an event that was made here, and no copy: its headers say no more than its value.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    ours: bool = True
    event: bool = False
