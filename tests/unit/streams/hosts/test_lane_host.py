"""The lane host: what it asks its consumer for, so that a full lane holds no other and is fetched once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition

from schemas.process.kafka import Brokers
from schemas.topics import WORK
from streams.broker.records import Incoming
from streams.hosts.lane_host import LANE_BUFFER, NOWHERE, LaneHost
from tests.support.patience import PATIENCE_S


@dataclass
class Record:
    topic: str
    offset: int
    partition: int = 0
    timestamp: int = 0
    key: bytes = b"plan"
    value: bytes = b""
    headers: tuple[tuple[str, bytes], ...] = ()


class Log:
    """A consumer with one partition a lane. Gives only what is asked for, as aiokafka does, and hears of no pause."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.left = {TopicPartition(WORK[lane], 0): count for lane, count in counts.items()}
        self.offsets: Counter[TopicPartition] = Counter()
        self.asked: list[set[TopicPartition]] = []
        self.committed: dict[TopicPartition, int] = {}

    def assignment(self) -> set[TopicPartition]:
        return set(self.left)

    async def getmany(self, *places: TopicPartition, timeout_ms: int, max_records: int) -> dict[Any, list[Record]]:
        self.asked.append(set(places))
        await asyncio.sleep(0)
        found: dict[TopicPartition, list[Record]] = {}
        for place in self.left:
            given = min(max_records, self.left[place]) if place in places else 0
            if given:
                max_records -= given
                self.left[place] -= given
                found[place] = [Record(place.topic, self.offsets[place] + n) for n in range(given)]
                self.offsets[place] += given
        return found

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        self.committed.update(offsets)

    def add(self, lane: str) -> None:
        self.left[TopicPartition(WORK[lane], 0)] += 1


async def drive(counts: dict[str, int], until: int, *, concurrency: int = 1) -> tuple[list[str], Log]:
    """Return the lanes of the first `until` items in the order in which they were begun, and the log."""
    log, begun = Log(counts), list[str]()

    async def see_through(record: Incoming) -> None:
        begun.append(record.topic.rsplit(".", 1)[1])
        if len(begun) == until - 2:
            log.add("high")
        await asyncio.sleep(0.001)
        if len(begun) >= until:
            host.stop()

    host = LaneHost(Brokers(""), "analysis", WORK, see_through, concurrency=concurrency, session_timeout_s=6, drain_s=1)
    await asyncio.wait_for(host._loop(log), PATIENCE_S)
    await host._drain(10)
    return begun, log


async def test_a_full_lane_is_not_asked_for_and_the_others_are() -> None:
    begun, log = await drive({"high": 0, "normal": 0, "low": 1000}, 20)
    low, high = (TopicPartition(WORK[lane], 0) for lane in ("low", "high"))
    assert any(low not in asked and high in asked for asked in log.asked)
    assert begun[:18] == ["low"] * 18
    assert "high" in begun[18:20]  # it came behind a thousand others
    assert log.offsets[low] <= 2 * LANE_BUFFER + 20


async def test_while_every_lane_is_full_nothing_is_asked_for_but_asked_all_the_same() -> None:
    _, log = await drive({"high": 500, "normal": 500, "low": 500}, 10)
    assert {NOWHERE} in log.asked


async def test_every_lane_gets_its_share_and_all_end() -> None:
    begun, log = await drive({"high": 120, "normal": 45, "low": 15}, 181, concurrency=4)
    assert Counter(begun) == {"high": 121, "normal": 45, "low": 15}
    assert not any(log.left.values())
    assert Counter(begun[60:120])["low"] in range(4, 7)
