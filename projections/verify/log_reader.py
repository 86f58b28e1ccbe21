"""Reads the log of plans and tasks, and the dead letters, up to where it is told to, and on from there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping
from typing import Any, Final, Self, TypeVar

from aiokafka import TopicPartition

from projections.dead_letters.burial import DEAD_LETTERS, letter_id_of
from projections.settings import Settings
from projections.verify.buckets import WHOLE, Bucket
from projections.verify.expected import Expected, Report, take
from projections.verify.unread import Unread
from schemas import dead_letters
from schemas.belief import Belief, Unbelievable
from schemas.decoding import Decoder
from schemas.process import kafka
from schemas.process.ending import ended
from schemas.process.kafka import BROKER_AWAY
from schemas.process.named import named
from schemas.process.places import partitions_of
from schemas.registry import Registry
from schemas.topics import AGENTS_DLQ, PLAN_EVENTS, SYSTEM_EVENTS, TASK_EVENTS, declared
from schemas.wire import Codec, Undecodable

T = TypeVar("T")

TOPICS: Final = (PLAN_EVENTS, TASK_EVENTS)
#: A broker that answers nothing for so long, or brings nothing of what it says that it has, is away: it has had time
#: to be started again.
STALLED_S: Final = 60.0
#: How long the end waits for the broker.
STOP_S: Final = 5.0
#: Letters are kept for a time, in the log and in the tables. Of those that are nearly old enough nothing is asked.
MARGIN_S: Final = 86_400.0

#: (topic, partition) -> the offset after the last record.
Ends = dict[tuple[str, int], int]


class LogAway(Exception):  # noqa: N818 - a state of somebody else
    """The broker does not answer, or does not return the records before its end offsets."""


class LogReader:
    """`async with LogReader(settings, codec, report, unread, belief, bucket) as log`.

    `expected` is what the log says of the plans of `bucket`, as far as it was read. `report` counts what was read, and
    takes what no later record can put right. `starts` is the first offset of each partition. `belief` says which events
    count. Everything raises LogAway.
    """

    def __init__(
        self,
        settings: Settings,
        codec: Codec,
        report: Report,
        unread: Unread,
        belief: Belief | None = None,
        bucket: Bucket = WHOLE,
    ) -> None:
        self._decoder = Decoder(codec, Registry(settings.registry_url))
        self._report = report
        self._unread = unread
        self._brokers = settings.brokers
        self._belief = belief or Belief()
        self._bucket = bucket
        self._partitions = _partitions_of(*TOPICS, *DEAD_LETTERS)
        self._asked_since = time.time() - declared()[AGENTS_DLQ].retention_ms / 1000 + MARGIN_S
        self.expected = Expected()
        self.starts: Ends = {}

    async def __aenter__(self) -> Self:
        self._consumer = kafka.reader(self._brokers, "verify")
        try:
            await _answer(self._consumer.start())
            self._consumer.assign(self._partitions)
            await _answer(self._consumer.seek_to_beginning(*self._partitions))
            starts = await _answer(self._consumer.beginning_offsets(self._partitions))
            self.starts = {(tp.topic, tp.partition): start for tp, start in starts.items()}
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await ended(self._consumer.stop(), STOP_S)

    async def ends(self) -> Ends:
        """Return where the log ends now, also of the topic of the system's events, which is not read."""
        partitions = [*self._partitions, *_partitions_of(SYSTEM_EVENTS)]
        ends = await _answer(self._consumer.end_offsets(partitions))
        return {(tp.topic, tp.partition): end for tp, end in ends.items()}

    async def length(self) -> int:
        """Return how many records there are now."""
        ends = await self.ends()
        return sum(ends[place] - start for place, start in self.starts.items())

    async def read_to(self, ends: Mapping[tuple[str, int], int]) -> Ends:
        """Read on, exactly up to these ends, or to the end of a log that is shorter; return where the log ends.

        A partition that was read further already, or has no end, stays.
        """
        there = await self.ends()
        wanted = {
            tp: min(ends.get((tp.topic, tp.partition), 0), there[tp.topic, tp.partition]) for tp in self._partitions
        }
        left = await self._behind(wanted)
        moved = time.monotonic()
        while left:
            found = await _answer(self._consumer.getmany(*left, timeout_ms=500, max_records=5000))
            for tp, records in found.items():
                for record in records:
                    if record.offset >= wanted[tp]:
                        self._consumer.seek(tp, record.offset)  # for the next time
                        break
                    await self._take(record)
            left = await self._behind({tp: wanted[tp] for tp in left})
            if found:
                moved = time.monotonic()
            elif time.monotonic() - moved > STALLED_S:
                raise LogAway(f"nothing has come for {STALLED_S:.0f} s, of {len(left)} partitions that hold more")
        return there

    async def _behind(self, wanted: Mapping[TopicPartition, int]) -> set[TopicPartition]:
        return {tp for tp, end in wanted.items() if await _answer(self._consumer.position(tp)) < end}

    async def _take(self, record: Any) -> None:
        recent = record.timestamp / 1000 > self._asked_since
        if record.topic in DEAD_LETTERS:
            said = self._belief.said(record)
            id_ = dead_letters.read(record.topic, record.partition, record.offset, said).record_id
            if self._bucket.has_letter(id_):
                self.expected.letters[id_] = recent or self.expected.letters.get(id_, False)
            return
        if not self._bucket.has((record.key or b"").decode("utf-8", "replace")):
            return  # an event that is believed has its plan as its key
        self._report.records += 1
        try:
            event = await self._decoder.decode(record.value)
            self._belief.check(record, event)
            take(event, self.expected, self._report)
        except Undecodable as error:
            self._report.poison += 1
            place, why = f"{record.topic}/{record.partition} at {record.offset}", ""
            if isinstance(error, Unbelievable):
                why = f"{place} is not believed: {error.code}, {error.detail}"
            if recent:
                await self._unread.add(self.expected.unread, letter_id_of(record, self._belief), why)


def _partitions_of(*topics: str) -> list[TopicPartition]:
    return [TopicPartition(topic, p) for topic in topics for p in range(partitions_of(topic))]


async def _answer(asked: Awaitable[T]) -> T:
    """Return the broker's answer. Raises LogAway."""
    try:
        async with asyncio.timeout(STALLED_S):
            return await asked
    except TimeoutError:
        raise LogAway(f"no answer within {STALLED_S:.0f} s") from None
    except BROKER_AWAY as error:
        raise LogAway(named(error)) from error
