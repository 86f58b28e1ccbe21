"""What becomes of a record that could not be handled: the ladder of delay topics, then the dead-letter topic. Pure."""

from __future__ import annotations

import random
import traceback
from dataclasses import dataclass, field
from typing import Final

from schemas import headers as h
from schemas.headers import Headers
from schemas.topics import AGENTS_DLQ, RETRY_TIERS
from schemas.wire import Undecodable
from streams.broker.records import Outgoing
from streams.retries.arrival import Arrival
from streams.retries.order import Parked

MESSAGE_LIMIT: Final = 1024
STACK_LIMIT: Final = 8192
_ERROR: Final = (
    h.FIRST_FAILED_AT,
    h.LAST_FAILED_AT,
    h.ERROR_CLASS,
    h.ERROR_CODE,
    h.ERROR_MESSAGE,
    h.ERROR_RETRYABLE,
    h.FAILED_SPAN,
)


class Postponed(Exception):  # noqa: N818 - not an error
    """Raised where work cannot be done now through no fault of its own, as when a circuit breaker is open.

    The record waits and comes again; no attempt is counted.
    """


@dataclass(frozen=True, slots=True)
class Ladder:
    """The tiers of a retry: (topic, delay in seconds). `jitter` is the share of a delay that is drawn at random.

    Within a tier the delay is constant up to the jitter; due times are made to rise by the pump, which waits for the
    head of a partition only.
    """

    tiers: tuple[tuple[str, float], ...] = RETRY_TIERS
    jitter: float = 0.1
    random: random.Random = field(default_factory=random.Random)

    @property
    def max_attempts(self) -> int:
        return len(self.tiers)

    def step(self, attempt: int, wait_s: float) -> int:
        """Return the tier (from 1) of the attempt-th retry, where it is to wait for `wait_s` at least."""
        longer = (n for n, (_, delay) in enumerate(self.tiers, start=1) if n >= attempt and delay >= wait_s)
        return next(longer, len(self.tiers))

    def delay_ms(self, step: int) -> int:
        """Return how long a record waits in a tier (from 1), in milliseconds: never less than the tier says."""
        base = self.tiers[step - 1][1] * 1000
        return int(base * (1 + self.jitter * self.random.random()))


def ladder_of(delays: tuple[float, ...], jitter: float) -> Ladder:
    """Return the ladder of the declared topics with other delays (seconds), one for each topic."""
    return Ladder(tuple((topic, delay) for (topic, _), delay in zip(RETRY_TIERS, delays, strict=True)), jitter)


def is_retryable(error: BaseException) -> bool:
    """Return whether another attempt can help. Bytes that nobody can read will not read better later."""
    return not isinstance(error, Undecodable)


def code_of(error: BaseException) -> str:
    """Return the stable cause of an error."""
    return error.code if isinstance(error, Undecodable) else type(error).__name__


def after_failure(
    arrival: Arrival,
    error: BaseException,
    *,
    now_ms: int,
    ladder: Ladder,
    span: str | None = None,
    wait_s: float | None = None,
) -> Outgoing:
    """Return where the record goes now: the next tier, or the dead letters.

    Key, value, ce_* and traceparent stay as they are; x-* headers say what happened. `span` is the trace context of the
    attempt that failed, `wait_s` how long a server has asked us to wait: it goes to a tier that is no shorter, as far
    as there is one.
    """
    attempt = arrival.attempt + 1
    again = is_retryable(error) and attempt <= ladder.max_attempts
    carried = _carried(arrival, attempt, ladder)
    carried += [
        (h.FIRST_FAILED_AT, _kept(arrival, h.FIRST_FAILED_AT, now_ms)),
        (h.LAST_FAILED_AT, str(now_ms).encode()),
        (h.ERROR_CLASS, type(error).__name__.encode()),
        (h.ERROR_CODE, code_of(error).encode()),
        (h.ERROR_MESSAGE, str(error).encode("utf-8", "replace")[:MESSAGE_LIMIT]),
        (h.ERROR_RETRYABLE, b"true" if is_retryable(error) else b"false"),
    ]
    if span is not None:
        carried.append((h.FAILED_SPAN, span.encode()))
    if again:
        step = ladder.step(attempt, wait_s or 0.0)
        topic = ladder.tiers[step - 1][0]
        carried.append((h.NEXT_ATTEMPT_AT, str(now_ms + ladder.delay_ms(step)).encode()))
    else:
        topic = AGENTS_DLQ
        stack = "".join(traceback.format_exception(error))
        carried.append((h.ERROR_STACK, stack.encode("utf-8", "replace")[-STACK_LIMIT:]))
    return Outgoing(topic, arrival.record.key, arrival.record.value, carried)


def postponed(arrival: Arrival, *, now_ms: int, ladder: Ladder) -> Outgoing:
    """Return the record for the second tier (the last one where there is one only). It keeps its number of attempts."""
    step = min(2, ladder.max_attempts)
    carried = [
        *_carried(arrival, arrival.attempt, ladder),
        *_errors(arrival),
        (h.NEXT_ATTEMPT_AT, str(now_ms + ladder.delay_ms(step)).encode()),
    ]
    return Outgoing(ladder.tiers[step - 1][0], arrival.record.key, arrival.record.value, carried)


def parked_behind(arrival: Arrival, head: Parked, *, now_ms: int, ladder: Ladder) -> Outgoing:
    """Return the record for the tier in which `head` waits: the same key, so it comes back after it.

    Where the head is on its way back already, the record waits one step of the first tier. It keeps its number of
    attempts.
    """
    topics = [topic for topic, _ in ladder.tiers]
    if head.due_ms > now_ms and head.tier in topics:
        topic, due = head.tier, head.due_ms
    else:
        topic, due = topics[0], now_ms + ladder.delay_ms(1)
    carried = [
        *_carried(arrival, arrival.attempt, ladder),
        *_errors(arrival),
        (h.PARKED_BEHIND, head.record_id.encode()),
        (h.NEXT_ATTEMPT_AT, str(due).encode()),
    ]
    return Outgoing(topic, arrival.record.key, arrival.record.value, carried)


def _carried(arrival: Arrival, attempt: int, ladder: Ladder) -> Headers:
    """Return what every kept-back record carries."""
    record = arrival.record
    carried: Headers = [(k, v) for k, v in record.headers if not k.startswith("x-")]
    carried += [
        (h.ATTEMPT, str(attempt).encode()),
        (h.MAX_ATTEMPTS, str(ladder.max_attempts).encode()),
        (h.GROUP, arrival.group.encode()),
        (h.ORIG_TOPIC, _kept(arrival, h.ORIG_TOPIC, record.topic)),
        (h.ORIG_PARTITION, _kept(arrival, h.ORIG_PARTITION, record.partition)),
        (h.ORIG_OFFSET, _kept(arrival, h.ORIG_OFFSET, record.offset)),
        (h.ORIG_TIMESTAMP, _kept(arrival, h.ORIG_TIMESTAMP, record.timestamp_ms)),
    ]
    replay = arrival.header(h.REPLAY)
    if replay is not None:
        carried.append((h.REPLAY, replay.encode()))
    return carried


def _errors(arrival: Arrival) -> Headers:
    """Return what is known of a failure of an earlier attempt."""
    return [(name, value.encode()) for name in _ERROR if (value := arrival.header(name)) is not None]


def _kept(arrival: Arrival, name: str, first: object) -> bytes:
    """Return what the first failure wrote, or what it writes now."""
    seen = arrival.header(name)
    return (str(first) if seen is None else seen).encode()
