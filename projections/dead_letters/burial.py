"""Send records that the projections cannot read to their dead-letter topic."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Final

import structlog

from schemas import dead_letters
from schemas import headers as h
from schemas.belief import Belief, seal
from schemas.metrics import UNREADABLE
from schemas.process import metrics
from schemas.process.crashpoints import crashpoint
from schemas.process.kafka import Brokers, LazyProducer
from schemas.topics import AGENTS_DLQ, PROJECTIONS, PROJECTIONS_DLQ

log = structlog.get_logger("projections")

DEAD_LETTERS: Final = (AGENTS_DLQ, PROJECTIONS_DLQ)


class Burial:
    """A producer for dead letters, made when there is the first one. `belief` says what they are sealed with."""

    def __init__(self, brokers: Brokers) -> None:
        self.belief = Belief()
        self._producer = LazyProducer(brokers, "projections-dlq")

    async def bury(self, record: Any, error: Exception, span: str | None = None) -> None:
        """Return once the record is safe in the dead-letter topic. Raises the broker's errors as they are.

        `span` is the trace context of the attempt that failed: a later one is linked to it.
        """
        metrics.count(UNREADABLE)
        log.error(
            "record is a dead letter",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            error=f"{type(error).__name__}: {error}"[:500],
        )
        if record.topic in DEAD_LETTERS:
            return  # a dead letter that does not fit the tables stays where it is
        producer = await self._producer.get()
        headers = dead_letters.dead_letter(
            _source(record, self.belief),
            list(record.headers),
            error,
            attempt=1,
            max_attempts=1,
            now_ms=time.time_ns() // 1_000_000,
            retryable=False,
            span=span,
        )
        key, value, headers = h.portable(record.key, record.value, headers)
        headers = seal(self.belief.own, key, value, headers)
        sending = producer.send_and_wait(PROJECTIONS_DLQ, value, key=key, headers=headers)
        crashpoint("burial.before_publish")
        await asyncio.wait_for(sending, 20)
        crashpoint("burial.published")

    async def close(self) -> None:
        """Let the producer go."""
        await self._producer.let_go()


def letter_id_of(record: Any, belief: Belief | None = None) -> str:
    """Return the id of the letter that a record is, or will be, once it is buried."""
    source = _source(record, belief or Belief())
    first = dead_letters.origin(source.said, source.topic, source.partition, source.offset)
    return dead_letters.record_id(PROJECTIONS, *first)


def _source(record: Any, belief: Belief) -> dead_letters.Source:
    """Return where a record was read; one that was replayed to this group says itself where it first came."""
    replayed = belief.is_genuine(record) and h.text(record.headers, h.GROUP) == PROJECTIONS
    said = dead_letters.by_name(list(record.headers)) if replayed else {}
    return dead_letters.Source(PROJECTIONS, record.topic, record.partition, record.offset, record.timestamp, said)
