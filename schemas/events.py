"""What an event is. The names here are the storage format: they are in the log for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha1
from typing import Any, Final, Generic
from uuid import UUID

from typing_extensions import TypeVar  # the standard library's takes a default from Python 3.13 on

#: Namespace of every derived id. Never change it: ids of old events are derived with it.
NAMESPACE: Final = UUID("6f1c3c9e-5a0e-5e0b-9d7e-0a4f5f1d2b67")

#: An id as text, as Python and Postgres match it.
ID_TEXT: Final = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
#: Begun with the namespace, to be copied: to begin it costs more than what is added.
_IN_NAMESPACE: Final = sha1(NAMESPACE.bytes, usedforsecurity=False)
#: The variant of a UUID stands in the two highest bits of this digit.
_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: The fields that every event has, in the order of its Avro schema.
ENVELOPE: Final = (
    "event_id",
    "stream",
    "version",
    "occurred_at",
    "causation_id",
    "correlation_id",
    "actor",
)

Type = TypeVar("Type", bound=str)
Data = TypeVar("Data", bound=Mapping[str, Any])
Type_co = TypeVar("Type_co", bound=str, covariant=True, default=str)
Data_co = TypeVar("Data_co", bound=Mapping[str, Any], covariant=True, default=Mapping[str, Any])


@dataclass(frozen=True, slots=True)
class Event(Generic[Type_co, Data_co]):
    """One fact.

    `occurred_at` is microseconds since 1970 UTC: when the cause happened. `data` has the fields of the event's
    own schema beside the envelope. `correlation_id` is the plan id, which is also the record's key.

    `Event` is any event; `schemas.typed` names what each type's `data` holds, for the type checker alone.
    """

    type: Type_co
    event_id: str
    stream: str
    version: int
    occurred_at: int
    causation_id: str
    correlation_id: str
    actor: str
    data: Data_co


def micros(moment: datetime) -> int:
    """Return a time as microseconds since 1970 UTC, as events have it."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def derive_id(source: str, handler: str, n: int | str = 0) -> str:
    """Return the id of the n-th thing that `handler` makes of `source`: the same on every run.

    A version 5 UUID as `uuid.uuid5` makes it, four times as fast: it is made for every event.
    """
    begun = _IN_NAMESPACE.copy()
    begun.update(f"{source}|{handler}|{n}".encode())
    h = begun.hexdigest()
    return f"{h[:8]}-{h[8:12]}-5{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:32]}"


def follow(
    source: Event,
    *,
    handler: str,
    n: int | str,
    type_: Type,
    stream: str,
    version: int,
    data: Data,
) -> Event[Type, Data]:
    """Return an event caused by `source`. No clock and no chance: twice the same call, twice the same event."""
    return Event(
        type=type_,
        event_id=derive_id(source.event_id, handler, n),
        stream=stream,
        version=version,
        occurred_at=source.occurred_at,
        causation_id=source.event_id,
        correlation_id=source.correlation_id,
        actor=f"system:{handler}",
        data=data,
    )


@cache
def record_name(type_: str) -> str:
    """Return the Avro full name of an event type: plan.phase1.created -> marketplace.plan.PlanPhase1Created."""
    parts = type_.split(".")
    return f"marketplace.{parts[0]}." + "".join(p.title().replace("_", "") for p in parts)
