"""Provisioning registers every version of a schema: events of old ones are read for ever."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.catalogue import SchemaVersion
from schemas.registry import RegistryError
from streams.provision import provisioner as module
from streams.provision.provisioner import Drift, Provisioner


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
