"""What the projections read next, and how much one turn takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from projections.run import runner
from projections.run.runner import Runner
from projections.run.turns import BATCH, READ_ON, TURN
from projections.run.window import LIMIT, PLANS_ALONE, Window
from projections.settings import Settings
from schemas.headers import PRIORITY
from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS, TASK_EVENTS
from tests.support.letters import CODEC

PLANS, TASKS = TopicPartition(PLAN_EVENTS, 0), TopicPartition(TASK_EVENTS, 0)


def made() -> Runner:
    return Runner(Settings(Brokers(""), "http://127.0.0.1:1", "postgresql://"), CODEC)


def records(count: int, begin: int = 0) -> list[Any]:
    """Return records of plans of low priority, the last of them high."""
    return [
        SimpleNamespace(
            topic=PLAN_EVENTS,
            partition=0,
            offset=begin + n,
            timestamp=0,
            key=b"%d" % n,
            value=b"",
            headers=[(PRIORITY, b"high" if n + 1 == count else b"low")],
        )
        for n in range(count)
    ]


class Consumer:
    """A consumer with some partitions, which notes for which of them records were fetched."""

    def __init__(self, *assigned: TopicPartition) -> None:
        self.assigned = set(assigned)
        self.asked: list[set[TopicPartition]] = []

    def assignment(self) -> set[TopicPartition]:
        return self.assigned

    async def getmany(self, *asked: TopicPartition, timeout_ms: int, max_records: int) -> dict[TopicPartition, Any]:
        self.asked.append(set(asked) or self.assigned)
        return {}


@pytest.mark.parametrize(
    ("waiting", "assigned", "asked"),
    [
        (PLANS_ALONE - 1, [PLANS, TASKS], [{PLANS, TASKS}]),
        (PLANS_ALONE, [PLANS, TASKS], [{PLANS}]),
        (PLANS_ALONE, [TASKS], []),  # another process reads the plans
        (LIMIT, [PLANS, TASKS], []),
    ],
)
async def test_with_many_that_wait_plans_alone_are_read(
    waiting: int, assigned: list[TopicPartition], asked: list[set[TopicPartition]]
) -> None:
    window, consumer = Window(), Consumer(*assigned)
    window.add({PLANS: records(waiting)})
    await made()._read(cast("AIOKafkaConsumer", consumer), window)
    assert consumer.asked == asked


async def test_where_a_turn_waits_already_less_is_read_on_at_once() -> None:
    read: list[int] = []

    class Notes(Consumer):
        async def getmany(self, *_: TopicPartition, timeout_ms: int, max_records: int) -> dict[Any, Any]:
            read.append(max_records)
            return {}

    window = Window()
    for waiting in (0, BATCH, LIMIT - BATCH - 7):
        window.add({PLANS: records(waiting)} if waiting else {})
        await made()._read(cast("AIOKafkaConsumer", Notes(PLANS)), window)
    assert read == [BATCH, READ_ON, 7]


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


async def test_turns_are_short_for_a_while_after_something_was_shown_before_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, turns, shown = Clock(), list[int](), list[int]()
    monkeypatch.setattr(runner, "time", clock)
    tested, window = made(), Window()

    async def mapped(found: list[Any], *, ahead: bool) -> Any:
        assert ahead
        shown.extend(record.offset for record in found)
        return [], [], []

    async def written(*_: Any) -> bool:
        return True

    async def batch(_: Any, taken: dict[TopicPartition, list[Any]], __: Any) -> None:
        turns.append(sum(map(len, taken.values())))
        clock.now += turns[-1] / 1024

    monkeypatch.setattr(tested, "_map", mapped)
    monkeypatch.setattr(tested, "_batch", batch)
    monkeypatch.setattr(runner, "write_ahead", written)
    window.add({PLANS: records(5000)})
    for _ in range(6):
        await tested._turn(cast("Any", None), window, {(PLAN_EVENTS, 0): 0})
    assert turns == [2000, 64, 64, 128, 256, 512]  # two seconds later more with each turn
    assert shown == [4999]


async def test_where_a_turn_takes_long_the_next_ones_are_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, turns = Clock(), list[int]()
    monkeypatch.setattr(runner, "time", clock)
    tested, window = made(), Window()

    async def batch(_: Any, taken: dict[TopicPartition, list[Any]], __: Any) -> None:
        turns.append(sum(map(len, taken.values())))
        clock.now += turns[-1] / 500

    monkeypatch.setattr(tested, "_batch", batch)
    window.add({PLANS: [one for one in records(4001) if one.offset < 4000]})
    for _ in range(2):
        await tested._turn(cast("Any", None), window, {(PLAN_EVENTS, 0): 0})
    assert turns == [2000, 500]


async def test_a_turn_of_few_records_says_nothing_of_how_many_one_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, tested, window = Clock(), made(), Window()
    monkeypatch.setattr(runner, "time", clock)

    async def batch(*_: Any) -> None:
        clock.now += 60

    monkeypatch.setattr(tested, "_batch", batch)
    for few in (TURN - 1, TURN):
        window.add({PLANS: records(few)})
        assert tested._portions.most == BATCH
        await tested._turn(cast("Any", None), window, {})
    assert tested._portions.most == TURN
