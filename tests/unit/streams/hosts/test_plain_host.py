"""The host on aiokafka alone: what it hands over, what it commits, and what a rebalance or a pause leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, KafkaConnectionError

from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS
from streams.broker.records import Incoming
from streams.guard.portion import FEW, Wants
from streams.hosts import plain_host
from streams.hosts.lane_host import NOWHERE
from streams.hosts.plain_host import PlainHost
from tests.support.patience import PATIENCE_S

ONE, TWO = TopicPartition(PLAN_EVENTS, 1), TopicPartition(PLAN_EVENTS, 2)
NOBODYS = ("type", b"nobody's")


def record(place: TopicPartition, offset: int, *headers: tuple[str, bytes]) -> Any:
    return SimpleNamespace(
        topic=place.topic, partition=place.partition, offset=offset, timestamp=7, key=b"k", value=b"v", headers=headers
    )


class Guard:
    """Takes records, and is done with one when it is told to; `full` is what it waits for."""

    def __init__(self) -> None:
        self.got: list[Incoming] = []
        self.room = asyncio.Event()
        self.room.set()
        self.wanted: Wants = "all"

    def wants(self) -> Wants:
        return self.wanted

    def concerns(self, headers: Iterable[tuple[str, bytes]]) -> bool:
        return NOBODYS not in headers

    async def submit(self, incoming: Incoming) -> None:
        await self.room.wait()
        self.got.append(incoming)

    def done(self, *offsets: int) -> None:
        for incoming in self.got:
            if incoming.offset in offsets:
                incoming.ack()


class Log:
    """A consumer: gives what was put in, notes what it was asked for, told and made to commit."""

    def __init__(self, *looks: dict[TopicPartition, list[Any]]) -> None:
        self.looks = list(looks)
        self.assigned: set[TopicPartition] = set()
        self.asked: list[tuple[TopicPartition, ...]] = []
        self.committed: dict[TopicPartition, int] = {}
        self.sought: dict[TopicPartition, int] = {}
        self.fails: Exception | None = None
        self.begun = self.ended = 0

    async def start(self) -> None:
        self.begun += 1

    async def stop(self) -> None:
        self.ended += 1

    def subscribe(self, topics: list[str], listener: Any) -> None:
        assert PLAN_EVENTS in topics

    async def getmany(self, *places: TopicPartition, timeout_ms: int, max_records: int = 1) -> dict[Any, list[Any]]:
        self.asked.append(places)
        await asyncio.sleep(0)
        if places or not self.looks:
            await asyncio.sleep(0.001)
            return {}
        return self.looks.pop(0)

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    def seek(self, place: TopicPartition, offset: int) -> None:
        self.sought[place] = offset

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self.fails is not None:
            fails, self.fails = self.fails, None
            raise fails
        self.committed.update(offsets)


class At:
    """A host with its guard and its log, at work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.guard, self.log, self.paused = Guard(), Log(), False
        monkeypatch.setattr(plain_host, "COMMIT_S", 0.001)
        monkeypatch.setattr(plain_host, "REVOKE_DRAIN_S", 0.05)
        monkeypatch.setattr(plain_host, "STOP_DRAIN_S", 0.05)
        monkeypatch.setattr("schemas.process.kafka.member", lambda *_, **__: self.log)
        self.host = PlainHost(
            Brokers("broker"),
            self.guard,  # type: ignore[arg-type]
            session_timeout_s=6,
            paused=lambda: self.paused,
        )

    @property
    def got(self) -> list[int]:
        return [incoming.offset for incoming in self.guard.got]

    async def until(self, seen: Any) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not seen():
                await asyncio.sleep(0.001)

    async def work(self, *looks: dict[TopicPartition, list[Any]]) -> asyncio.Task[None]:
        self.log.looks += looks
        return asyncio.create_task(self.host.run())

    async def stop(self, task: asyncio.Task[None]) -> None:
        self.host.stop()
        await asyncio.wait_for(task, PATIENCE_S)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    return At(monkeypatch)


async def test_what_is_done_is_committed_up_to_the_first_that_is_not(at: At) -> None:
    task = await at.work({ONE: [record(ONE, 5), record(ONE, 6), record(ONE, 7, NOBODYS)]})
    await at.until(lambda: at.got == [5, 6])

    at.guard.done(6)
    await at.until(lambda: len(at.log.asked) > 5)
    assert at.log.committed == {}
    at.guard.done(5)
    await at.until(lambda: at.log.committed == {ONE: 8})

    first = at.guard.got[0]
    assert (first.topic, first.partition, first.timestamp_ms, first.key, first.value) == (PLAN_EVENTS, 1, 7, b"k", b"v")
    await at.stop(task)
    assert (at.log.begun, at.log.ended) == (1, 1)


async def test_a_stop_waits_a_moment_for_what_is_in_hand_and_commits_no_more_than_is_done(at: At) -> None:
    task = await at.work({ONE: [record(ONE, 5), record(ONE, 6)]})
    await at.until(lambda: at.got == [5, 6])
    at.host.stop()
    at.guard.done(5)
    await asyncio.wait_for(task, PATIENCE_S)
    assert at.log.committed == {ONE: 6}


