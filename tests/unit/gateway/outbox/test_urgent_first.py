"""Of the rows of one go the relay sends those of more urgent plans first, and keeps the order of each partition."""

from __future__ import annotations

from typing import Any, cast

from gateway.outbox.relay import Relay
from schemas.process.kafka import Brokers
from schemas.process.places import new_plan_id, partition_of
from schemas.topics import PLAN_EVENTS, SYSTEM_EVENTS
from schemas.wire import Codec


class Producer:
    """Notes what is sent, in order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, int]] = []

    async def get(self) -> Producer:
        return self

    async def place(self, topic: str, key: bytes) -> int:
        return partition_of(topic, key)

    async def send(self, topic: str, value: bytes, *, key: bytes, partition: int, headers: Any) -> None:
        self.sent.append((topic, key.decode(), int(value)))


async def test_rows_of_more_urgent_plans_are_sent_first_and_those_of_a_plan_in_order() -> None:
    relay, producer = Relay("postgresql://", Brokers(""), cast("Codec", None)), Producer()
    relay._producer = cast("Any", producer)
    urgent, usual, other = (str(new_plan_id(priority)) for priority in ("high", "normal", "low"))
    rows = [
        {"topic": topic, "key": key, "type": "t", "raw_headers": "[]", "link": None}
        for topic, key in (
            (PLAN_EVENTS, other),
            (SYSTEM_EVENTS, urgent),
            (PLAN_EVENTS, urgent),
            (PLAN_EVENTS, other),
            (PLAN_EVENTS, usual),
            (PLAN_EVENTS, urgent),
        )
    ]
    await relay._send([(cast("Any", row), (b"%d" % n, None)) for n, row in enumerate(rows)])
    assert producer.sent == [
        (PLAN_EVENTS, urgent, 2),
        (PLAN_EVENTS, urgent, 5),
        (SYSTEM_EVENTS, urgent, 1),
        (PLAN_EVENTS, usual, 4),
        (PLAN_EVENTS, other, 0),
        (PLAN_EVENTS, other, 3),
    ]
