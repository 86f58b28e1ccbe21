"""The command.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from schemas.events import Event


class CommandAuditedData(TypedDict):
    """Somebody asked the system for something, and this became of it."""

    source: str
    command: str
    target: str
    outcome: str
    request_id: str
    reason: NotRequired[str]


CommandAudited: TypeAlias = Event[Literal["command.audited"], CommandAuditedData]
