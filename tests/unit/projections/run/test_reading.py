"""What the projections read next: how much, of which topic, and what is not low before what is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from projections.run.reading import read_on
from projections.run.turns import BATCH, READ_ON
from projections.run.window import LIMIT, PLANS_ALONE, Window
from schemas.topics import PLAN_EVENTS, TASK_EVENTS

PLANS, TASKS, LOW = TopicPartition(PLAN_EVENTS, 1), TopicPartition(TASK_EVENTS, 1), TopicPartition(PLAN_EVENTS, 3)


def records(count: int, place: TopicPartition = PLANS) -> list[Any]:
    told = {"topic": place.topic, "partition": place.partition, "timestamp": 0, "value": b"", "headers": []}
    return [SimpleNamespace(**told, offset=n, key=b"%d" % n) for n in range(count)]


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
    await read_on(consumer, window)
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
        await read_on(Notes(PLANS), window)
    assert read == [BATCH, READ_ON, 7]


class Full(Consumer):
    """A consumer of which each partition has as much as is wanted, the low ones first."""

    async def getmany(self, *asked: TopicPartition, timeout_ms: int, max_records: int) -> dict[TopicPartition, Any]:
        assert max_records
        place = max(asked or self.assigned, key=lambda tp: tp.partition)
        return {place: records(max_records, place)}


async def read(window: Window, consumer: Consumer) -> dict[TopicPartition, int]:
    """Read on; return how much of each partition there is now."""
    await read_on(consumer, window)
    return {tp: len(waiting) for tp, waiting in window._records.items()}


async def test_what_is_not_low_is_read_whatever_flood_of_low_ones_lies_there_and_these_have_a_share() -> None:
    window, consumer = Window(), Full(PLANS, LOW)
    window.add({LOW: records(BATCH, LOW)})
    assert await read(window, consumer) == {PLANS: READ_ON // 2, LOW: BATCH + READ_ON // 2}


async def test_the_last_of_the_room_is_for_what_is_not_low() -> None:
    window, consumer = Window(), Full(PLANS, LOW)
    low = LIMIT - LIMIT // 4
    window.add({LOW: records(low, LOW)})
    assert await read(window, consumer) == {PLANS: READ_ON, LOW: low}
    window = Window()
    window.add({LOW: records(low - 2, LOW)})
    assert await read(window, consumer) == {PLANS: READ_ON - 1, LOW: low - 1}
    alone = Window()
    alone.add({LOW: records(LIMIT - 3, LOW)})
    assert await read(alone, Full(LOW)) == {LOW: LIMIT}  # who has no others has no room to keep


async def test_low_ones_of_many_bytes_leave_room_too() -> None:
    window = Window(most_bytes=100)
    window.add({LOW: [SimpleNamespace(value=b"v" * 80, offset=0, key=b"k")]})
    assert await read(window, Full(PLANS, LOW)) == {PLANS: READ_ON * 2, LOW: 1}
