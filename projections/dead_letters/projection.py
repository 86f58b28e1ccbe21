"""Dead letters: each record that could not be handled, and what people did about it. Pure.

Letters and actions come from different topics, in any order: each fills its own columns, and the state follows from
both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from projections.rows import Recorded, Row, at
from schemas import headers as h
from schemas.events import Event
from schemas.wire import as_record

#: What differs from one occurrence of a cause to the next.
_VARIABLE: Final = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|0x[0-9a-f]+|\b[0-9a-f]{16,}\b|\d+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A record of a dead-letter topic. `event` is None where nobody can read it; `recorded_at` is its timestamp."""

    topic: str
    partition: int
    offset: int
    recorded_at: datetime
    key: bytes | None
    value: bytes | None
    headers: h.Headers
    event: Event | None
    trace_id: str | None


def fingerprint(code: str, error_class: str, type_: str, message: str) -> str:
    """Return the same 12 hex digits for the same cause: ids and numbers in the message do not count."""
    said = _VARIABLE.sub("#", message)[:300]
    return hashlib.sha256(f"{code}|{error_class}|{type_}|{said}".encode()).hexdigest()[:12]


def letter_id(topic: str, headers: h.Headers) -> str:
    """Return the id of a record of a dead-letter topic: who could not handle it, and where it first came."""

    def said(name: str) -> str:
        return (h.text(headers, name) or "").replace("\0", "\ufffd")

    partition = min(h.number(headers, h.ORIG_PARTITION), 2**31 - 1)
    offset = h.number(headers, h.ORIG_OFFSET)
    return f"{h.storable(said(h.GROUP))}|{h.storable(said(h.ORIG_TOPIC)) or topic}|{partition}|{offset}"


def project_letter(letter: Letter) -> Iterable[Row]:
    """Yield the row of a dead letter."""

    def said(name: str) -> str:
        return (h.text(letter.headers, name) or "").replace("\0", "\ufffd")

    def time_of(name: str) -> datetime:
        ms = h.number(letter.headers, name)
        return datetime.fromtimestamp(ms / 1000, UTC) if 0 < ms < 253_402_300_799_000 else letter.recorded_at

    topic = h.storable(said(h.ORIG_TOPIC)) or letter.topic
    partition = min(h.number(letter.headers, h.ORIG_PARTITION), 2**31 - 1)
    offset = h.number(letter.headers, h.ORIG_OFFSET)
    group = h.storable(said(h.GROUP))
    record_id = letter_id(letter.topic, letter.headers)
    key = (letter.key or b"").decode("utf-8", "replace").replace("\0", "\ufffd")
    type_ = letter.event.type if letter.event else said(h.TYPE)
    replay = min(h.number(letter.headers, h.REPLAY), 2**31 - 1)
    data = None if letter.event is None else orjson.dumps(as_record(letter.event)).decode().replace("\\u0000", "\ufffd")
    yield Row(
        "dead_letter_came",
        record_id,
        replay,
        (
            record_id,
            group,
            topic,
            partition,
            offset,
            key,
            _uuid(letter.event.correlation_id if letter.event else key),
            type_,
            letter.value,
            orjson.dumps(h.to_json(letter.headers)).decode(),
            data,
            said(h.ERROR_CODE),
            said(h.ERROR_CLASS),
            said(h.ERROR_MESSAGE),
            said(h.ERROR_STACK),
            fingerprint(said(h.ERROR_CODE), said(h.ERROR_CLASS), type_, said(h.ERROR_MESSAGE)),
            max(1, min(h.number(letter.headers, h.ATTEMPT, 1), 2**31 - 1)),
            letter.trace_id,
            time_of(h.FIRST_FAILED_AT),
            time_of(h.LAST_FAILED_AT),
            said(h.GIVEN_UP_BY),
            said(h.GIVEN_UP_REASON),
            letter.recorded_at,
            replay,
            letter.topic,
            letter.partition,
            letter.offset,
        ),
    )


def project(recorded: Recorded) -> Iterable[Row]:
    """Yield the row that an action on a dead letter changes; null says nothing new."""
    e = recorded.event
    d = e.data
    replayed, discarded, edited = (e.type == f"deadletter.{what}" for what in ("replayed", "discarded", "edited"))
    if not (replayed or discarded or edited):
        return
    values: tuple[Any, ...] = (
        d["record_id"],
        e.version,
        d["replay"] if replayed else None,
        e.version if replayed else None,
        e.version if discarded else None,
        e.version if edited else None,
        d.get("reason", ""),
        e.actor,
        at(e.occurred_at),
    )
    yield Row("dead_letter_acted", d["record_id"], e.version, values)


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
