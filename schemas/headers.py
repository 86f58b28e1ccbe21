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
PRIORITY: Final = "ce_priority"  # the plan's: high, normal or low
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
FAILED_SPAN: Final = "x-failed-span"  # trace context of the attempt that failed last: the next one is linked to it
PARKED_BEHIND: Final = "x-parked-behind"  # id of the record that this one waits for
REPLAY: Final = "x-replay"  # how often it was replayed as a dead letter
GIVEN_UP_BY: Final = "x-given-up-by"
GIVEN_UP_REASON: Final = "x-given-up-reason"
TRACEPARENT: Final = "traceparent"

#: Says how large a value was that is not carried, because no broker would take it with its headers.
VALUE_OMITTED: Final = "x-value-omitted"
#: Bytes of a value that are carried in retries and dead letters; brokers take 1 MiB with all headers.
VALUE_LIMIT: Final = 960_000
#: Bytes of all headers of a copy; ours are a tenth of it. Beyond, each is cut to MESSAGE_LIMIT and only so many go.
HEADERS_LIMIT: Final = 64_000
MESSAGE_LIMIT: Final = 1024
HEADERS_MOST: Final = 48

#: Characters of a name (topic, group, key) that goes into an index; Kafka's own limit for topics.
NAME_LIMIT: Final = 249

#: Events that begin work for a plan; others have no priority, or one of their own.
_WITH_PRIORITY: Final = frozenset({"plan.uploaded", "plan.approved", "analysis.requested"})
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
    if event.type in _WITH_PRIORITY:
        headers.append((PRIORITY, str(event.data.get("priority", "normal")).encode()))
    if traceparent:
        headers.append((TRACEPARENT, traceparent.encode()))
    return headers


def portable(key: bytes | None, value: bytes | None, headers: Headers) -> tuple[bytes | None, Headers]:
    """Return value and headers of a copy as a broker takes them, whatever somebody has sent.

    A record without key and value gets an empty value. A value that is too large with its headers is left out, and said
    to be: the original stays where the x-orig-* headers say. Foreign headers that are too large go, too.
    """
    if value is None:
        return (b"" if key is None else None), headers
    size = sum(len(name) + len(content or b"") for name, content in headers)
    if size > HEADERS_LIMIT:
        headers = [(name, content) for name, content in headers if name.startswith(("x-", "ce_"))]
        headers = [(name, (content or b"")[:MESSAGE_LIMIT]) for name, content in headers][:HEADERS_MOST]
        size = sum(len(name) + len(content) for name, content in headers)
    if len(value) + size > VALUE_LIMIT:
        return b"", [*headers, (VALUE_OMITTED, f"{len(value)} bytes".encode())]
    return value, headers


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


def storable(name: str) -> str:
    """Return a name as a database can hold and index it, whatever somebody wrote into a header."""
    return name.replace("\0", "\ufffd")[:NAME_LIMIT]


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
