"""Tasks wait for their plans, and never for ever."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition

from projections.rebuild.in_step import InStep
from schemas.topics import PLAN_EVENTS, SYSTEM_EVENTS, TASK_EVENTS

PLANS, TASKS = TopicPartition(PLAN_EVENTS, 3), TopicPartition(TASK_EVENTS, 3)


def records(*timestamps: int) -> list[Any]:
    return [SimpleNamespace(offset=n, timestamp=timestamp) for n, timestamp in enumerate(timestamps)]


def test_tasks_go_as_far_in_time_as_their_plans_were_read() -> None:
    in_step = InStep()
    tasks = records(10, 20, 30)
    assert in_step.ready({TASKS: tasks}, {3}) == {}
    assert in_step.waits(TASKS)

    plans = records(5, 20)
    assert in_step.ready({PLANS: plans}, {3}) == {PLANS: plans, TASKS: tasks[:2]}
    assert in_step.waits(TASKS)
    assert in_step.ready({}, {3}) == {}


def test_tasks_whose_plans_are_at_their_end_wait_for_nothing() -> None:
    in_step = InStep()
    tasks = records(10, 20)
    in_step.ready({TASKS: tasks}, {3})
    assert in_step.ready({}, {4}) == {TASKS: tasks}
    assert not in_step.waits(TASKS)


def test_records_of_a_partition_stay_in_their_order() -> None:
    """A record whose clock was behind does not overtake the records before it."""
    in_step = InStep()
    tasks = records(10, 99, 11)
    in_step.ready({TASKS: tasks}, {3})
    assert in_step.ready({PLANS: records(50)}, {3})[TASKS] == tasks[:1]
    more = records(12)
    assert in_step.ready({TASKS: more}, set()) == {TASKS: [*tasks[1:], *more]}


def test_each_partition_goes_by_the_plans_of_its_own_number_and_others_at_once() -> None:
    in_step = InStep()
    other, system = TopicPartition(TASK_EVENTS, 4), TopicPartition(SYSTEM_EVENTS, 3)
    found = {PLANS: records(50), TASKS: records(1), other: records(1), system: records(1)}
    ready = in_step.ready(found, {3, 4})
    assert ready.keys() == {PLANS, TASKS, system}
    assert in_step.waits(other)
    assert not in_step.waits(TASKS)
