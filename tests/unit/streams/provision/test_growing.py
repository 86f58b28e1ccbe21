"""New plans are dealt among added partitions only once all of those are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from schemas.topics import AGENTS, declared, groups
from streams.provision.growing import unread_by
from streams.provision.provisioner import Drift, _compare_partitions


def process(role: str, holds: Mapping[str, list[int]] | None) -> dict[str, Any]:
    return {"role": role, "holds": None if holds is None else json.dumps(holds)}


def reading(role: str, partitions: range) -> dict[str, Any]:
    """Return a process that reads these partitions of all topics of its group."""
    topics = next(group.topics for group in groups().values() if group.role == role)
    return process(role, {topic: list(partitions) for topic in topics if declared()[topic].grows})


def every(partitions: range) -> list[dict[str, Any]]:
    return [reading(group.role, partitions) for group in groups().values()]


def test_all_is_read_where_each_role_reads_all() -> None:
    assert unread_by(every(range(24)), 24) == []


def test_several_of_a_role_share_them() -> None:
    role = groups()[AGENTS].role
    others = [one for one in every(range(24)) if one["role"] != role]
    assert unread_by([*others, reading(role, range(11)), reading(role, range(11, 24))], 24) == []
    assert unread_by([*others, reading(role, range(11)), reading(role, range(12, 24))], 24) == [role]


@pytest.mark.parametrize("missing", sorted(group.role for group in groups().values()))
def test_a_role_that_does_not_read_all_or_does_not_live_is_named(missing: str) -> None:
    others = [one for one in every(range(24)) if one["role"] != missing]
    assert unread_by(others, 24) == [missing]
    assert unread_by([*others, process(missing, None)], 24) == [missing]
    assert unread_by([*others, reading(missing, range(12))], 24) == [missing]


def test_a_system_that_is_not_started_is_not_waited_for() -> None:
    assert unread_by([], 24) == []


def drift(**other: int) -> Drift:
    """Return what differs where topics have other numbers of partitions; _ stands for a dot."""
    there = {name: topic.partitions for name, topic in declared().items()}
    there |= {name.replace("_", "."): count for name, count in other.items()}
    found = Drift()
    _compare_partitions(there, found)
    return found


def test_topics_that_grow_follow_the_one_that_grew_furthest() -> None:
    found = drift(plan_events=24, task_events=18)
    assert found.too_few.pop("task.events") == (18, 24)
    assert set(found.too_few.values()) == {(12, 24)}
    assert len(found.too_few) == len([topic for topic in declared().values() if topic.grows]) - 2
    assert found.unfixable == []
    assert "+ topic agents.redeliver: 12 -> 24 partitions" in found.lines()


@pytest.mark.parametrize(("topic", "count"), [("plan_events", 6), ("goods_events", 2), ("agents_dlq", 5)])
def test_another_number_is_left_to_a_person(topic: str, count: int) -> None:
    found = drift(**{topic: count})
    assert found.too_few == {}
    assert [line.split(":")[0] for line in found.unfixable] == [
        f"topic {topic.replace('_', '.')} has {count} partitions, not {declared()[topic.replace('_', '.')].partitions}"
    ]
