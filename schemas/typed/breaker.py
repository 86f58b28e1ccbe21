"""The breaker.* events. Made from schemas/avro by `make events`."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

from schemas.events import Event


class BreakerClosedData(TypedDict):
    """The dependency works again."""

    source: str
    breaker: str
    failures: int
    reason: str


BreakerClosed: TypeAlias = Event[Literal["breaker.closed"], BreakerClosedData]


class BreakerHalfOpenedData(TypedDict):
    """A probe may go to the dependency."""

    source: str
    breaker: str
    failures: int
    reason: str


BreakerHalfOpened: TypeAlias = Event[Literal["breaker.half_opened"], BreakerHalfOpenedData]


class BreakerOpenedData(TypedDict):
    """Calls to a dependency are held back."""

    source: str
    breaker: str
    failures: int
    reason: str
    retry_at: int


BreakerOpened: TypeAlias = Event[Literal["breaker.opened"], BreakerOpenedData]
