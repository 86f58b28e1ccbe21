"""Dead letters: each record that could not be handled, and what people did about it. Pure.

Letters and actions come from different topics, in any order: each fills its own columns, and the state follows from
both.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, assert_never
from uuid import UUID

import orjson

from projections.dead_letters.rows import DeadLetterActedRow, DeadLetterCameRow, dead_letter_acted, dead_letter_came
from projections.rows import Recorded, Row, at
from schemas import dead_letters
from schemas import headers as h
from schemas.events import Event
from schemas.typed.deadletter import DeadletterDiscarded, DeadletterEdited, DeadletterReplayed
from schemas.typed.unions import SystemEvent
from schemas.wire import as_record

#: What differs from one occurrence of a cause to the next. A minus that joins nothing is a part of its number.
_VARIABLE: Final = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|0x[0-9a-f]+|\b[0-9a-f]{16,}\b|(?<![^\s(\[{:=,])-\d+|\d+", re.IGNORECASE
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


def project_letter(letter: Letter) -> tuple[Row, ...]:
    """Return the row of a dead letter."""
    said = dead_letters.read(letter.topic, letter.partition, letter.offset, letter.headers)
    key = (letter.key or b"").decode("utf-8", "replace").replace("\0", "\ufffd")
    type_ = letter.event.type if letter.event else said.type
    data = None if letter.event is None else orjson.dumps(as_record(letter.event)).decode().replace("\\u0000", "\ufffd")
    values: DeadLetterCameRow = {
        "record_id": said.record_id,
        "grp": said.group,
        "orig_topic": said.topic,
        "orig_partition": said.partition,
        "orig_offset": said.offset,
        "key": key,
        "plan_id": _uuid(letter.event.correlation_id if letter.event else key),
        "type": type_,
        "value": letter.value,
        "headers": orjson.dumps(h.to_json(letter.headers)).decode(),
        "data": data,
        "code": said.code,
        "error_class": said.error_class,
        "message": said.message,
        "stack": said.stack,
        "fingerprint": fingerprint(said.code, said.error_class, type_, said.message),
        "attempts": said.attempt,
        "trace_id": letter.trace_id,
        "first_failed_at": _time(said.first_failed_ms) or letter.recorded_at,
        "last_failed_at": _time(said.last_failed_ms) or letter.recorded_at,
        "given_up_by": said.given_up_by,
        "given_up_reason": said.given_up_reason,
        "dead_at": letter.recorded_at,
        "replay": said.replay,
        "dlq_topic": letter.topic,
        "dlq_partition": letter.partition,
        "dlq_offset": letter.offset,
    }
    return (dead_letter_came(said.record_id, said.replay, values),)


def _time(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)


def project(recorded: Recorded[SystemEvent]) -> tuple[Row, ...]:
    """Return the row that an action on a dead letter changes."""
    e = recorded.event
    match e.type:
        case "deadletter.replayed":
            return (_acted(e, replays=e.data["replay"], replayed_version=e.version),)
        case "deadletter.discarded":
            return (_acted(e, discarded_version=e.version, reason=e.data["reason"]),)
        case "deadletter.edited":
            return (_acted(e, edits=e.version, reason=e.data["reason"]),)
        case (
            "breaker.opened"
            | "breaker.half_opened"
            | "breaker.closed"
            | "command.audited"
            | "worker.started"
            | "worker.stopped"
            | "alert.opened"
            | "alert.worsened"
            | "alert.acknowledged"
            | "alert.silenced"
            | "alert.escalated"
            | "alert.resolved"
        ):
            return ()
        case _:
            assert_never(e.type)


def _acted(
    e: DeadletterReplayed | DeadletterDiscarded | DeadletterEdited,
    *,
    replays: int | None = None,
    replayed_version: int | None = None,
    discarded_version: int | None = None,
    edits: int | None = None,
    reason: str = "",
) -> Row:
    values: DeadLetterActedRow = {
        "record_id": e.data["record_id"],
        "version": e.version,
        "replays": replays,
        "replayed_version": replayed_version,
        "discarded_version": discarded_version,
        "edits": edits,
        "reason": reason,
        "acted_by": e.actor,
        "acted_at": at(e.occurred_at),
    }
    return dead_letter_acted(e.data["record_id"], e.version, values)


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
