"""Stopping a host whose items never end: they are called off in time, and handed back uncommitted."""

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
from tests.support.patience import PATIENCE_S

PLACE = TopicPartition("work", 0)


class Consumer:
    """A consumer that gives three records once; `broker_away`: it waits for ever with everything that asks a broker."""

    def __init__(self) -> None:
        self.broker_away = False
        self.committed: dict[TopicPartition, int] = {}
        self._left = [SimpleNamespace(offset=n, topic="work", partition=0) for n in range(3)]
        for record in self._left:
            record.timestamp, record.key, record.value, record.headers = 1, b"k", b"v", []

    async def start(self) -> None:
        """Connect."""

    def subscribe(self, *_: object, **__: object) -> None:
        """Join."""

    def assignment(self) -> set[TopicPartition]:
        return {PLACE}

    def paused(self) -> set[TopicPartition]:
        return set()

    async def getmany(self, *_: object, **__: object) -> dict[TopicPartition, list[Any]]:
        await asyncio.sleep(0.01)
        given, self._left = self._left, []
        return {PLACE: given} if given else {}

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        await self._answer()
        self.committed.update(offsets)

    async def stop(self) -> None:
        await self._answer()

    async def _answer(self) -> None:
        if self.broker_away:
            await asyncio.Event().wait()


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane_host, "LEAVE_S", 0.2)


async def stopped(consumer: Consumer, monkeypatch: pytest.MonkeyPatch) -> tuple[LaneHost, list[int]]:
    """Run a host whose second item hangs, stop it; return it and the offsets of the items that were called off."""
    called_off: list[int] = []

    async def see_through(record: Incoming) -> None:
        if record.offset == 1:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.sleep(0)  # gives back what it holds
                called_off.append(record.offset)
                raise

    host = LaneHost(
        Brokers("broker"), "group", {"normal": "work"}, see_through, concurrency=4, session_timeout_s=6, drain_s=0.2
    )
    monkeypatch.setattr(host, "_consumer", lambda: consumer)
    running = asyncio.create_task(host.run())
    async with asyncio.timeout(PATIENCE_S):
        while host.done < 2 and not running.done():
            await asyncio.sleep(0.01)
        host.stop()
        await running
    return host, called_off


async def test_a_hanging_item_is_called_off_and_handed_back(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Consumer()

    host, called_off = await stopped(consumer, monkeypatch)

    assert called_off == [1]
    assert host.in_flight == 0
    assert consumer.committed == {PLACE: 1}


async def test_a_broker_that_is_gone_does_not_keep_it(monkeypatch: pytest.MonkeyPatch) -> None:
    consumer = Consumer()
    consumer.broker_away = True

    _, called_off = await stopped(consumer, monkeypatch)

    assert called_off == [1]
    assert consumer.committed == {}
