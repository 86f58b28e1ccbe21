"""Fills the second set of tables by the projections' own code, exactly as far as it is told, and tells nobody."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from projections.rebuild.in_step import InStep
from projections.rows import Row
from projections.run.mapper import GivenUp
from projections.run.runner import Runner
from projections.run.topics import TOPICS
from projections.run.writer import Position, start_positions, write
from projections.settings import Settings
from schemas.process import database, kafka
from schemas.process.ending import ended
from schemas.process.places import partitions_of
from schemas.topics import PLAN_EVENTS
from schemas.wire import Codec

#: Records in one transaction: nobody waits for a single one.
BULK: Final = 5000
#: A log that brings nothing for so long although it should is a failure. A broker that is restarted is back by then.
STALLED_S: Final = 60.0
#: Bytes of one partition in one fetch.
FETCH_BYTES: Final = 8 * 1024 * 1024
#: Short: after a seek a new request waits for the one in flight, and the live writers with it.
FETCH_WAIT_MS: Final = 20

Offsets = Mapping[tuple[str, int], int]


class Stalled(Exception):  # noqa: N818 - says what is so
    """The log does not bring what the live read models have seen."""


class Shadow(Runner):
    """The projections' runner, driven by hand. Use as an async context manager; `reach` does the work."""

    def __init__(
        self, settings: Settings, codec: Codec, schema: str, *, partitions: Iterable[tuple[str, int]] | None = None
    ) -> None:
        super().__init__(settings, codec, schema=schema)
        self._partitions = partitions
        self._connection: asyncpg.Connection | None = None
        self._consumer: AIOKafkaConsumer | None = None
        self._positions: dict[tuple[str, int], int] = {}
        self._in_step = InStep()

    async def __aenter__(self) -> Self:
        self._connection = await database.connect(
            self._settings.database_url,
            "rebuild",
            statement_s=120,
            session={
                "search_path": self._schema,
                "synchronous_commit": "off",  # the swap waits for the disk, and for all before it
                **database.PLANNED_EMPTY,
            },
        )
        try:
            self._consumer = kafka.reader(
                self._settings.brokers, "rebuild", fetch_bytes=FETCH_BYTES, fetch_wait_ms=FETCH_WAIT_MS
            )
            await asyncio.wait_for(self._consumer.start(), 10)
            await self.learn(self._connection)
            await self.begin_where_the_tables_are()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        if self._consumer is not None:
            await ended(self._consumer.stop(), 5)
        if self._connection is not None:
            with suppress(Exception):
                await self._connection.close(timeout=2)

    async def begin_where_the_tables_are(self) -> None:
        """Go on from the offsets that the tables hold: other processes may have written into them, too."""
        assert self._consumer is not None
        assert self._connection is not None
        every = self._partitions or [(t, p) for t in TOPICS for p in range(partitions_of(t))]
        self._positions = await start_positions(self._connection, every)
        self._consumer.assign([TopicPartition(*tp) for tp in self._positions])
        for tp, offset in self._positions.items():
            self._consumer.seek(TopicPartition(*tp), offset)

    @property
    def schema(self) -> str:
        """The schema of the tables that it fills."""
        return self._schema

    @property
    def positions(self) -> Offsets:
        """How far it is: the next offset of each partition."""
        return dict(self._positions)

    async def log_ends(self) -> dict[tuple[str, int], int]:
        """Return where each partition of the log ends now."""
        assert self._consumer is not None
        ends = await self._consumer.end_offsets([TopicPartition(*tp) for tp in self._positions])
        return {(tp.topic, tp.partition): end for tp, end in ends.items()}

    async def log_starts(self) -> dict[tuple[str, int], int]:
        """Return the first offset that each partition of the log still holds."""
        assert self._consumer is not None
        starts = await self._consumer.beginning_offsets([TopicPartition(*tp) for tp in self._positions])
        return {(tp.topic, tp.partition): start for tp, start in starts.items()}

    def behind(self, ends: Offsets) -> int:
        """Return how many records lie between here and `ends`."""
        return sum(max(0, end - self._positions[tp]) for tp, end in ends.items())

    async def reach(self, ends: Offsets, *, within_s: float | None = None) -> None:
        """Project everything before `ends` and nothing after it.

        Raises Stalled when nothing comes for STALLED_S or when `within_s` seconds are over.
        """
        assert self._consumer is not None
        assert self._connection is not None
        began = moved = time.monotonic()
        while left := [tp for tp, end in ends.items() if self._positions[tp] < end]:
            before = self.behind(ends)
            plans_left = {partition for topic, partition in left if topic == PLAN_EVENTS}
            records = self._in_step.ready({}, plans_left)
            if not records:
                asked = [tp for tp in (TopicPartition(*tp) for tp in left) if not self._in_step.waits(tp)]
                found = await self._consumer.getmany(*asked, timeout_ms=200, max_records=BULK)
                records = self._in_step.ready(self._cut(found, ends), plans_left)
            if records:
                await self._write(self._connection, records)
            await self._skip_gaps((tp for tp in left if not self._in_step.waits(TopicPartition(*tp))), ends)
            now = time.monotonic()
            if self.behind(ends) < before:
                moved = now
            elif now - moved > STALLED_S:
                raise Stalled(f"the log brings nothing for {STALLED_S:.0f} s; {before} records are missing")
            if within_s is not None and now - began > within_s:
                raise Stalled(f"{self.behind(ends)} records are left after {within_s:.0f} s")

    async def _write(self, connection: asyncpg.Connection, records: dict[TopicPartition, list[Any]]) -> None:
        """Write a batch, once more where it and another process waited for each other's counts."""
        while True:
            given_up = self.given_up
            try:
                return await self._batch(connection, records, self._positions)
            except asyncpg.DeadlockDetectedError:  # the other one goes on
                self._told.clear()
                self.given_up = given_up

    def _cut(self, found: Mapping[TopicPartition, list[Any]], ends: Offsets) -> dict[TopicPartition, list[Any]]:
        """Return the records before the ends; the others are read again later."""
        assert self._consumer is not None
        records: dict[TopicPartition, list[Any]] = {}
        for tp, of_partition in found.items():
            end = ends[tp.topic, tp.partition]
            before = [record for record in of_partition if record.offset < end]
            if len(before) < len(of_partition):
                self._consumer.seek(tp, end)
            if before:
                records[tp] = before
        return records

    async def _skip_gaps(self, partitions: Iterable[tuple[str, int]], ends: Offsets) -> None:
        """Move past offsets that hold no record any more: a topic whose old records are gone begins later."""
        assert self._consumer is not None
        assert self._connection is not None
        for tp in partitions:
            at, end = self._positions[tp], ends[tp]
            if at < end and await self._consumer.position(TopicPartition(*tp)) >= end:
                await write(self._connection, [], [Position(*tp, at, end)], [])
                self._positions[tp] = end

    async def _map(self, records: Sequence[Any], *, ahead: bool = False) -> tuple[list[Row], list[str], list[GivenUp]]:
        rows, _, given_up = await super()._map(records, ahead=ahead)
        return rows, [], given_up  # no reader looks at these tables yet: nobody is told

    async def _bury(self, given_up: Iterable[GivenUp]) -> None:
        self.given_up += sum(1 for _ in given_up)  # each is a dead letter since the live projections met it
