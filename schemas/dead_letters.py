"""The headers of a record that could not be handled: while it waits for another attempt, and as a dead letter.

This is wire contract, written and read here: agents, analysis and projections make letters, the projections read them.
What a person gives up or replays is written by the database, with the same names.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemas import headers as h
from schemas.headers import Headers
from schemas.wire import Undecodable

STACK_LIMIT: Final = 8192
#: The end of the year 9999, where calendars end.
TIME_LIMIT_MS: Final = 253_402_300_799_000
#: What is known of the last failure: it stays while the record waits for something else.
_FAILURE: Final = (
    h.FIRST_FAILED_AT,
    h.LAST_FAILED_AT,
    h.ERROR_CLASS,
    h.ERROR_CODE,
    h.ERROR_MESSAGE,
    h.ERROR_RETRYABLE,
    h.FAILED_SPAN,
)


@dataclass(frozen=True, slots=True)
class Source:
    """The group that reads a record, and its place. `said`: an earlier failure by the record's own headers."""

    group: str
    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    said: Mapping[str, bytes]


def code_of(error: BaseException) -> str:
    """Return the stable cause of an error."""
    return error.code if isinstance(error, Undecodable) else type(error).__name__


def without_code(message: str, code: str) -> str:
    """Return a message without the code before it, however often it stands there: readers see it beside."""
    text = message.strip()
    while code and text.startswith(code) and text[len(code) : len(code) + 1] in ("", ":"):
        text = text[len(code) :].removeprefix(":").strip()
    return text


def kept_back(source: Source, headers: Headers, *, attempt: int, max_attempts: int) -> Headers:
    """Return the headers of a record that comes again: its own, its origin, and its count of attempts.

    One that was kept back or replayed before says its origin itself, and that stays.
    """
    said = source.said
    topic, partition, offset = origin(said, source.topic, source.partition, source.offset)
    carried = [(name, value) for name, value in headers if not name.startswith("x-")]
    carried += [
        (h.ATTEMPT, str(attempt).encode()),
        (h.MAX_ATTEMPTS, str(max_attempts).encode()),
        (h.GROUP, source.group.encode()),
        (h.ORIG_TOPIC, topic.encode()),
        (h.ORIG_PARTITION, str(partition).encode()),
        (h.ORIG_OFFSET, str(offset).encode()),
        (h.ORIG_TIMESTAMP, said.get(h.ORIG_TIMESTAMP, str(source.timestamp_ms).encode())),
    ]
    if h.REPLAY in said:
        carried.append((h.REPLAY, said[h.REPLAY]))
    return carried


def earlier_failure(said: Mapping[str, bytes]) -> Headers:
    """Return the headers about the failure of an earlier attempt."""
    return [(name, said[name]) for name in _FAILURE if name in said]


def failure(
    said: Mapping[str, bytes], error: BaseException, *, now_ms: int, retryable: bool, span: str | None
) -> Headers:
    """Return the headers about a failure. `span` is the trace context of the attempt: the next one is linked to it."""
    now = str(now_ms).encode()
    headers: Headers = [
        (h.FIRST_FAILED_AT, said.get(h.FIRST_FAILED_AT, now)),
        (h.LAST_FAILED_AT, now),
        (h.ERROR_CLASS, type(error).__name__.encode()),
        (h.ERROR_CODE, code_of(error).encode()),
        (h.ERROR_MESSAGE, str(error).encode("utf-8", "replace")[: h.MESSAGE_LIMIT]),
        (h.ERROR_RETRYABLE, b"true" if retryable else b"false"),
    ]
    if span is not None:
        headers.append((h.FAILED_SPAN, span.encode()))
    return headers


def dead_letter(  # noqa: PLR0913 - a header each, named at the call
    source: Source,
    headers: Headers,
    error: BaseException,
    *,
    attempt: int,
    max_attempts: int,
    now_ms: int,
    retryable: bool,
    span: str | None,
) -> Headers:
    """Return the headers of a dead letter. `attempt` counts the one that has just failed."""
    stack = "".join(traceback.format_exception(error))
    return [
        *kept_back(source, headers, attempt=attempt, max_attempts=max_attempts),
        *failure(source.said, error, now_ms=now_ms, retryable=retryable, span=span),
        (h.ERROR_STACK, stack.encode("utf-8", "replace")[-STACK_LIMIT:]),
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """The headers of a dead letter as text that a database can store. Times are None if missing."""

    group: str
    topic: str
    partition: int
    offset: int
    replay: int
    attempt: int
    type: str
    code: str
    error_class: str
    message: str
    stack: str
    first_failed_ms: int | None
    last_failed_ms: int | None
    given_up_by: str
    given_up_reason: str

    @property
    def record_id(self) -> str:
        """Return the id that the record keeps through all retries and replays."""
        return record_id(self.group, self.topic, self.partition, self.offset)


def read(topic: str, partition: int, offset: int, headers: Headers) -> Said:
    """Read a record of a dead-letter topic; damaged headers give defaults.

    One that does not say where it first came, first came there.
    """
    said = by_name(headers)

    def text(name: str) -> str:
        return (h.text(said, name) or "").replace("\0", "\ufffd")

    def time_ms(name: str) -> int | None:
        ms = h.number(said, name)
        return ms if 0 < ms < TIME_LIMIT_MS else None

    return Said(
        h.storable(text(h.GROUP)),
        *origin(said, topic, partition, offset),
        replay=small(h.number(said, h.REPLAY)),
        attempt=max(1, small(h.number(said, h.ATTEMPT, 1))),
        type=text(h.TYPE),
        code=text(h.ERROR_CODE),
        error_class=text(h.ERROR_CLASS),
        message=text(h.ERROR_MESSAGE),
        stack=text(h.ERROR_STACK),
        first_failed_ms=time_ms(h.FIRST_FAILED_AT),
        last_failed_ms=time_ms(h.LAST_FAILED_AT),
        given_up_by=text(h.GIVEN_UP_BY),
        given_up_reason=text(h.GIVEN_UP_REASON),
    )


def by_name(headers: Headers) -> dict[str, bytes]:
    """Return name -> value. The last of a name counts; one without a value does not."""
    return {name: value for name, value in headers if value is not None}


def origin(said: Mapping[str, bytes], topic: str, partition: int, offset: int) -> tuple[str, int, int]:
    """Return where a record first came: as it says itself, or else where it is."""
    first = h.text(said, h.ORIG_TOPIC)
    if not first:
        return topic, partition, offset
    return h.storable(first), small(h.number(said, h.ORIG_PARTITION)), h.number(said, h.ORIG_OFFSET)


def record_id(group: str, topic: str, partition: int, offset: int) -> str:
    """Return the id of a record for a group: by it letters, waiting records and what people do about them are found."""
    return f"{group}|{topic}|{partition}|{offset}"


def small(number: int) -> int:
    """Return a number as a database's integer holds it."""
    return min(number, 2**31 - 1)
