"""Provisioning registers every version of a schema: events of old ones are read for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemas.catalogue import SchemaVersion
from schemas.process.kafka import NO_BROKERS
from schemas.registry import RegistryError
from streams.provision import provisioner as module
from streams.provision.provisioner import Drift, Provisioner
from streams.settings import Settings

NO_SETTINGS = Settings(NO_BROKERS, "", "", 6.0, 1, None, None)


class FakeRegistry:
    """Knows what was registered, in the order in which it was."""

    def __init__(self) -> None:
        self.known: list[tuple[str, Any]] = []

    def subjects(self) -> list[str]:
        return [subject for subject, _ in self.known]

    def lookup(self, subject: str, raw: Any) -> int:
        if (subject, raw) not in self.known:
            raise RegistryError(404, 40403, "not found")
        return self.known.index((subject, raw))

    def set_compatibility(self, subject: str, level: str) -> None:
        assert level == "FULL_TRANSITIVE"

    def register(self, subject: str, raw: Any) -> int:
        if (subject, raw) not in self.known:
            self.known.append((subject, raw))
        return self.known.index((subject, raw))


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> FakeRegistry:
    two = tuple(SchemaVersion("plan.approved", n, {"v": n}, None) for n in (1, 2))
    monkeypatch.setattr(module, "versions", lambda: {"plan.approved": two})
    monkeypatch.setattr(module, "placements", lambda: [("plan.events", "plan.approved")])
    return FakeRegistry()


def provisioner(registry: FakeRegistry) -> Provisioner:
    made = Provisioner.__new__(Provisioner)  # without a broker: schemas alone
    made._registry = registry  # type: ignore[assignment] # a fake
    return made


def missing(registry: FakeRegistry) -> list[tuple[str, str]]:
    drift = Drift()
    provisioner(registry)._compare_schemas(drift)
    return drift.missing_schemas


def test_an_empty_registry_gets_every_version_oldest_first(registry: FakeRegistry) -> None:
    assert missing(registry) == [("plan.events", "plan.approved")]

    provisioner(registry)._register(missing(registry))

    assert [raw for _, raw in registry.known] == [{"v": 1}, {"v": 2}]
    assert missing(registry) == []


def test_a_version_that_is_missing_is_drift(registry: FakeRegistry) -> None:
    provisioner(registry)._register(missing(registry))
    registry.known.pop()

    assert missing(registry) == [("plan.events", "plan.approved")]


class Cluster:
    """A broker without topics, with the id of another kind of cluster."""

    def __init__(self, cluster_id: str) -> None:
        self._id = cluster_id

    async def list_topics(self) -> list[str]:
        return []

    async def describe_cluster(self) -> dict[str, Any]:
        return {"cluster_id": self._id}

    async def close(self) -> None:
        """Nothing was opened."""


@pytest.mark.parametrize(
    ("cluster_id", "min_insync", "refused"),
    [("redpanda.7", 2, True), ("redpanda.7", 1, False), ("redpanda.7", None, False), ("kRaFt", 2, False)],
)
async def test_what_redpanda_has_not_is_refused(
    registry: FakeRegistry, cluster_id: str, min_insync: int | None, refused: bool
) -> None:
    made = provisioner(registry)
    made._settings = replace(NO_SETTINGS, min_insync=min_insync)

    async def admin() -> Any:
        return Cluster(cluster_id)

    made._admin = admin  # type: ignore[method-assign] # a fake
    drift = await made.find_drift()

    assert [line.partition(",")[0] for line in drift.unfixable] == (["MARKETPLACE_MIN_INSYNC is 2"] if refused else [])
