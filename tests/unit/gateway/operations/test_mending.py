"""An event that is set aside is mended as the event that it is: of its plan, and as its schema has it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from gateway.operations import mending
from gateway.problems.problem import Problem
from projections.reads.set_aside import SetAsideDetail, SetAsideEvent
from schemas.catalogue import newest
from schemas.topics import PLAN_EVENTS, SYSTEM_EVENTS, TASK_EVENTS
from schemas.wire import Codec

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
CODEC = Codec({(PLAN_EVENTS, "plan.rejected"): 1}, {1: ("plan.rejected", newest("plan.rejected").raw)})
PLAN = "0b0e1c6e-7777-4222-8333-444455556666"


def event(stream: str, topic: str = PLAN_EVENTS, key: str = PLAN, type_: str = "plan.rejected") -> SetAsideEvent:
    given: dict[str, Any] = dict.fromkeys(SetAsideEvent.__dataclass_fields__, 0)
    given |= {"event_id": UUID(PLAN), "topic": topic, "key": key, "type": type_, "stream": stream, "version": 3}
    return SetAsideEvent(**given | {"actor": "ana", "occurred_at": AT, "raw": False})


@pytest.mark.parametrize(
    ("of", "data", "wrong"),
    [
        (event(f"plan-{PLAN}"), {"plan_id": PLAN, "reason": "x"}, []),
        (event(f"plan-{PLAN}"), {"plan_id": "another"}, ["data.plan_id"]),
        (event(f"plan-{PLAN}"), {}, []),
        (event(f"plan-{PLAN}.shopee"), {"plan_id": PLAN, "channel": "amazon"}, ["data.channel"]),
        (event(f"plan-{PLAN}.shopee"), {"plan_id": PLAN, "channel": "shopee"}, []),
        (event("task-t1", TASK_EVENTS), {"plan_id": PLAN, "task_id": "t2"}, ["data.task_id"]),
        (event("task-t1", TASK_EVENTS), {"plan_id": "p2", "task_id": "t1"}, ["data.plan_id"]),
        (event("deadletter-r1", SYSTEM_EVENTS, "w"), {"source": "w", "record_id": "r2"}, ["data.record_id"]),
        (event("deadletter-r1", SYSTEM_EVENTS, "w"), {"source": "v", "record_id": "r1"}, ["data.source"]),
    ],
)
def test_an_event_stays_where_it_was_decided(of: SetAsideEvent, data: dict[str, Any], wrong: list[str]) -> None:
    found = mending.misplaced(of, data)
    assert [path for path, _ in found] == wrong
    assert all(message.endswith("an event stays where it was decided") for _, message in found)


def check(data: dict[str, Any]) -> None:
    detail = SetAsideDetail(event(f"plan-{PLAN}"), "c", PLAN, {}, [])
    mending._check(CODEC, detail, data)


def test_data_that_fits_the_schema_is_taken() -> None:
    check({"plan_id": PLAN, "reason": "Fora de hora."})


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"plan_id": PLAN}, "data"),
        ({"plan_id": PLAN, "reason": 7}, "data"),
        ({"plan_id": PLAN, "reason": "x", "more": 1}, "data"),
        ({"plan_id": "another", "reason": "x"}, "data.plan_id"),
    ],
)
def test_data_with_which_it_could_not_be_published_is_refused(data: dict[str, Any], path: str) -> None:
    with pytest.raises(Problem) as refused:
        check(data)
    assert refused.value.status == 422
    assert f"'{path}'" in str(refused.value.body())
