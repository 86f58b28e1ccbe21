"""The guard around every handler: the one place of the failure policy.

An exception that leaves a Faust agent is a lost event, so nothing leaves here: a record is acknowledged once all that
follows from it (events, a retry, a dead letter) is acknowledged by the broker, or the process ends.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final

import structlog

from schemas import headers, telemetry
from schemas.events import Event
from schemas.registry import Registry, RegistryError
from schemas.wire import Codec, UnknownSchema
from streams.dispatch import Handler
from streams.placement import topic_of
from streams.publisher import Publisher
from streams.records import Incoming, Outgoing
from streams.retry import GROUP, Ladder, after_failure

log = structlog.get_logger("guard")

#: Records handled in one go; what they lead to is sent together.
BATCH: Final = 500
#: After so many records in one go there is a load: a pause lets the next go be larger, which costs everybody less.
BUSY: Final = 16
BUSY_PAUSE_S: Final = 0.01
#: Records that wait here at most; then the host is held back.
QUEUE: Final = 4 * BATCH
#: Schema ids that the registry does not know are not asked for again at once.
_UNKNOWN_FOR_S: Final = 5.0


class Guard:
    """Takes records from a host, in order, and sees each through.

    `handled` and `failed` count records; `last_progress` is the monotonic time of the last acknowledged batch.
    """

    def __init__(
        self,
        codec: Codec,
        publisher: Publisher,
        handle: Handler,
        *,
        concerns: Callable[[str], bool] = lambda _: True,
        registry: Registry | None = None,
        ladder: Ladder | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._codec = codec
        self._publisher = publisher
        self._handle = handle
        self._concerns = concerns
        self._registry = registry
        self._ladder = ladder or Ladder()
        self._now_ms = now_ms
        self._queue: asyncio.Queue[Incoming] = asyncio.Queue(QUEUE)
        self._unknown: dict[int, float] = {}
        self.handled = 0
        self.failed = 0
        self.last_progress = time.monotonic()

    async def submit(self, record: Incoming) -> None:
        """Take a record; waits while too many are under way. Never raises for what is in the record."""
        await self._queue.put(record)

    @property
    def waiting(self) -> int:
        """Return the number of records taken and not yet begun."""
        return self._queue.qsize()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self.see_through(batch)
            if len(batch) >= BUSY:
                await asyncio.sleep(BUSY_PAUSE_S)

    async def see_through(self, batch: Sequence[Incoming]) -> None:
        """Handle records in order, publish all that follows, acknowledge them."""
        out: list[Outgoing] = []
        for record in batch:
            out += await self._react(record)
        await self._publisher.publish(out)
        for record in batch:
            record.ack()
        self.handled += len(batch)
        self.last_progress = time.monotonic()

    async def _react(self, record: Incoming) -> list[Outgoing]:
        type_ = record.header(headers.TYPE)
        if type_ is not None and not self._concerns(type_):
            return []  # half of what is on the topic is our own output: not worth decoding
        traceparent = record.header(headers.TRACEPARENT)
        attempt = record.header(headers.ATTEMPT)
        attributes: dict[str, str | int] = {
            telemetry.GROUP: GROUP,
            telemetry.PARTITION: str(record.partition),
            telemetry.OFFSET: record.offset,
        }
        if attempt is not None:
            attributes[telemetry.ATTEMPT] = int(attempt)
        with telemetry.process(record.topic, traceparent, attributes) as hop:
            try:
                event = await self._decode(record)
                if hop.span is not None:
                    hop.span.set_attributes({telemetry.PLAN: event.correlation_id, telemetry.EVENT_TYPE: event.type})
                return [self._outgoing(e, hop) for e in self._handle(event)]
            except Exception as error:  # the record's failure, whatever it is: it goes on its way, the others too
                self.failed += 1
                hop.failed(error)
                sent = after_failure(record, error, now_ms=self._now_ms(), ladder=self._ladder)
                log.warning(
                    "record failed",
                    topic=record.topic,
                    partition=record.partition,
                    offset=record.offset,
                    goes_to=sent.topic,
                    error=f"{type(error).__name__}: {error}"[:500],
                    trace_id=telemetry.trace_id(traceparent),
                )
                return [sent]

    def _outgoing(self, event: Event, hop: telemetry.Hop) -> Outgoing:
        topic = topic_of(event)
        value = self._codec.encode(topic, event)
        return Outgoing(
            topic,
            event.correlation_id.encode(),
            value,
            headers.for_event(event, hop.outgoing(topic, event.type, event.correlation_id)),
        )

    async def _decode(self, record: Incoming) -> Event:
        try:
            return self._codec.decode(record.value)
        except UnknownSchema as unknown:
            # written by a newer version of us, or garbage: only the registry can tell
            if self._registry is None or time.monotonic() - self._unknown.get(unknown.schema_id, -1e9) < _UNKNOWN_FOR_S:
                raise
            try:
                raw = await asyncio.to_thread(self._registry.schema, unknown.schema_id)
            except RegistryError as error:
                if error.status != HTTPStatus.NOT_FOUND:
                    raise  # the registry is not well: another attempt, later
                self._unknown[unknown.schema_id] = time.monotonic()
                raise unknown from error
            self._codec.learn_named(unknown.schema_id, raw)
            return self._codec.decode(record.value)
