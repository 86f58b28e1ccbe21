"""What is asked of a group's coordinator, which may be another broker at any time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS
from streams.watchdog.broker import BrokerView


class Cluster:
    """Two brokers: the one that is no coordinator answers with nothing, as the client tells it."""

    def __init__(self) -> None:
        self.coordinator, self.done = 1, 5

    async def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 9)

    async def beginning_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    async def find_coordinator(self, _group: str) -> int:
        return self.coordinator

    async def list_consumer_group_offsets(self, _group: str, *, group_coordinator_id: int) -> dict[Any, Any]:
        if group_coordinator_id != self.coordinator:
            return {}
        return {TopicPartition(PLAN_EVENTS, 0): SimpleNamespace(offset=self.done)}


async def test_a_group_whose_coordinator_moves_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster, view = Cluster(), BrokerView(Brokers("127.0.0.1:1"))

    async def clients() -> tuple[Any, Any]:
        return cluster, cluster

    monkeypatch.setattr(view, "_clients", clients)
    await view._sample()
    assert view.done["agents", PLAN_EVENTS, 0] == 5

    cluster.coordinator, cluster.done = 2, 9  # both live: no connection breaks
    await view._sample()

    assert view.done["agents", PLAN_EVENTS, 0] == 9
    assert ("agents", PLAN_EVENTS, 0) not in view.still()
