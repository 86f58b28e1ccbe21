"""New plans are dealt among added partitions only once all of those are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from schemas.topics import AGENTS, declared, groups
from streams.provision import growing
from streams.provision.growing import NotGrown, unread_by
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


class Readers:
    """Stands in for a connection: answers each look with the next of these, and goes on with the last."""

    def __init__(self, *looks: list[dict[str, Any]]) -> None:
        self.looks = list(looks)

    async def fetch(self, _statement: str) -> list[dict[str, Any]]:
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]


async def test_it_waits_until_all_partitions_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "LOOK_S", 0)
    readers: Any = Readers(every(range(12)), every(range(23)), every(range(24)))
    await growing._until_read(readers, 24)
    assert len(readers.looks) == 1, "it looked until the last said so"


async def test_who_does_not_read_them_in_time_is_named_and_new_plans_stay_where_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(growing, "LOOK_S", 0)
    monkeypatch.setattr(growing, "READ_S", 0)
    role = groups()[AGENTS].role
    readers: Any = Readers([one for one in every(range(24)) if one["role"] != role])
    with pytest.raises(NotGrown, match=f"^{role} did not read all partitions .* give the command once more$"):
        await growing._until_read(readers, 24)


class Topics:
    """Stands in for a provisioner: each look finds the next of these counts at some broker."""

    def __init__(self, drift: Drift, *counts: int) -> None:
        self.drift, self.counts = drift, list(counts)
        self.asked: list[int] = []

    async def find_drift(self) -> Drift:
        return self.drift

    async def make_partitions(self, wanted: int) -> None:
        self.asked.append(wanted)

    async def fewest_partitions(self) -> int:
        return self.counts.pop(0) if len(self.counts) > 1 else self.counts[0]


async def made(monkeypatch: pytest.MonkeyPatch, topics: Topics) -> None:
    """Make 24 partitions of these topics."""
    monkeypatch.setattr(growing, "Provisioner", lambda _settings: topics)
    monkeypatch.setattr(growing, "LOOK_S", 0)
    settings: Any = None
    await growing._make(settings, 24)


async def test_partitions_are_there_once_several_brokers_in_a_row_know_them(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = Topics(Drift(), 24, 24, 24, 12, 24, 24, 24, 24)
    await made(monkeypatch, topics)
    assert topics.asked == [24]
    assert topics.counts == [24], "the broker that knew of 12 had it look four times more"


async def test_partitions_that_do_not_appear_are_asked_for_once_more_by_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(growing, "THERE_S", -1.0)
    with pytest.raises(NotGrown, match="do not appear"):
        await made(monkeypatch, Topics(Drift(), 12))


async def test_nothing_is_added_to_topics_that_are_not_as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = Topics(Drift(missing_topics=[declared()["plan.events"]]), 12)
    with pytest.raises(NotGrown, match="not all is as declared"):
        await made(monkeypatch, topics)
    assert topics.asked == []
