"""What the broker is asked for: topics as declared, all settings of a topic together, partitions only where fewer."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.admin import NewPartitions

from schemas.process.places import partitions_of
from schemas.topics import declared, defaults
from streams.provision import provisioner as module
from streams.provision.provisioner import Drift, Provisioner
from streams.settings import Settings
from tests.unit.streams.provision.test_provisioner import NO_SETTINGS

EVENTS = declared()["plan.events"]
GROWING = [topic.name for topic in declared().values() if topic.grows]


class Broker:
    """A broker's admin: its topics with their partitions and settings, and what it was asked to change."""

    def __init__(self, partitions: dict[str, int] | None = None) -> None:
        self.partitions = {t.name: t.partitions for t in declared().values()} if partitions is None else partitions
        self.configs: dict[str, dict[str, str]] = {}
        self.made: list[Any] = []
        self.more: dict[str, int] = {}
        self.changed: dict[str, dict[str, str]] = {}
        self.open = 0

    async def list_topics(self) -> list[str]:
        return list(self.partitions)

    async def describe_topics(self, names: list[str]) -> list[dict[str, Any]]:
        return [{"topic": name, "partitions": [{}] * self.partitions[name]} for name in names]

    async def describe_configs(self, asked: list[Any]) -> list[Any]:
        found = [(0, "", 2, one.name, list(self.configs.get(one.name, {}).items())) for one in asked]
        return [SimpleNamespace(resources=found)]

    async def describe_cluster(self) -> dict[str, Any]:
        return {"cluster_id": None}

    async def create_topics(self, topics: list[Any]) -> None:
        self.made += topics
        self.partitions |= {one.name: one.num_partitions for one in topics}

    async def create_partitions(self, wanted: dict[str, NewPartitions]) -> None:
        self.more |= {name: one.total_count for name, one in wanted.items()}

    async def alter_configs(self, resources: list[Any]) -> None:
        self.changed |= {one.name: one.configs for one in resources}

    async def close(self) -> None:
        self.open -= 1


def provisioner(broker: Broker, settings: Settings = NO_SETTINGS) -> Provisioner:
    made = Provisioner(settings)

    async def admin() -> Any:
        broker.open += 1
        return broker

    made._admin = admin  # type: ignore[method-assign] # a fake
    made._registry = SimpleNamespace(subjects=list)  # type: ignore[assignment] # an empty one
    return made


@pytest.fixture(autouse=True)
def no_schemas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "placements", list)


def as_declared() -> dict[str, str]:
    return {
        "retention.ms": str(EVENTS.retention_ms),
        "cleanup.policy": "delete",
        "min.insync.replicas": str(defaults()["min_insync_replicas"]),
    }


async def test_on_an_empty_broker_every_topic_is_missing_and_made_as_declared() -> None:
    broker = Broker({})
    made = provisioner(broker)

    await made.apply(await made.find_drift())

    assert [one.name for one in broker.made] == list(declared())
    (events,) = [one for one in broker.made if one.name == EVENTS.name]
    assert (events.num_partitions, events.replication_factor) == (partitions_of(EVENTS.name), defaults()["replication"])
    assert events.topic_configs == as_declared()
    assert (await made.find_drift()).lines() == []
    assert broker.open == 0


async def test_the_environment_says_how_many_copies_there_are() -> None:
    broker = Broker({})
    made = provisioner(broker, replace(NO_SETTINGS, replication=3, min_insync=2))

    await made.apply(await made.find_drift())

    assert {one.replication_factor for one in broker.made} == {3}
    assert {one.topic_configs["min.insync.replicas"] for one in broker.made} == {"2"}


async def test_a_setting_that_differs_is_changed_with_all_others_of_its_topic() -> None:
    broker = Broker()
    broker.configs[EVENTS.name] = {**as_declared(), "cleanup.policy": "compact", "segment.bytes": "1"}
    made = provisioner(broker)

    drift = await made.find_drift()
    assert drift.lines() == ["~ topic plan.events: cleanup.policy = delete"]

    await made.apply(drift)
    assert broker.changed == {EVENTS.name: as_declared()}
    assert (broker.made, broker.more) == ([], {})


async def test_a_setting_of_which_a_broker_does_not_speak_is_no_difference() -> None:
    broker = Broker()
    broker.configs[EVENTS.name] = {"cleanup.policy": "delete"}

    assert (await provisioner(broker).find_drift()).lines() == []


async def test_partitions_are_added_where_topics_have_fewer() -> None:
    broker = Broker()
    broker.partitions[GROWING[0]] = 24

    await provisioner(broker).make_partitions(24)
    assert broker.more == dict.fromkeys(GROWING[1:], 24)

    broker.more.clear()
    await provisioner(broker).apply(Drift(too_few={GROWING[1]: (12, 24)}))
    assert broker.more == {GROWING[1]: 24}


async def test_where_all_have_as_many_nothing_is_asked_for() -> None:
    broker = Broker()

    await provisioner(broker).make_partitions(EVENTS.partitions)

    assert (broker.more, broker.open) == ({}, 0)


async def test_the_topic_with_the_fewest_partitions_counts() -> None:
    broker = Broker({topic.name: 24 for topic in declared().values()})
    broker.partitions[GROWING[-1]] = 18

    assert await provisioner(broker).fewest_partitions() == 18
