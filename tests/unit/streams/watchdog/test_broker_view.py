"""What is asked of a group's coordinator, which may be another broker at any time."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, NotLeaderForPartitionError

from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS, declared
from streams.watchdog import broker
from streams.watchdog.broker import COMMITTING, SETTLED_S, BrokerView
from tests.support.set_clock import SetClock


class Cluster:
    """Two brokers: the one that is no coordinator answers with nothing, as the client tells it."""

    def __init__(self, done: int = 5) -> None:
        self.coordinator, self.done, self.end = 1, done, 9
        self.asked = 0

    async def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, self.end)

    async def beginning_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    async def find_coordinator(self, _group: str) -> int:
        return self.coordinator

    async def list_consumer_group_offsets(self, _group: str, *, group_coordinator_id: int) -> dict[Any, Any]:
        self.asked += 1
        if group_coordinator_id != self.coordinator:
            return {}
        return {TopicPartition(PLAN_EVENTS, 0): SimpleNamespace(offset=self.done)}


class Done(Cluster):
    """Every group has done all that there is."""

    async def list_consumer_group_offsets(self, group: str, *, group_coordinator_id: int) -> dict[Any, Any]:
        self.asked += 1
        partitions = [TopicPartition(t, p) for t in COMMITTING[group] for p in range(declared()[t].partitions)]
        return dict.fromkeys(partitions, SimpleNamespace(offset=self.done))


async def test_groups_that_have_done_all_are_not_asked_again_until_something_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = SetClock()
    monkeypatch.setattr(broker, "time", clock)
    cluster, view = Done(done=9), BrokerView(Brokers("127.0.0.1:1"))

    async def clients() -> tuple[Any, Any]:
        return cluster, cluster

    monkeypatch.setattr(view._clients, "open", clients)
    for _ in range(5):
        await view._sample()
        clock.now += 0.2 * SETTLED_S
    clock.now -= 0.2 * SETTLED_S
    assert cluster.asked == len(COMMITTING)

    cluster.end = 10  # and nobody takes it
    for _ in range(5):
        await view._sample()
        clock.now += 1.0
    assert cluster.asked == 6 * len(COMMITTING)
    assert view.still()["agents", PLAN_EVENTS, 0] == 5.0, "it stands still since it came"

    cluster.done = 10
    await view._sample()
    asked = cluster.asked
    await view._sample()
    assert cluster.asked == asked
    clock.now += SETTLED_S
    await view._sample()
    assert cluster.asked == asked + len(COMMITTING), "all the same now and then"


async def test_a_group_whose_coordinator_moves_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster, view = Cluster(), BrokerView(Brokers("127.0.0.1:1"))

    async def clients() -> tuple[Any, Any]:
        return cluster, cluster

    monkeypatch.setattr(view._clients, "open", clients)
    await view._sample()
    assert view.done["agents", PLAN_EVENTS, 0] == 5

    cluster.coordinator, cluster.done = 2, 9  # both live: no connection breaks
    await view._sample()

    assert view.done["agents", PLAN_EVENTS, 0] == 9
    assert ("agents", PLAN_EVENTS, 0) not in view.still()


async def test_that_the_broker_is_away_and_back_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "SAMPLE_S", 0.0)
    monkeypatch.setattr(broker, "AGAIN_S", 0.0)
    view, refuses, said = BrokerView(Brokers("127.0.0.1:1")), True, []
    view.seen = True

    async def sample() -> None:
        if refuses:
            raise ConnectionRefusedError

    monkeypatch.setattr(view, "_sample", sample)
    view.turned = lambda: said.append(view.away_s > 0)
    running = asyncio.create_task(view.run())
    while said != [True]:
        await asyncio.sleep(0.01)
    refuses = False
    while said != [True, False]:
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize(
    ("errors", "away"),
    [
        ([ConnectionRefusedError()], False),  # of a connection that it has just closed
        ([ConnectionRefusedError(), KafkaConnectionError()], True),
        ([ConnectionRefusedError(), NotLeaderForPartitionError(), ConnectionRefusedError()], False),  # it chooses
        ([TimeoutError(), TimeoutError()], False),
    ],
)
async def test_it_is_away_when_it_takes_no_connection_twice(
    monkeypatch: pytest.MonkeyPatch, errors: list[Exception], away: bool
) -> None:
    monkeypatch.setattr(broker, "AGAIN_S", 0.0)
    view, left, asked_all = BrokerView(Brokers("127.0.0.1:1")), list(errors), asyncio.Event()
    view.seen = True

    async def sample() -> None:
        if not left:
            asked_all.set()
            await asyncio.Event().wait()
        raise left.pop(0)

    monkeypatch.setattr(view, "_sample", sample)
    running = asyncio.create_task(view.run())
    await asked_all.wait()
    assert (view.away_s > 0) == away
    view._answered_at -= broker.REFUSED_S
    assert (view.away_s > 0) == (not isinstance(errors[-1], TimeoutError)), "it refuses for too long"
    view._answered_at -= broker.SILENT_S
    assert view.away_s > 0
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("listens", [True, False])
async def test_a_client_that_asks_a_dead_broker_again_and_again_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, listens: bool
) -> None:
    monkeypatch.setattr(broker, "SLOW_S", 0.01)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    if not listens:
        server.close()
        await server.wait_closed()
    view, asked, answers = BrokerView(Brokers(f"127.0.0.1:{port}")), 0, asyncio.Event()
    view.seen = True

    async def sample() -> None:
        await answers.wait()

    reached = kafka.reached

    async def counted(brokers: Brokers) -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            answers.set()
        return await reached(brokers)

    monkeypatch.setattr(kafka, "reached", counted)
    monkeypatch.setattr(view, "_sample", sample)
    taking = view._answered(asyncio.create_task(sample()))
    if listens:
        await taking
        assert asked == 3, "it is slow, and there"
        server.close()
    else:
        with pytest.raises(ConnectionRefusedError):
            await taking
        assert asked == 1


async def test_where_the_log_ends_is_asked_after_it_was_known_how_far_the_workers_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An end that was asked before would leave out what they had just made."""
    cluster, view = Cluster(done=5), BrokerView(Brokers("127.0.0.1:1"))

    async def clients() -> tuple[Any, Any]:
        return cluster, cluster

    monkeypatch.setattr(view._clients, "open", clients)
    await view._sample()
    assert view.passed.marks().get((PLAN_EVENTS, 0), ()) == ()
    cluster.end, cluster.done = 15, 7
    await view._sample()
    assert view.passed.marks()[PLAN_EVENTS, 0] == ((5, 15),)
    cluster.end = 19
    await view._sample()
    assert view.passed.marks()[PLAN_EVENTS, 0] == ((5, 15), (7, 19))
