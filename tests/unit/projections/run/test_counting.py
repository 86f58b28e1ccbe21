"""What is counted of records whose rows are written."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from projections.run.counting import count, count_from_zero
from schemas.topics import PLAN_EVENTS, TASK_EVENTS
from tests.support.counted import counted


def record(topic: str, offset: int, *types: bytes) -> Any:
    headers = [("ce_type", type_) for type_ in types]
    return SimpleNamespace(topic=topic, partition=0, offset=offset, timestamp=1, headers=headers)


def test_events_are_counted_by_type_from_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    told = counted(monkeypatch, "projections")
    count_from_zero()
    assert (told("events_total", type="task.failed"), told("events_total", type="plan.completed")) == (0.0, 0.0)

    types = (b"task.completed", b"task.failed", b"task.failed")
    tasks = [record(TASK_EVENTS, n, type_) for n, type_ in enumerate(types)]
    count({TopicPartition(TASK_EVENTS, 0): tasks, TopicPartition(PLAN_EVENTS, 0): [record(PLAN_EVENTS, 0)]})

    assert [told("events_total", type=type_.decode()) for type_ in types] == [1.0, 2.0, 2.0]
    assert told("projected_total", topic=TASK_EVENTS) == 3.0
    assert told("projection_delay_seconds_count", topic=TASK_EVENTS) == 3.0
    assert told("projection_delay_seconds_bucket", topic=TASK_EVENTS, le="1.0") == 0.0, "they came in 1970"


def test_a_header_that_names_no_event_of_the_topic_makes_no_label(monkeypatch: pytest.MonkeyPatch) -> None:
    told = counted(monkeypatch, "projections")
    strange = [record(PLAN_EVENTS, n, type_) for n, type_ in enumerate((b"x" * 99, b"task.failed", b"plan.approved"))]

    count({TopicPartition(PLAN_EVENTS, 0): strange})

    assert [told("events_total", type=one) for one in ("x" * 99, "task.failed", "plan.approved")] == [None, None, 1.0]
    assert told("projected_total", topic=PLAN_EVENTS) == 3.0
