"""When a waiting record may go, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka import TopicPartition

from schemas import headers as h
from schemas.topics import REDELIVER, WORK
from streams.parking import PostgresParking
from streams.publisher import Publisher
from streams.pump import Pump, due_of, redelivered
from streams.records import Outgoing
from streams.settings import Settings
from streams.waiting import Parked


def record(**headers: bytes) -> SimpleNamespace:
    return SimpleNamespace(
        key=b"plan-1", value=b"bytes", headers=tuple((k.replace("_", "-"), v) for k, v in headers.items())
    )


@pytest.mark.parametrize(
    ("value", "due"), [(b"1773147845123", 1_773_147_845.123), (b"0", 0.0), (b"soon", 0.0), (b"", 0.0)]
)
def test_due(value: bytes, due: float) -> None:
    assert due_of(record(x_next_attempt_at=value)) == due


def test_a_record_that_does_not_say_is_due() -> None:
    assert due_of(record()) == 0.0


@pytest.mark.parametrize("lane", WORK.values())
def test_a_waiting_analysis_goes_back_to_its_lane(lane: str) -> None:
    assert redelivered(record(x_orig_topic=lane.encode())).topic == lane


@pytest.mark.parametrize("origin", [b"plan.events", b"task.events", b"agents.dlq", b"elsewhere", b""])
def test_everything_else_goes_to_the_agents_alone(origin: bytes) -> None:
    assert redelivered(record(x_orig_topic=origin)).topic == REDELIVER
    assert redelivered(record()).topic == REDELIVER


def test_nothing_else_changes() -> None:
    waiting = record(x_orig_topic=b"plan.events", x_attempt=b"2", traceparent=b"00-1-2-01")
    sent = redelivered(waiting)
    assert (sent.key, sent.value, sent.headers) == (waiting.key, waiting.value, list(waiting.headers))
    assert h.text(sent.headers, h.ATTEMPT) == "2"


class Busy:
    """Everything around a pump whose topics always have a record that is due; the index has overdue ones."""

    def __init__(self, overdue: Sequence[Parked]) -> None:
        self.overdue = list(overdue)
        self.sent: list[Outgoing] = []

    async def getmany(self, **_: Any) -> dict[TopicPartition, list[Any]]:
        return {TopicPartition("agents.retry.1s", 0): [SimpleNamespace(**vars(record()), topic="t", offset=0)]}

    async def commit(self, offsets: object) -> None:
        assert offsets

    async def publish(self, records: Sequence[Outgoing]) -> None:
        self.sent += records

    async def add_missing(self, rows: object) -> None: ...

    async def close_with_results(self, *_: object) -> int:
        return 0

    async def take_overdue(self, group: str, _grace_s: float, tier: str | None, _limit: int) -> list[Parked]:
        return [row for row in self.overdue if row.group == group]


async def test_steady_retries_do_not_keep_overdue_records_waiting() -> None:
    around = Busy(
        [
            Parked("1", "agents", "k", "plan.events", 0, 1, REDELIVER, value=b"agents"),
            Parked("2", "analysis", "k", WORK["high"], 0, 1, WORK["high"], value=b"analysis"),
            Parked("3", "analysis", "k", "plan.events", 0, 1, "plan.events", value=b"forged"),
        ]
    )
    pump = Pump(cast("Settings", None), cast("Publisher", around), cast("PostgresParking", around))
    pump._overdue_at = 0.0

    for _ in range(3):
        await pump._round(cast("Any", around))

    assert pump.moved == 3
    assert [(r.topic, r.value) for r in around.sent if r.value != b"bytes"] == [
        (REDELIVER, b"agents"),
        (WORK["high"], b"analysis"),
    ]
