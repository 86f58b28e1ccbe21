"""A rebalance: what is in flight holds nobody up, goes on, and is not begun again where its partition returns."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from schemas.process.kafka import Brokers
from streams.broker.records import Incoming
from streams.hosts import lane_host
from streams.hosts.lane_host import LaneHost

PLACE = TopicPartition("work", 0)


def record(offset: int) -> Any:
    return SimpleNamespace(topic="work", partition=0, offset=offset, timestamp=1, key=b"k", value=b"v", headers=[])


class Calls:
    """Items that end when they are told to."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.end: dict[int, asyncio.Event] = {}
        self.committed: dict[TopicPartition, int] = {}
        self.host = LaneHost(
            Brokers("broker"), "group", {"normal": "work"}, self._see, concurrency=4, session_timeout_s=6, drain_s=1
        )
        self.host.consumer = self  # it is asked to commit only

    async def _see(self, item: Incoming) -> None:
        self.begun.append(item.offset)
        await self.end.setdefault(item.offset, asyncio.Event()).wait()

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        self.committed.update(offsets)

    async def take(self, *offsets: int) -> None:
        for offset in offsets:
            self.host._take(PLACE, record(offset))
        self.host._start_items()
        await asyncio.sleep(0)

    async def finish(self, *offsets: int) -> None:
        for offset in offsets:
            self.end.setdefault(offset, asyncio.Event()).set()
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    monkeypatch.setattr(lane_host, "REVOKE_DRAIN_S", 0.05)
    return Calls()


async def test_what_is_in_flight_is_given_a_moment_and_not_called_off(calls: Calls) -> None:
    await calls.take(0, 1)
    await calls.finish(0)

    await calls.host.on_partitions_revoked([PLACE])  # call 1 ends when it is told to, below

    assert calls.committed == {PLACE: 1}
    assert calls.host.in_flight == 1
    await calls.finish(1)
    assert (calls.host.in_flight, calls.host.done) == (0, 2)


async def test_a_partition_that_comes_back_finds_its_calls_under_way(calls: Calls) -> None:
    await calls.take(0, 1)
    await calls.host.on_partitions_revoked([PLACE])

    await calls.take(0, 1, 2)

    assert calls.begun == [0, 1, 2]
    await calls.finish(0, 1)
    await calls.host._commit(calls)
    assert calls.committed == {PLACE: 2}
    await calls.finish(2)
    await calls.host._commit(calls)
    assert calls.committed == {PLACE: 3}


async def test_what_ended_while_its_partition_was_away_is_looked_at_again(calls: Calls) -> None:
    await calls.take(0)
    await calls.host.on_partitions_revoked([PLACE])
    await calls.finish(0)

    await calls.take(0)  # nobody committed it: its result is there, and is found

    assert calls.begun == [0, 0]
    assert calls.committed == {}


def test_a_rebalance_is_over_within_the_time_in_which_a_killed_process_is_to_be_replaced() -> None:
    session_s = 6.0  # the default of MARKETPLACE_SESSION_TIMEOUT
    # the dead one's session, the next heartbeat of the others, what they have in flight, and two rounds of the group
    assert session_s + session_s / lane_host.HEARTBEATS + lane_host.REVOKE_DRAIN_S + 0.5 <= 8.0
