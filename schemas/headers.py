"""Record headers: CloudEvents attributes, trace context, and what retries carry (x-*)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

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
