"""A lane host when something fails: an item raises, a commit comes too late, the broker is away, partitions move."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaConnectionError

from schemas.process.kafka import Brokers
from streams.broker.records import Incoming
from streams.hosts import lane_host
from streams.hosts.lane_host import LaneHost
from tests.support.patience import PATIENCE_S

PLACE, OTHER = TopicPartition("work", 0), TopicPartition("work", 1)


def record(place: TopicPartition, offset: int) -> Any:
    return SimpleNamespace(
        topic=place.topic, partition=place.partition, offset=offset, timestamp=1, key=b"k", value=b"v", headers=[]
    )


class Working:
    """A host on a consumer that gives records once, and fails as it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.records = {PLACE: [record(PLACE, 5)]}
        self.attempts: list[int] = []
        self.fails: Callable[[int], bool] = lambda _: False
        self.refusals: list[Exception] = []
        self.starts: list[Exception] = []
        self.committed: dict[TopicPartition, int] = {}
        self.begun = self.ended = 0
        self.paused = False
        for name, seconds in {"AGAIN_S": 0.001, "COMMIT_S": 0.001, "REVOKE_DRAIN_S": 0.02, "POLL_MS": 1}.items():
            monkeypatch.setattr(lane_host, name, seconds)
        self.asked_for: dict[str, Any] = {}

        def member(*_: Any, **options: Any) -> Working:
            self.asked_for = options
            return self

        monkeypatch.setattr("schemas.process.kafka.member", member)
        self.host = LaneHost(
            Brokers("broker"),
            "group",
            {"normal": "work"},
            self._see,
            concurrency=1,
            session_timeout_s=6,
            drain_s=0.02,
            paused=lambda: self.paused,
        )

    async def _see(self, item: Incoming) -> None:
        self.attempts.append(item.offset)
        await asyncio.sleep(0)
        if self.fails(len(self.attempts)):
            raise LookupError("nobody thought of it")

    async def start(self) -> None:
        self.begun += 1
        if self.starts:
            raise self.starts.pop()

    async def stop(self) -> None:
        self.ended += 1

    def subscribe(self, topics: list[str], listener: Any) -> None:
        assert topics == ["work"]

    def assignment(self) -> set[TopicPartition]:
        return {PLACE, OTHER}

    async def getmany(self, *_: Any, **__: Any) -> dict[TopicPartition, list[Any]]:
        await asyncio.sleep(0.001)
        given, self.records = self.records, {}
        return given

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self.refusals:
            raise self.refusals.pop()
        self.committed.update(offsets)

    async def until(self, seen: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not seen():
                await asyncio.sleep(0.001)

    async def stopped(self, running: asyncio.Task[None]) -> None:
        self.host.stop()
        await asyncio.wait_for(running, PATIENCE_S)


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch) -> Working:
    return Working(monkeypatch)


async def test_an_item_that_raises_is_tried_again_until_it_is_done_and_only_then_committed(working: Working) -> None:
    committed: list[int] = []

    def fails(attempt: int) -> bool:
        committed.append(len(working.committed))
        return attempt < 4

    working.fails = fails
    running = asyncio.create_task(working.host.run())
    await working.until(lambda: working.host.done == 1)
    assert working.attempts == [5] * 4
    assert committed == [0] * 4
    await working.until(lambda: working.committed == {PLACE: 6})
    await working.stopped(running)


async def test_an_item_that_raises_while_its_host_stops_is_left_to_the_next_process(working: Working) -> None:
    working.fails = lambda _: True
    running = asyncio.create_task(working.host.run())
    await working.until(lambda: len(working.attempts) > 1)
    await working.stopped(running)
    assert (working.host.done, working.host.in_flight, working.committed) == (0, 0, {})


@pytest.mark.parametrize("refused", [CommitFailedError(), IllegalStateError()], ids=repr)
async def test_a_commit_that_comes_too_late_for_its_partitions_is_made_again(
    working: Working, refused: Exception
) -> None:
    working.refusals = [refused]
    running = asyncio.create_task(working.host.run())
    await working.until(lambda: working.committed == {PLACE: 6})
    assert working.begun == 1
    await working.stopped(running)


async def test_a_broker_that_is_away_is_asked_again_by_a_new_consumer(working: Working) -> None:
    working.starts = [KafkaConnectionError()]
    running = asyncio.create_task(working.host.run())
    await working.until(lambda: working.committed == {PLACE: 6})
    assert (working.begun, working.ended) == (2, 1)
    assert working.asked_for["session_timeout_s"] == 6
    await working.stopped(running)
    assert working.ended == 2


async def test_while_it_is_paused_nothing_is_begun_and_then_all_of_it(working: Working) -> None:
    working.paused = True
    running = asyncio.create_task(working.host.run())
    await working.until(lambda: working.host.waiting == 1)
    assert working.attempts == []
    working.paused = False
    await working.until(lambda: working.committed == {PLACE: 6})
    await working.stopped(running)


async def test_of_a_partition_that_is_taken_away_nothing_more_is_begun(working: Working) -> None:
    host = working.host
    host.consumer = working
    host._take(PLACE, record(PLACE, 4))
    host._start_items()
    await working.until(lambda: host.done == 1)
    working.paused = True
    for place in (PLACE, OTHER):
        host._take(place, record(place, 5))
    working.refusals = [KafkaConnectionError()]

    await host.on_partitions_revoked([PLACE])  # the broker is away: what is done there is done again by the next owner

    assert working.refusals == []
    working.paused = False
    host._start_items()
    await working.until(lambda: host.done == 2)
    await host._commit(working)
    assert working.committed == {OTHER: 6}
    assert (host.waiting, host.in_flight) == (0, 0)
    await host.on_partitions_assigned([PLACE])
    assert host.waiting == 0
