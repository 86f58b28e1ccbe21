"""The system.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from schemas.events import Event


class SystemHeartbeatData(TypedDict):
    """A probe through the whole chain, one a partition."""

    source: str
    partition: int
    sent_at: int


SystemHeartbeat: TypeAlias = Event[Literal["system.heartbeat"], SystemHeartbeatData]
