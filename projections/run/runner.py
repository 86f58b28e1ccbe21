"""Projects the log into the read models, exactly once in effect.

A batch's rows and offsets are one transaction, fenced by the offset that it began at. A crash at any point repeats or
drops the whole batch; nothing of it is ever half there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from projections.dead_letters.burial import DEAD_LETTERS, Burial
from projections.dead_letters.projection import Letter, project_letter
from projections.rows import Row
from projections.run.arrival import letter, recorded
from projections.run.connections import ShownOffsets, connect, consumer_of
from projections.run.counting import count
from projections.run.degraded import Degraded
from projections.run.leases import Leases
from projections.run.told import Told
from projections.run.topics import LEASE_ORDER
from projections.run.writer import PROJECTION, REFUSED, Fenced, Position, rows_of, start_positions, write
from projections.settings import Settings
from schemas import headers as h
from schemas.decoding import Decoder, RegistryAway
from schemas.process import telemetry
from schemas.process.ending import ended
from schemas.process.kafka import BROKER_AWAY
from schemas.process.log_context import of_record, of_records, raised_in
from schemas.process.named import named
from schemas.process.sessions import kept
from schemas.process.signing import believed_until, tell
from schemas.registry import Registry
from schemas.topics import GOODS_EVENTS, PROJECTIONS, SYSTEM_EVENTS, TASK_EVENTS, declared
from schemas.wire import Codec, Undecodable

log = structlog.get_logger("projections")

LIVE: Final = "rm"  # the schema of the read models that people see; a rebuild has another one
#: Records in one transaction at most.
BATCH: Final = 2000
#: After so many records in one go there is a load: a pause lets the next go be larger, which costs everybody less.
BUSY: Final = 64
BUSY_PAUSE_S: Final = 0.01
#: How often leases are balanced.
BALANCE_S: Final = 1.0
#: How long a poll waits for the first record; it returns at once when there is one.
POLL_MS: Final = 250

#: A record that nobody can read, why, and the trace context of the attempt, where there is one
GivenUp = tuple[Any, Exception, str | None]


class Runner:
    """Projects until stopped; outages are waited out.

    `projected` counts records, `given_up` those that nobody could read; `last_progress` is the monotonic time of the
    last poll that ended well, with records or without.
    """

    def __init__(self, settings: Settings, codec: Codec, *, schema: str = "rm") -> None:
        self._settings = settings
        self._decoder = Decoder(codec, Registry(settings.registry_url))
        self._told = Told(codec)
        self._schema = schema
        self._stopping = False
        self._burial = Burial(settings.brokers)
        self.belief = self._burial.belief = settings.signing.belief(None)
        self._shown = ShownOffsets()
        self._leased: set[tuple[str, int]] = set()
        self.degraded = Degraded()
        self.projected = 0
        self.given_up = 0
        self.in_flight = 0
        self.last_progress = time.monotonic()

    def stop(self) -> None:
        """End `run` after the batch under way."""
        self._stopping = True

    async def run(self) -> None:
        """Work until stopped; never raises for an outage."""
        delay = 0.1
        while not self._stopping:
            began = time.monotonic()
            try:
                await self._session()
            except asyncio.CancelledError:
                raise
            except Fenced as error:
                with raised_in(error):
                    log.warning("lost partitions to another process", error=str(error))
            except Exception as error:  # an outage of the broker or the database, or a bug: said, and tried again
                if time.monotonic() - began > 30:
                    delay = 0.1
                with raised_in(error):
                    log.warning("projecting failed", error=named(error, 500), again_in_s=delay)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 2.0)

    async def _session(self) -> None:
        connection = await connect(self._settings.database_url, self._schema)
        consumer = consumer_of(self._settings.brokers, self._schema)
        try:
            await self.learn(connection)
            try:
                await asyncio.wait_for(consumer.start(), 10)
            except BROKER_AWAY:
                await self._without_log(connection)
                raise
            await self._project(connection, consumer)
        finally:
            self._leased = set()
            self._told.clear()
            await ended(consumer.stop(), 2)
            with suppress(Exception):
                await connection.close(timeout=2)
            await self._burial.close()

    async def learn(self, connection: asyncpg.Connection) -> None:
        """Learn whom to believe, before the first record."""
        self.belief.until = await believed_until(connection)

    async def _leases(self, connection: asyncpg.Connection) -> Leases:
        partitions = [(t, p) for t in LEASE_ORDER for p in range(declared()[t].partitions)]
        leases = Leases(connection, f"{PROJECTION}.{self._schema}", partitions)
        await leases.join()
        return leases

    async def _without_log(self, connection: asyncpg.Connection) -> None:
        """Do what can be done while the broker does not answer; then it is asked again."""
        if self._schema == LIVE:
            leases = await self._leases(connection)
            await leases.balance()
            await self.degraded.step(connection, leases.leased)

    async def _project(self, connection: asyncpg.Connection, consumer: AIOKafkaConsumer) -> None:
        leases = await self._leases(connection)
        positions: dict[tuple[str, int], int] = {}
        balanced = -BALANCE_S
        while not self._stopping:
            if time.monotonic() - balanced >= BALANCE_S:
                balanced = time.monotonic()
                if await leases.balance():
                    positions = await self._assign(connection, consumer, leases.leased)
                elif positions:
                    self._shown.show(consumer, positions)
            if not positions:
                await asyncio.sleep(0.1)
                continue
            records = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH)
            if records:
                self.in_flight = sum(map(len, records.values()))
                try:
                    await self._batch(connection, records, positions)
                finally:
                    self.in_flight = 0
                if sum(map(len, records.values())) >= BUSY:
                    await asyncio.sleep(BUSY_PAUSE_S)
            elif self._schema == LIVE:
                await self.degraded.step(connection, leases.leased)
            self.last_progress = time.monotonic()

    @property
    def assignment(self) -> dict[str, list[int]]:
        """Topic -> the partitions that are projected here, in order; nothing while that is not settled."""
        found: dict[str, list[int]] = {}
        for topic, partition in sorted(self._leased):
            found.setdefault(topic, []).append(partition)
        return found

    async def _assign(
        self, connection: asyncpg.Connection, consumer: AIOKafkaConsumer, leased: set[tuple[str, int]]
    ) -> dict[tuple[str, int], int]:
        positions = await start_positions(connection, leased)
        consumer.assign([TopicPartition(t, p) for t, p in leased])
        for (topic, partition), offset in positions.items():
            consumer.seek(TopicPartition(topic, partition), offset)
        self._leased = set(leased)
        log.info("partitions assigned", count=len(leased))
        return positions

    async def _batch(
        self,
        connection: asyncpg.Connection,
        records: dict[TopicPartition, list[Any]],
        positions: dict[tuple[str, int], int],
    ) -> None:
        # phases first: their tasks need not be read, then
        records = dict(sorted(records.items(), key=lambda found: found[0].topic == TASK_EVENTS))
        flat = [record for of_partition in records.values() for record in of_partition]
        with of_records(flat):
            await self._together(connection, records, flat, positions)
        self.projected += len(flat)
        count(records)

    async def _together(
        self,
        connection: asyncpg.Connection,
        records: dict[TopicPartition, list[Any]],
        flat: list[Any],
        positions: dict[tuple[str, int], int],
    ) -> None:
        moves = [
            Position(tp.topic, tp.partition, positions[tp.topic, tp.partition], of_partition[-1].offset + 1)
            for tp, of_partition in records.items()
        ]
        try:
            async with kept(connection):
                rows, plans, given_up = await self._map(flat)
                await self._bury(given_up)
            await write(connection, rows, moves, plans)
            self._told.keep()
        except REFUSED as error:
            # one record's contents do not fit the tables: find it, the others must not wait for it
            log.exception("a batch does not fit the tables, going record by record", error=str(error)[:300])
            await self._one_by_one(connection, records, positions)
        for move in moves:
            positions[move.topic, move.partition] = move.following

    async def _one_by_one(
        self,
        connection: asyncpg.Connection,
        records: dict[TopicPartition, list[Any]],
        positions: dict[tuple[str, int], int],
    ) -> None:
        for tp, of_partition in records.items():
            expected = positions[tp.topic, tp.partition]
            for record in of_partition:
                move = Position(tp.topic, tp.partition, expected, record.offset + 1)
                async with kept(connection):
                    rows, plans, given_up = await self._map([record])
                    await self._bury(given_up)
                try:
                    await write(connection, rows, [move], plans)
                    self._told.keep()
                except REFUSED as error:
                    async with kept(connection):
                        await self._bury([(record, Undecodable("does-not-fit", str(error)), None)])
                    await write(connection, [], [move], [])
                expected = record.offset + 1

    async def _map(self, records: Sequence[Any]) -> tuple[list[Row], list[str], list[GivenUp]]:
        rows: list[Row] = []
        plans: dict[str, None] = {}
        given_up: list[GivenUp] = []
        spans = telemetry.enabled()
        self._told.drop()
        for record in records:
            told = self._told.tells(record, self.belief) if record.topic == TASK_EVENTS else None
            if told is not None and not spans:
                continue
            traceparent = h.text(record.headers, h.TRACEPARENT)
            with telemetry.process(record.topic, traceparent, *(_in_span(record) if spans else ({}, None))) as hop:
                try:
                    if told is not None:
                        hop.about(told, "task.created")
                        continue
                    if record.topic in DEAD_LETTERS:
                        rows += project_letter(await self._letter(record, hop))
                        continue
                    event = await self._decoder.decode(record.value)
                    tell(self.belief.check(record, event))
                    hop.about(event.correlation_id, event.type)
                    rows += rows_of(recorded(record, event, traceparent))
                    self._told.note(event)
                    if record.topic not in (SYSTEM_EVENTS, GOODS_EVENTS):
                        plans[event.correlation_id] = None
                except (OSError, RegistryAway):
                    raise  # the registry is away: guessing would lose the record, so the session ends and waits
                except Exception as error:  # bytes that nobody can read, times that are none, or a bug of the mapping
                    hop.failed(error)
                    given_up.append((record, error, hop.own))
        return rows, list(plans), given_up

    async def _letter(self, record: Any, hop: telemetry.Hop) -> Letter:
        event = None  # that nobody can read it may be just why the record is here
        with suppress(Undecodable):
            event = await self._decoder.decode(record.value)
            hop.about(event.correlation_id, event.type)
        return letter(record, self.belief.said(record), event)

    async def _bury(self, given_up: Iterable[GivenUp]) -> None:
        for record, error, span in given_up:
            self.given_up += 1
            with of_record(record):
                await self._burial.bury(record, error, span)


def _in_span(record: Any) -> tuple[dict[str, str | int], str | None]:
    """Return the attributes of a record's span, and the trace context of the attempt that failed before."""
    place: dict[str, str | int] = {telemetry.PARTITION: str(record.partition), telemetry.OFFSET: record.offset}
    return {telemetry.GROUP: PROJECTIONS, **place}, h.text(record.headers, h.FAILED_SPAN)
