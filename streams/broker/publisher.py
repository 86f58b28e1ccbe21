"""Sends records, again if necessary, and returns once the broker has acknowledged every one."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

import structlog
from aiokafka import AIOKafkaProducer

from schemas.belief import seal
from schemas.headers import portable
from schemas.process import kafka
from schemas.process.crashpoints import crashpoint
from schemas.process.kafka import Brokers
from schemas.process.named import named
from schemas.process.placing import Places
from schemas.signing import NO_KEYS, Keys
from streams.broker.records import Outgoing

log = structlog.get_logger("publisher")

#: One attempt for a batch; then the producer is thrown away and the batch sent again by a new one.
ACK_TIMEOUT_S: Final = 10.0
#: With no acknowledgement for so long the process ends: its offsets are not committed, so nothing is lost.
GIVE_UP_S: Final = 60.0
#: Bytes of an event that no limit of a broker is asked for: its headers say twice at most what its value says.
SMALL: Final = 8192
#: Exit code of a process that could not publish; the supervisor starts it again.
EXIT_CANNOT_PUBLISH: Final = 75


def end_process() -> NoReturn:
    """End the process at once, with no clean-up: Faust's would acknowledge records that are not handled."""
    os._exit(EXIT_CANNOT_PUBLISH)


class Publisher:
    """An idempotent producer that is replaced when it fails.

    A producer does not recover from a fatal error (an out-of-order sequence, a sender task that has ended), so every
    failure is answered by a new one. Records can then be in the log twice: their ids are deterministic, so that
    changes nothing.
    Any number of callers may publish and close at the same time. With `keys`, copies of other records are sealed.
    """

    def __init__(
        self,
        brokers: Brokers,
        client_id: str,
        *,
        linger_ms: int = 0,
        give_up: Callable[[], NoReturn] = end_process,
        keys: Keys = NO_KEYS,
    ) -> None:
        self._keys = keys
        self._brokers = brokers
        self._client_id = client_id
        self._linger_ms = linger_ms
        self._give_up = give_up
        self._producer: AIOKafkaProducer | None = None
        self._places = Places()
        #: topic -> records that were acknowledged
        self.sent: Counter[str] = Counter()
        self._changing = asyncio.Lock()

    async def publish(self, records: Sequence[Outgoing]) -> None:
        """Send in order; return once all are acknowledged. Never raises: after GIVE_UP_S the process ends."""
        if not records:
            return
        started = time.monotonic()
        delay = 0.05
        while True:
            producer: AIOKafkaProducer | None = None
            try:
                async with asyncio.timeout(ACK_TIMEOUT_S):
                    producer = await self._ensure()
                    await self._send(producer, records)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # any failure to publish has one answer
                waited = time.monotonic() - started
                log.warning("publish failed", error=named(error), waited_s=round(waited, 1))
                await self._discard(producer)
                if waited > GIVE_UP_S:
                    log.exception("cannot publish, ending the process", records=len(records))
                    self._give_up()
                await asyncio.sleep(delay)
                delay = min(delay * 2, 2.0)
            else:
                self.sent.update(record.topic for record in records)
                return

    async def _send(self, producer: AIOKafkaProducer, records: Sequence[Outgoing]) -> None:
        batches: dict[tuple[str, int], Any] = {}
        acks = []
        for record in map(self._portable, records):
            place = record.topic, await self._places.of(producer, record.topic, record.key)
            batch = batches.get(place)
            if batch is None or not _append(batch, record):
                if batch is not None:  # full: it goes ahead of the next for the same place
                    acks.append(await producer.send_batch(batch, place[0], partition=place[1]))
                batch = batches[place] = producer.create_batch()
                _append(batch, record)
        for (topic, partition), batch in batches.items():
            batch.close()
            acks.append(await producer.send_batch(batch, topic, partition=partition))
        crashpoint("publisher.sent")
        await asyncio.gather(*acks)
        crashpoint("publisher.acknowledged")

    def _portable(self, record: Outgoing) -> Outgoing:
        """Return the record as the broker takes it: one that it refuses would be sent for ever. Seals our copies."""
        if record.event and len(record.value or b"") <= SMALL:
            return record
        key, value, headers = portable(record.key, record.value, record.headers)
        if record.ours:
            headers = seal(self._keys, key, value, headers)
        return Outgoing(record.topic, key, value, headers)

    async def _ensure(self) -> AIOKafkaProducer:
        async with self._changing:  # two callers at a time would each start one
            if self._producer is None:
                producer = kafka.producer(self._brokers, self._client_id, linger_ms=self._linger_ms)
                try:
                    await kafka.begin(producer)
                except BaseException:
                    await kafka.let_go(producer)
                    raise
                self._producer = producer
            return self._producer

    async def _discard(self, failed: AIOKafkaProducer | None) -> None:
        """Close a failed producer and forget it, unless another caller has replaced it already."""
        if failed is not None and failed is self._producer:
            self._producer = None
            self._places.forget()
            await kafka.let_go(failed)

    async def close(self) -> None:
        """Drop the producer. Records in it are not acknowledged, and their publisher sends them by a new one."""
        async with self._changing:  # one that is being started belongs to us, too
            await self._discard(self._producer)


def _append(batch: Any, record: Outgoing) -> bool:
    return batch.append(timestamp=None, key=record.key, value=record.value, headers=record.headers) is not None
