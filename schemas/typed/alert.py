"""The alert.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from schemas.events import Event


class AlertAcknowledgedData(TypedDict):
    """A person sees to an alert: it is escalated to nobody any more."""

    source: str
    alert: str
    key: str
    kind: str
    severity: str
    text: str
    note: str


AlertAcknowledged: TypeAlias = Event[Literal["alert.acknowledged"], AlertAcknowledgedData]


class AlertEscalatedData(TypedDict):
    """Nobody acknowledged an alert in time: the next notifier is told."""

    source: str
    alert: str
    key: str
    kind: str
    severity: str
    text: str
    step: int


AlertEscalated: TypeAlias = Event[Literal["alert.escalated"], AlertEscalatedData]


class AlertOpenedData(TypedDict):
    """A finding of the verdict lasted long enough to be told."""

    source: str
    alert: str
    key: str
    kind: str
    severity: str
    text: str
    state: str


AlertOpened: TypeAlias = Event[Literal["alert.opened"], AlertOpenedData]


class AlertResolvedData(TypedDict):
    """What an alert was about is over."""

    source: str
    alert: str
    key: str
    kind: str
    severity: str
    text: str
    lasted_ms: int


AlertResolved: TypeAlias = Event[Literal["alert.resolved"], AlertResolvedData]


class AlertSilencedData(TypedDict):
    """Nobody is told of an alert until a given time, or is told of it again."""

    source: str
    alert: str
    key: str
    kind: str
    severity: str
    text: str
    until: int
    reason: str


AlertSilenced: TypeAlias = Event[Literal["alert.silenced"], AlertSilencedData]


class AlertWorsenedData(TypedDict):
    """An alert became more severe; who acknowledged it knew of less."""

    source: str
    alert: str
    key: str
    kind: str
    severity: str
    text: str


AlertWorsened: TypeAlias = Event[Literal["alert.worsened"], AlertWorsenedData]
