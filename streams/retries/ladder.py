"""Where a failed record goes: the next delay topic, then the dead-letter topic. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from schemas import dead_letters
from schemas import headers as h
from schemas.headers import Headers
from schemas.topics import AGENTS_DLQ, RETRY_TIERS
from schemas.wire import Undecodable
from streams.broker.records import Outgoing
from streams.retries.arrival import Arrival
from streams.retries.order import Parked


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

    @property
    def postponed_tier(self) -> int:
        """The tier (from 1) of what is put off without an attempt: the second, or the only one."""
        return min(2, self.max_attempts)

    def tier(self, attempt: int, wait_s: float) -> int:
        """Return the tier (from 1) of the attempt-th retry, where it is to wait for `wait_s` at least."""
        longer = (n for n, (_, delay) in enumerate(self.tiers, start=1) if n >= attempt and delay >= wait_s)
        return next(longer, len(self.tiers))

    def delay_ms(self, tier: int) -> int:
        """Return how long a record waits in a tier (from 1), in milliseconds: never less than the tier says."""
        base = self.tiers[tier - 1][1] * 1000
        return int(base * (1 + self.jitter * self.random.random()))

    def longest_s(self, tier: int) -> float:
        """Return the longest that a record waits in a tier (from 1, the last one at most), in seconds."""
        return self.tiers[min(tier, self.max_attempts) - 1][1] * (1 + self.jitter)


def ladder_of(delays: tuple[float, ...], jitter: float) -> Ladder:
    """Return the ladder of the declared topics with other delays (seconds), one for each topic."""
    return Ladder(tuple((topic, delay) for (topic, _), delay in zip(RETRY_TIERS, delays, strict=True)), jitter)


def is_retryable(error: BaseException) -> bool:
    """Return whether another attempt can help. Undecodable bytes stay undecodable."""
    return not isinstance(error, Undecodable)


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
    attempt, record, source = arrival.attempt + 1, arrival.record, arrival.source
    retryable = is_retryable(error)
    if not retryable or attempt > ladder.max_attempts:
        letter = dead_letters.dead_letter(
            source,
            record.headers,
            error,
            attempt=attempt,
            max_attempts=ladder.max_attempts,
            now_ms=now_ms,
            retryable=retryable,
            span=span,
        )
        return Outgoing(AGENTS_DLQ, record.key, record.value, letter)
    tier = ladder.tier(attempt, wait_s or 0.0)
    carried = [
        *dead_letters.kept_back(source, record.headers, attempt=attempt, max_attempts=ladder.max_attempts),
        *dead_letters.failure(source.said, error, now_ms=now_ms, retryable=True, span=span),
    ]
    return _waits(arrival, ladder.tiers[tier - 1][0], carried, due_ms=now_ms + ladder.delay_ms(tier))


def postponed(arrival: Arrival, *, now_ms: int, ladder: Ladder) -> Outgoing:
    """Return the record for the tier of what is put off. It keeps its number of attempts."""
    tier = ladder.postponed_tier
    return _waits(
        arrival, ladder.tiers[tier - 1][0], _unchanged(arrival, ladder), due_ms=now_ms + ladder.delay_ms(tier)
    )


def parked_behind(arrival: Arrival, head: Parked, *, now_ms: int, ladder: Ladder) -> Outgoing:
    """Return the record for the tier in which `head` waits: the same key, so it comes back after it.

    Where the head is on its way back already, the record waits in the first tier. It keeps its number of
    attempts.
    """
    topics = [topic for topic, _ in ladder.tiers]
    if head.due_ms > now_ms and head.tier in topics:
        topic, due = head.tier, head.due_ms
    else:
        topic, due = topics[0], now_ms + ladder.delay_ms(1)
    carried = [*_unchanged(arrival, ladder), (h.PARKED_BEHIND, head.record_id.encode())]
    return _waits(arrival, topic, carried, due_ms=due)


def _unchanged(arrival: Arrival, ladder: Ladder) -> Headers:
    """Return the headers of a record that was not tried: those of its earlier attempts."""
    return [
        *dead_letters.kept_back(
            arrival.source, arrival.record.headers, attempt=arrival.attempt, max_attempts=ladder.max_attempts
        ),
        *dead_letters.earlier_failure(arrival.said),
    ]


def _waits(arrival: Arrival, tier: str, carried: Headers, *, due_ms: int) -> Outgoing:
    headers = [*carried, (h.NEXT_ATTEMPT_AT, str(due_ms).encode())]
    return Outgoing(tier, arrival.record.key, arrival.record.value, headers)
