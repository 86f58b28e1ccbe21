"""Puts records that the projections cannot read into their dead-letter topic."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaProducer

from projections.dead_letters.projection import letter_id
from schemas import headers as h
from schemas.process import kafka
from schemas.process.crashpoints import crashpoint
from schemas.process.kafka import Brokers
from schemas.topics import AGENTS_DLQ, PROJECTIONS, PROJECTIONS_DLQ
from schemas.wire import Undecodable

log = structlog.get_logger("projections")

DEAD_LETTERS: Final = (AGENTS_DLQ, PROJECTIONS_DLQ)
_KEPT: Final = (h.ORIG_TOPIC, h.ORIG_PARTITION, h.ORIG_OFFSET, h.ORIG_TIMESTAMP, h.FIRST_FAILED_AT, h.REPLAY)


class Burial:
    """A producer for dead letters, made when there is the first one."""

    def __init__(self, brokers: Brokers) -> None:
        self._brokers = brokers
        self._producer: AIOKafkaProducer | None = None

    async def bury(self, record: Any, error: Exception, span: str | None = None) -> None:
        """Return once the record is safe in the dead-letter topic. Raises the broker's errors as they are.

        `span` is the trace context of the attempt that failed: a later one is linked to it.
        """
        code = error.code if isinstance(error, Undecodable) else type(error).__name__
        log.error(
            "record is a dead letter",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            error=f"{code}: {error}"[:500],
        )
        if record.topic in DEAD_LETTERS:
            return  # a dead letter that does not fit the tables stays where it is
        producer = await self._ensure_producer()
        headers = [
            *((k, v) for k, v in record.headers if not k.startswith("x-")),
            *_origin(record),
            (h.LAST_FAILED_AT, str(time.time_ns() // 1_000_000).encode()),
            (h.ERROR_CLASS, type(error).__name__.encode()),
            (h.ERROR_CODE, code.encode()),
            (h.ERROR_MESSAGE, str(error).encode("utf-8", "replace")[:1024]),
            (h.ERROR_RETRYABLE, b"false"),
            *([] if span is None else [(h.FAILED_SPAN, span.encode())]),
        ]
        key, value, headers = h.portable(record.key, record.value, headers)
        sending = producer.send_and_wait(PROJECTIONS_DLQ, value, key=key, headers=headers)
        crashpoint("burial.before_publish")
        await asyncio.wait_for(sending, 20)
        crashpoint("burial.published")

    async def close(self) -> None:
        """Let the producer go."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(Exception):
                await asyncio.wait_for(producer.stop(), 2)

    async def _ensure_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = kafka.producer(self._brokers, "projections-dlq")
            await asyncio.wait_for(producer.start(), 10)
            self._producer = producer
        return self._producer


def letter_id_of(record: Any) -> str:
    """Return the id of the letter that a record is, or will be, once it is buried."""
    return letter_id(PROJECTIONS_DLQ, _origin(record))


def _origin(record: Any) -> h.Headers:
    """Return who could not read a record, and where it first came: one that was replayed to us says so itself."""
    group = (h.GROUP, PROJECTIONS.encode())
    if h.text(record.headers, h.GROUP) == PROJECTIONS:
        return [group, *((name, value) for name, value in record.headers if name in _KEPT)]
    return [
        group,
        (h.ORIG_TOPIC, record.topic.encode()),
        (h.ORIG_PARTITION, str(record.partition).encode()),
        (h.ORIG_OFFSET, str(record.offset).encode()),
        (h.ORIG_TIMESTAMP, str(record.timestamp).encode()),
    ]
