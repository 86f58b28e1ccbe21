"""The deadletter.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from schemas.events import Event


class DeadletterDiscardedData(TypedDict):
    """A dead letter was given up by a person."""

    source: str
    record_id: str
    reason: str


DeadletterDiscarded: TypeAlias = Event[Literal["deadletter.discarded"], DeadletterDiscardedData]


class DeadletterEditedData(TypedDict):
    """A dead letter's payload was changed by a person; the original is kept."""

    source: str
    record_id: str
    reason: str
    changed: NotRequired[list[str]]


DeadletterEdited: TypeAlias = Event[Literal["deadletter.edited"], DeadletterEditedData]


class DeadletterReplayedData(TypedDict):
    """A dead letter was sent again to the group that could not handle it."""

    source: str
    record_id: str
    replay: int


DeadletterReplayed: TypeAlias = Event[Literal["deadletter.replayed"], DeadletterReplayedData]
