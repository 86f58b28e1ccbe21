"""Record headers: CloudEvents attributes, trace context, and what retries carry (x-*)."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from schemas.events import Event, record_name

Headers = list[tuple[str, bytes]]

TYPE: Final = "ce_type"
ATTEMPT: Final = "x-attempt"
MAX_ATTEMPTS: Final = "x-max-attempts"
GROUP: Final = "x-consumer-group"
ORIG_TOPIC: Final = "x-orig-topic"
ORIG_PARTITION: Final = "x-orig-partition"
ORIG_OFFSET: Final = "x-orig-offset"
ORIG_TIMESTAMP: Final = "x-orig-timestamp"
FIRST_FAILED_AT: Final = "x-first-failed-at"
LAST_FAILED_AT: Final = "x-last-failed-at"
NEXT_ATTEMPT_AT: Final = "x-next-attempt-at"  # milliseconds since 1970 UTC
ERROR_CLASS: Final = "x-error-class"
ERROR_CODE: Final = "x-error-code"
ERROR_MESSAGE: Final = "x-error-message"
ERROR_STACK: Final = "x-error-stack"
ERROR_RETRYABLE: Final = "x-error-retryable"
PARKED_BEHIND: Final = "x-parked-behind"  # id of the record that this one waits for
REPLAY: Final = "x-replay"  # how often it was replayed as a dead letter
GIVEN_UP_BY: Final = "x-given-up-by"
GIVEN_UP_REASON: Final = "x-given-up-reason"
TRACEPARENT: Final = "traceparent"

_SPEC: Final = ("ce_specversion", b"1.0")
_CONTENT: Final = ("content-type", b"application/avro")


def for_event(event: Event, traceparent: str | None) -> Headers:
    """Return CloudEvents binary-mode headers for an event (https://cloudevents.io, Kafka protocol binding 1.0)."""
    correlation = event.correlation_id.encode()
    headers: Headers = [
        _SPEC,
        _CONTENT,
        ("ce_id", event.event_id.encode()),
        (TYPE, event.type.encode()),
        ("ce_source", event.actor.encode()),
        ("ce_subject", event.stream.encode()),
        ("ce_time", rfc3339(event.occurred_at).encode()),
        ("ce_dataschema", record_name(event.type).encode()),
        ("ce_sequence", b"%d" % event.version),
        ("ce_correlationid", correlation),
        ("ce_causationid", event.causation_id.encode()),
        ("ce_partitionkey", correlation),
    ]
    if traceparent:
        headers.append((TRACEPARENT, traceparent.encode()))
    return headers


@lru_cache(maxsize=1024)
def rfc3339(micros: int) -> str:
    """Return microseconds since 1970 UTC as an RFC 3339 time."""
    return datetime.fromtimestamp(micros / 1_000_000, UTC).isoformat(timespec="microseconds")


def text(headers: Iterable[tuple[str, bytes | None]] | Mapping[str, bytes], name: str) -> str | None:
    """Return the last header of that name as text, None where there is none."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    found: str | None = None
    for key, value in pairs:
        if key == name and value is not None:
            found = value.decode("utf-8", "replace")
    return found


def number(headers: Iterable[tuple[str, bytes | None]] | Mapping[str, bytes], name: str, default: int = 0) -> int:
    """Return a header as a whole number not below zero; the default where it is missing or no such number."""
    found = text(headers, name)
    return int(found) if found is not None and found.isascii() and found.isdigit() and len(found) < 19 else default


def to_json(headers: Iterable[tuple[str, bytes | None]]) -> list[list[Any]]:
    """Return headers as JSON data that `from_json` turns back into the same bytes.

    Each is [name, text], or [name, {"base64": "..."}] where its bytes are no text that a database can store.
    """
    return [[name, _as_json(value)] for name, value in headers]


def from_json(pairs: Iterable[Iterable[Any]]) -> Headers:
    """Return the headers of `to_json`. A header without a value becomes an empty one."""
    return [(name, _as_bytes(value)) for name, value in pairs]


def _as_json(value: bytes | None) -> Any:
    if value is None:
        return None
    try:
        as_text = value.decode()
    except UnicodeDecodeError:
        as_text = "\0"
    return {"base64": base64.b64encode(value).decode()} if "\0" in as_text else as_text


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    return b"" if value is None else str(value).encode()
