"""Record headers: CloudEvents attributes, trace context, and what retries carry (x-*)."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Final

from schemas.events import Event, record_name
from schemas.plan import PRIORITIES

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
TAKEN_AT: Final = "x-taken-at"  # microseconds since 1970 UTC: when a worker took up the cause, at its first attempt
PARKED_BEHIND: Final = "x-parked-behind"  # id of the record that this one waits for
REPLAY: Final = "x-replay"  # how often it was replayed as a dead letter
GIVEN_UP_BY: Final = "x-given-up-by"
GIVEN_UP_REASON: Final = "x-given-up-reason"
CORRELATION: Final = "ce_correlationid"  # the plan
CAUSATION: Final = "ce_causationid"  # the request, or the event, that this one follows from
TRACEPARENT: Final = "traceparent"
SIGNATURE: Final = "ce_signature"  # of the event: topic, key, type, priority and value; copies keep it
SEAL: Final = "x-seal"  # of a copy: what is signed of an event, and all of its x-* headers

#: Says how large a value was that is not carried, because no broker would take it with its key and headers.
VALUE_OMITTED: Final = "x-value-omitted"
#: Says how large a key was of which only the beginning is carried.
KEY_OMITTED: Final = "x-key-omitted"
#: Bytes of a value with its key and headers that are carried in retries and dead letters; brokers take 1 MiB.
VALUE_LIMIT: Final = 960_000
#: Bytes of a key that are carried; our own have 36. Of a larger one, so many: more than NAME_LIMIT characters can have,
#: so whoever names records by their keys finds the copy under the same name.
KEY_LIMIT: Final = 16_384
KEY_KEPT: Final = 1024
#: Bytes of all headers of a copy; ours are a tenth of it. Beyond, each is cut to MESSAGE_LIMIT and only so many go.
HEADERS_LIMIT: Final = 64_000
#: Bytes of the message of an error, and of a foreign header where there are too many.
MESSAGE_LIMIT: Final = 1024
HEADERS_MOST: Final = 48
#: Bytes around a header and around a record at most: lengths, times, the frame of a batch.
_HEADER_FRAME: Final = 6
_RECORD_FRAME: Final = 128

#: Characters of a name (topic, group, key) that goes into an index; Kafka's own limit for topics.
NAME_LIMIT: Final = 249

#: The lane of a record that says nothing of its priority: written by an older version, or by somebody else.
DEFAULT_LANE: Final = "normal"
#: Events that begin work for a plan; others have no priority, or one of their own.
_WITH_PRIORITY: Final = frozenset({"plan.uploaded", "plan.approved", "analysis.requested"})
_SPEC: Final = ("ce_specversion", b"1.0")
_CONTENT: Final = ("content-type", b"application/avro")
#: Headers of events, and what each says: what `for_event` makes, and what is put to it. All are text.
OF_EVENTS: Final[Mapping[str, str]] = {
    "ce_specversion": "1.0",
    "content-type": "application/avro",
    "ce_id": "The event's id. It derives from the cause: the same event twice has the same one.",
    TYPE: "The type, as the message is called here.",
    "ce_source": "Who did it.",
    "ce_subject": "The stream.",
    "ce_time": "When it happened, RFC 3339.",
    "ce_dataschema": "The full name of the Avro record.",
    "ce_sequence": "The version: the number of the event in its stream, from 1.",
    CORRELATION: "The plan.",
    CAUSATION: "The request, or the event, that it follows from.",
    "ce_partitionkey": "The key.",
    PRIORITY: "The plan's: high, normal or low. Of events that begin work for it.",
    SIGNATURE: "Who wrote it, where events are signed.",
    TRACEPARENT: "The trace, as W3C Trace Context has it.",
    TAKEN_AT: "When a worker took up the approval, in microseconds since 1970 UTC. Of plan.phase1.created.",
}


def for_event(event: Event, traceparent: str | None) -> Headers:
    """Return CloudEvents binary-mode headers for an event (https://cloudevents.io, Kafka protocol binding 1.0)."""
    correlation = event.correlation_id.encode()
    type_, schema = _of_type(event.type)
    headers: Headers = [
        _SPEC,
        _CONTENT,
        ("ce_id", event.event_id.encode()),
        type_,
        ("ce_source", event.actor.encode()),
        ("ce_subject", event.stream.encode()),
        ("ce_time", _time(event.occurred_at)),
        schema,
        ("ce_sequence", b"%d" % event.version),
        (CORRELATION, correlation),
        (CAUSATION, event.causation_id.encode()),
        ("ce_partitionkey", correlation),
    ]
    if event.type in _WITH_PRIORITY:
        headers.append((PRIORITY, str(event.data.get("priority", "normal")).encode()))
    if traceparent:
        headers.append((TRACEPARENT, traceparent.encode()))
    return headers


@cache
def _of_type(type_: str) -> tuple[tuple[str, bytes], tuple[str, bytes]]:
    return (TYPE, type_.encode()), ("ce_dataschema", record_name(type_).encode())


@lru_cache(maxsize=1024)
def _time(micros: int) -> bytes:
    return rfc3339(micros).encode()


def size_of(key: bytes | None, value: bytes | None, headers: Headers) -> int:
    """Return the size of a record for a broker, at most: key, value, headers and their framing."""
    return _RECORD_FRAME + len(key or b"") + len(value or b"") + sum(map(_size, headers))


def portable(key: bytes | None, value: bytes | None, headers: Headers) -> tuple[bytes | None, bytes | None, Headers]:
    """Return key, value and headers of a copy within the limits of a broker.

    A record without key and value gets an empty value. A value that is too large with the rest is left out, and said
    to be; of a key that is too large the beginning stays: the original stays where the x-orig-* headers say. Foreign
    headers that are too large go, too.
    """
    if key is None and value is None:
        value = b""
    # of almost all records it is plain that they are small: a character of a name has four bytes at most
    most = 4 * len("".join([name for name, _ in headers])) + len(b"".join([content or b"" for _, content in headers]))
    most += _HEADER_FRAME * len(headers) + len(value or b"")
    if most <= HEADERS_LIMIT and len(key or b"") <= KEY_LIMIT:
        return key, value, headers
    if sum(map(_size, headers)) > HEADERS_LIMIT:
        kept = [header for header in headers if header[0].startswith(("x-", "ce_"))]
        kept = [(name, (content or b"")[:MESSAGE_LIMIT]) for name, content in kept if len(name) <= NAME_LIMIT]
        # x-* first: they say where the original is, and those of a stranger were taken off
        headers = sorted(kept, key=lambda header: not header[0].startswith("x-"))[:HEADERS_MOST]
    if key is not None and len(key) > KEY_LIMIT:
        headers = [*headers, (KEY_OMITTED, f"{len(key)} bytes".encode())]
        key = key[:KEY_KEPT]
    if value and size_of(key, value, headers) > VALUE_LIMIT:
        return key, b"", [*headers, (VALUE_OMITTED, f"{len(value)} bytes".encode())]
    return key, value, headers


def _size(header: tuple[str, bytes]) -> int:
    name, content = header
    return len(name.encode()) + len(content or b"") + _HEADER_FRAME


def rfc3339(micros: int) -> str:
    """Return microseconds since 1970 UTC as an RFC 3339 time."""
    return datetime.fromtimestamp(micros / 1_000_000, UTC).isoformat(timespec="microseconds")


def text(headers: Iterable[tuple[str, bytes | None]] | Mapping[str, bytes], name: str) -> str | None:
    """Return the last header of that name as text, None where there is none."""
    found: bytes | None = None
    if isinstance(headers, Mapping):
        found = headers.get(name)
    else:
        for key, value in headers:
            if key == name and value is not None:
                found = value
    return None if found is None else found.decode("utf-8", "replace")


def raw(headers: Iterable[tuple[str, bytes | None]], name: str) -> bytes | None:
    """Return the last header of that name as it is, None where there is none."""
    found: bytes | None = None
    for key, value in headers:
        if key == name and value is not None:
            found = value
    return found


def storable(name: str) -> str:
    """Return a name as a database can store and index it: without NUL, and not too long."""
    return name.replace("\0", "\ufffd")[:NAME_LIMIT]


def storable_text(text: str) -> str:
    """Return text that a database can store: without NUL and lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def lane_of(headers: Iterable[tuple[str, bytes | None]], known: str | None = None) -> str:
    """Return the lane of a record, one of PRIORITIES: the priority that it says, else `known`, else the default."""
    said = text(headers, PRIORITY) or known
    return said if said in PRIORITIES else DEFAULT_LANE


def number(headers: Iterable[tuple[str, bytes | None]] | Mapping[str, bytes], name: str, default: int = 0) -> int:
    """Return a header as a whole number not below zero; the default where it is missing or no such number."""
    found = text(headers, name)
    return int(found) if found is not None and found.isascii() and found.isdigit() and len(found) < 19 else default


def to_json(headers: Iterable[tuple[str, bytes | None]]) -> list[list[Any]]:
    """Return headers as JSON data that `from_json` turns back into the same bytes.

    Each is [name, text], or [name, {"base64": "..."}] where its bytes are no text that a database can store. A NUL in a
    name, which it cannot store either, is replaced.
    """
    return [[name.replace("\0", "\ufffd"), _as_json(value)] for name, value in headers]


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
