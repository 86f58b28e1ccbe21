"""Projects the log into the read models, exactly once in effect.

A batch's rows and offsets are one transaction, fenced by the offset that it began at. A crash at any point repeats or
drops the whole batch; nothing of it is ever half there.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from projections.run.ahead import write_ahead
from projections.run.connections import ShownOffsets, connect, consumer_of
from projections.run.counting import count, observe_shown
from projections.run.degraded import Degraded
from projections.run.leases import Leases
from projections.run.mapper import Mapper
from projections.run.reading import read_on
from projections.run.topics import MEMBERS, Lane, lease_numbers
from projections.run.turns import AHEAD, HELD_BACK_S, TURN, portions
from projections.run.window import Window
from projections.run.writer import PROJECTION, REFUSED, Fenced, Position, prepare, start_positions, write
from projections.settings import Settings
from schemas.process.ending import ended
from schemas.process.kafka import BROKER_AWAY
from schemas.process.log_context import of_records
from schemas.process.named import named
from schemas.process.rounds import Round
from schemas.process.sessions import kept
from schemas.process.signing import believed_until
from schemas.topics import TASK_EVENTS
from schemas.wire import Codec, Undecodable

log = structlog.get_logger("projections")

LIVE: Final = "rm"  # the schema of the read models that people see; a rebuild has another one
#: After so many records in one go there is a load: a pause lets the next go be larger, which costs everybody less.
BUSY: Final = 64
BUSY_PAUSE_S: Final = 0.01
#: How often leases are balanced.
BALANCE_S: Final = 1.0


class Runner(Mapper):
    """Projects until stopped; outages are waited out.

    `projected` counts records, `given_up` those that nobody could read; `last_progress` is the monotonic time of the
    last poll that ended well, with records or without. `lane` says which partitions it projects.
    """

    def __init__(self, settings: Settings, codec: Codec, *, schema: str = "rm", lane: Lane = "all") -> None:
        super().__init__(settings, codec)
        self._schema = schema
        self._lane = lane
        self._stopping = False
        self._shown = ShownOffsets()
        self._leased: set[tuple[str, int]] = set()
        self._at_once = False
        self.degraded = Degraded(settings.signing)
        self._portions = portions(live=schema == LIVE)
        self._ahead_from = 0.0
        self.projected = 0
        self.in_flight = 0
        self.last_progress = time.monotonic()

    def stop(self) -> None:
        """End `run` after the batch under way."""
        self._stopping = True

    def taken(self) -> None:
        """Be told that a turn begins."""

    def hurry(self) -> None:
        """Take less at once for a moment: something urgent waits for this process."""
        self._portions.hurry(time.monotonic())

    async def run(self) -> None:
        """Work until stopped; never raises for an outage."""
        delay = 0.1
        while not self._stopping:
            began = time.monotonic()
            with Round("projections", _failed) as this:
                await self._session()
            if this.error is not None and not isinstance(this.error, Fenced):
                delay = 0.1 if time.monotonic() - began > 30 else delay
                await asyncio.sleep(delay)
                delay = min(delay * 2, 2.0)

    async def _session(self) -> None:
        connection = await connect(self._settings.database_url, self._schema)
        consumer = consumer_of(self._settings.brokers, self._schema)
        try:
            await self.learn(connection)
            self._at_once = await prepare(connection)
            try:
                await asyncio.wait_for(consumer.start(), 10)
            except BROKER_AWAY:
                await self._without_log(connection)
                raise
            await self._project(connection, consumer)
        finally:
            self._leased = set()
            self._told.clear()
            self._shown_ahead.clear()
            await ended(consumer.stop(), 2)
            with suppress(Exception):
                await connection.close(timeout=2)
            await self._burial.close()

    async def learn(self, connection: asyncpg.Connection) -> None:
        """Learn whom to believe, before the first record."""
        self.belief.until = await believed_until(connection)

    async def _leases(self, connection: asyncpg.Connection) -> Leases:
        leases = Leases(connection, f"{PROJECTION}.{self._schema}", lease_numbers(self._lane), MEMBERS[self._lane])
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
        window, balanced = Window(), -BALANCE_S
        while not self._stopping:
            if time.monotonic() - balanced >= BALANCE_S:
                balanced = time.monotonic()
                leases.know(lease_numbers(self._lane))
                if await leases.balance():
                    positions = await self._assign(connection, consumer, leases.leased)
                    window = Window()
                    self._shown_ahead.clear()
                elif positions:
                    self._shown.show(consumer, positions)
            if not positions:
                await asyncio.sleep(0.1)
                continue
            await read_on(consumer, window)
            if len(window):
                await self._turn(connection, window, positions)
            elif self._schema == LIVE:
                await self.degraded.step(connection, leases.leased)
            self.last_progress = time.monotonic()

    async def _turn(
        self, connection: asyncpg.Connection, window: Window, positions: dict[tuple[str, int], int]
    ) -> None:
        if time.monotonic() >= self._ahead_from:
            await self._show_ahead(connection, window, positions)
        records = window.take(self._portions.most)
        self.in_flight = sum(map(len, records.values()))
        self.taken()
        began = time.monotonic()
        try:
            await self._batch(connection, records, positions)
        finally:
            done, self.in_flight = self.in_flight, 0
        if done >= TURN:
            self._portions.done(done, began, time.monotonic())  # of fewer, their number is not what takes the time
        if done >= BUSY and len(window) < BUSY:
            await asyncio.sleep(BUSY_PAUSE_S)

    async def _show_ahead(
        self, connection: asyncpg.Connection, window: Window, positions: dict[tuple[str, int], int]
    ) -> None:
        found = window.ahead(self._portions.least, AHEAD)
        if not found:
            return
        self._portions.hurry(time.monotonic())
        flat = [record for records in found.values() for record in records]
        now = positions.__getitem__
        moves = [Position(tp[0], tp[1], now(tp), now(tp), last[-1].offset + 1) for tp, last in found.items()]
        with of_records(flat):
            try:
                async with kept(connection):
                    rows, plans, given_up = await self._map(flat, ahead=True)
                written = await write_ahead(connection, rows, moves, plans)
            except REFUSED as error:
                log.warning("records do not fit the tables before their turn", error=str(error)[:300])
                written = False
        if not written:
            self._ahead_from = time.monotonic() + HELD_BACK_S
            window.stay(found)
            return
        self._told.keep()
        unread = {id(record) for record, _, _ in given_up}  # each is a letter in its turn
        for tp, records in found.items():
            shown = [record for record in records if id(record) not in unread]
            self._shown_ahead |= {(record.topic, record.partition, record.offset) for record in shown}
            observe_shown(tp.topic, shown)

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
        count(records, self._shown_ahead)
        if self._shown_ahead:
            self._shown_ahead -= {(record.topic, record.partition, record.offset) for record in flat}

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
            await write(connection, rows, moves, plans, at_once=self._at_once)
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


def _failed(error: Exception) -> None:
    """Tell of an outage of the broker or the database, or of a bug: it is tried again."""
    if isinstance(error, Fenced):
        log.warning("lost partitions to another process", error=str(error))
    else:
        log.warning("projecting failed, trying again", error=named(error, 500))
