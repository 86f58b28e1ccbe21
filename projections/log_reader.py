"""Reads the log of plans and tasks up to where it is told to, and on from there."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition

from projections.expected import Expected, Report, take
from projections.settings import Settings
from schemas.decoding import Decoder
from schemas.registry import Registry
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, declared
from schemas.wire import Codec, Undecodable

TOPICS: Final = (PLAN_EVENTS, TASK_EVENTS)

#: (topic, partition) -> the offset after the last record.
Ends = dict[tuple[str, int], int]


class LogReader:
    """`async with LogReader(settings, codec) as log`. `expected` is what the log says, as far as it was read.

    `report` counts what was read, and takes what no later record can put right.
    """

    def __init__(self, settings: Settings, codec: Codec, report: Report) -> None:
        self._decoder = Decoder(codec, Registry(settings.registry_url))
        self._report = report
        self._brokers = settings.brokers
        self._partitions = [TopicPartition(t, p) for t in TOPICS for p in range(declared()[t].partitions)]
        self.expected = Expected()

    async def __aenter__(self) -> Self:
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._brokers, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        try:
            await self._consumer.start()
            self._consumer.assign(self._partitions)
            await self._consumer.seek_to_beginning(*self._partitions)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(Exception):
            await self._consumer.stop()

    async def ends(self) -> Ends:
        """Return where the log ends now."""
        ends = await self._consumer.end_offsets(self._partitions)
        return {(tp.topic, tp.partition): end for tp, end in ends.items()}

    async def read_to(self, ends: Mapping[tuple[str, int], int]) -> None:
        """Read on, exactly up to these ends. A partition that was read further already, or has no end, stays."""
        wanted = {tp: ends.get((tp.topic, tp.partition), 0) for tp in self._partitions}
        left = {tp for tp, end in wanted.items() if await self._consumer.position(tp) < end}
        while left:
            for tp, records in (await self._consumer.getmany(*left, timeout_ms=500, max_records=5000)).items():
                for record in records:
                    if record.offset >= wanted[tp]:
                        self._consumer.seek(tp, record.offset)  # for the next time
                        break
                    await self._take(record.value)
            left = {tp for tp in left if await self._consumer.position(tp) < wanted[tp]}

    async def _take(self, value: bytes | None) -> None:
        self._report.records += 1
        try:
            take(await self._decoder.decode(value), self.expected, self._report)
        except Undecodable:
            self._report.poison += 1  # the dead letters' matter: nothing of ours is lost with it
