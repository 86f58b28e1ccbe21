"""What a process says of its assignment: the partitions that it reads, none while they move."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.hosts.assignment import assignment_of


def consumer(*, moving: bool, generation: int | None = 7) -> Any:
    places = {TopicPartition("b", 1), TopicPartition("a", 10), TopicPartition("a", 9)}
    return SimpleNamespace(
        _subscription=SimpleNamespace(reassignment_in_progress=moving),
        _coordinator=SimpleNamespace() if generation is None else SimpleNamespace(generation=generation),
        assignment=lambda: places,
    )


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (None, {"holds": {}, "generation": -1}),
        (consumer(moving=False), {"holds": {"a": [9, 10], "b": [1]}, "generation": 7}),
        (consumer(moving=True), {"holds": {}, "generation": 7}),
        (consumer(moving=False, generation=None), {"holds": {"a": [9, 10], "b": [1]}, "generation": -1}),
    ],
    ids=["no consumer", "at rest", "in a rebalance", "before its start"],
)
def test_it_tells_what_it_reads(of: Any, told: dict[str, Any]) -> None:
    assert assignment_of(of) == told
    assert list(told["holds"]) == sorted(told["holds"])
