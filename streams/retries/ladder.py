"""What becomes of a record that could not be handled: the ladder of delay topics, then the dead-letter topic. Pure."""

from __future__ import annotations

import random
import traceback
from dataclasses import dataclass, field
from typing import Final

from schemas import headers as h
from schemas.headers import Headers
from schemas.topics import AGENTS, AGENTS_DLQ, RETRY_TIERS
from schemas.wire import Undecodable
from streams.broker.records import Incoming, Outgoing
from streams.retries.order import Parked, generation

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
    record: Incoming,
    error: BaseException,
    *,
    now_ms: int,
    ladder: Ladder,
    group: str = AGENTS,
    span: str | None = None,
    wait_s: float | None = None,
) -> Outgoing:
    """Return where the record goes now: the next tier, or the dead letters.

    Key, value, ce_* and traceparent stay as they are; x-* headers say what happened. `span` is the trace context of the
    attempt that failed, `wait_s` how long a server has asked us to wait: it goes to a tier that is no shorter, as far
    as there is one.
    """
    attempt = generation(record)[1] + 1
    again = is_retryable(error) and attempt <= ladder.max_attempts
    carried = _carried(record, attempt, ladder, group)
    carried += [
        (h.FIRST_FAILED_AT, _kept(record, h.FIRST_FAILED_AT, now_ms)),
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
    return Outgoing(topic, record.key, record.value, carried)


def postponed(record: Incoming, *, now_ms: int, ladder: Ladder, group: str = AGENTS) -> Outgoing:
    """Return the record for the second tier (the last one where there is one only). It keeps its number of attempts."""
    step = min(2, ladder.max_attempts)
    carried = [
        *_carried(record, generation(record)[1], ladder, group),
        *_errors(record),
        (h.NEXT_ATTEMPT_AT, str(now_ms + ladder.delay_ms(step)).encode()),
    ]
    return Outgoing(ladder.tiers[step - 1][0], record.key, record.value, carried)


def parked_behind(record: Incoming, head: Parked, *, now_ms: int, ladder: Ladder, group: str = AGENTS) -> Outgoing:
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
        *_carried(record, generation(record)[1], ladder, group),
        *_errors(record),
        (h.PARKED_BEHIND, head.record_id.encode()),
        (h.NEXT_ATTEMPT_AT, str(due).encode()),
    ]
    return Outgoing(topic, record.key, record.value, carried)


def _carried(record: Incoming, attempt: int, ladder: Ladder, group: str) -> Headers:
    """Return what every kept-back record carries."""
    carried: Headers = [(k, v) for k, v in record.headers if not k.startswith("x-")]
    carried += [
        (h.ATTEMPT, str(attempt).encode()),
        (h.MAX_ATTEMPTS, str(ladder.max_attempts).encode()),
        (h.GROUP, group.encode()),
        (h.ORIG_TOPIC, _kept(record, h.ORIG_TOPIC, record.topic)),
        (h.ORIG_PARTITION, _kept(record, h.ORIG_PARTITION, record.partition)),
        (h.ORIG_OFFSET, _kept(record, h.ORIG_OFFSET, record.offset)),
        (h.ORIG_TIMESTAMP, _kept(record, h.ORIG_TIMESTAMP, record.timestamp_ms)),
    ]
    replay = record.header(h.REPLAY)
    if replay is not None:
        carried.append((h.REPLAY, replay.encode()))
    return carried


def _errors(record: Incoming) -> Headers:
    """Return what is known of a failure of an earlier attempt."""
    return [(name, value.encode()) for name in _ERROR if (value := record.header(name)) is not None]


def _kept(record: Incoming, name: str, first: object) -> bytes:
    """Return what the first failure wrote, or what it writes now."""
    seen = record.header(name)
    return (str(first) if seen is None else seen).encode()