async def test_a_partition_that_is_taken_away_is_committed_and_nothing_more_of_it_is_handed_over(at: At) -> None:
    at.guard.room.clear()
    task = await at.work({ONE: [record(ONE, 5), record(ONE, 6)], TWO: [record(TWO, 1)]})
    await at.until(lambda: at.host._in_hand.get(ONE) is not None and at.host._in_hand[ONE].under_way == 1)

    leaving = asyncio.create_task(at.host.on_partitions_revoked([ONE, TWO]))
    await asyncio.sleep(0)
    at.guard.room.set()
    await at.until(lambda: at.got == [5])
    at.guard.done(5)
    await asyncio.wait_for(leaving, PATIENCE_S)

    assert at.log.committed == {ONE: 6}
    await at.until(lambda: len(at.log.asked) > 3)
    assert at.got == [5], "6 and the other partition are somebody else's by now"
    await at.stop(task)


async def test_a_partition_that_comes_back_begins_anew_with_what_was_not_committed(at: At) -> None:
    task = await at.work({ONE: [record(ONE, 5), record(ONE, 6)]})
    await at.until(lambda: at.got == [5, 6])
    await at.host.on_partitions_revoked([ONE])  # nothing is done by the end of its patience
    assert at.log.committed == {}

    at.log.looks.append({ONE: [record(ONE, 5), record(ONE, 6)]})
    await at.until(lambda: at.got == [5, 6, 5, 6])
    for late in at.guard.got[:2]:
        late.ack()
    await at.until(lambda: len(at.log.asked) > 5)
    assert at.log.committed == {}, "what was read before says nothing about what is in hand now"
    for incoming in at.guard.got[2:]:
        incoming.ack()
    await at.until(lambda: at.log.committed == {ONE: 7})
    await at.stop(task)


async def test_while_it_is_paused_nothing_is_handed_over_and_nothing_is_lost(at: At) -> None:
    at.guard.room.clear()
    task = await at.work({ONE: [record(ONE, 5), record(ONE, 6), record(ONE, 7)]})
    await at.until(lambda: ONE in at.host._in_hand and at.host._in_hand[ONE].under_way == 1)
    at.paused = True
    at.guard.room.set()
    await at.until(lambda: at.log.sought == {ONE: 6})
    await at.until(lambda: at.log.asked[-1] == (NOWHERE,))
    assert at.got == [5]

    at.log.looks.append({ONE: [record(ONE, 6), record(ONE, 7)]})
    at.paused = False
    await at.until(lambda: at.got == [5, 6, 7])
    at.guard.done(5, 6, 7)
    await at.until(lambda: at.log.committed == {ONE: 8})
    await at.stop(task)


async def test_a_commit_that_comes_too_late_for_its_partitions_is_made_again_or_by_the_next_owner(at: At) -> None:
    at.log.fails = CommitFailedError()
    task = await at.work({ONE: [record(ONE, 5, NOBODYS)]})
    await at.until(lambda: at.log.committed == {ONE: 6})
    assert at.log.begun == 1
    await at.stop(task)


async def test_a_broker_that_is_away_begins_a_new_session(at: At) -> None:
    at.log.fails = KafkaConnectionError()
    task = await at.work({ONE: [record(ONE, 5, NOBODYS)]}, {ONE: [record(ONE, 6, NOBODYS)]})
    await at.until(lambda: at.log.begun == 2)
    await at.stop(task)
    assert at.log.ended == 2


async def test_a_stop_does_not_wait_for_a_look_that_does_not_end(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any, **__: Any) -> dict[Any, Any]:
        at.log.asked.append(())
        await asyncio.Event().wait()
        return {}

    monkeypatch.setattr(at.log, "getmany", never)
    task = await at.work()
    await at.until(lambda: bool(at.log.asked))
    await at.stop(task)
    assert at.log.ended == 1


FIRST = TopicPartition(PLAN_EVENTS, 4)


async def test_what_is_for_urgent_plans_is_taken_first_and_alone_while_the_guard_has_enough(
    at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[TopicPartition, ...]] = []
    most: list[int] = []
    lies = {FIRST: [record(FIRST, 0)]}

    async def getmany(*places: TopicPartition, timeout_ms: int, max_records: int) -> dict[Any, list[Any]]:
        asked.append(places)
        most.append(max_records)
        await asyncio.sleep(timeout_ms / 100_000)
        return {tp: lies.pop(tp) for tp in list(lies) if tp in (places or (FIRST, ONE))}

    at.log.assigned = {FIRST, ONE}
    monkeypatch.setattr(at.log, "getmany", getmany)
    task = await at.work()
    await at.until(lambda: len(asked) > 4)
    # the second time of all, whatever there is: else the others would wait for as long as something comes
    assert asked[:4] == [(FIRST,), (), (FIRST,), ()]
    at.guard.wanted = "urgent"
    await asyncio.sleep(0.01)
    lies[ONE] = [record(ONE, 0)]
    seen = len(asked)
    await at.until(lambda: len(asked) > seen + 3)
    assert set(asked[seen + 1 :]) == {(FIRST,)}
    assert at.got == [0]
    at.guard.wanted = "few"
    await at.until(lambda: not lies)
    await at.until(lambda: most[-1] == FEW and asked[-1] == ())
    at.log.assigned, at.guard.wanted = {TopicPartition(PLAN_EVENTS, 3)}, "usual"
    await at.until(lambda: asked[-1] == (NOWHERE,))
    await at.stop(task)
