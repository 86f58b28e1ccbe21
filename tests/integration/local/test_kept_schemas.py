"""Schemas of a backup, into a registry over real HTTP: under their ids, and no subject imports afterwards."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx
import pytest

from schemas.registry import Registry, RegistryError
from streams.backup.kept_schemas import KeptSchema, bring_back, missing
from streams.backup.manifest import NotRestorable


class Dies(Registry):
    """Is gone after so many registrations, but for its last word."""

    left = 1

    def call(self, method: str, path: str, body: object = None) -> Any:
        if method == "POST" and path.endswith("/versions"):
            if not self.left:
                raise ConnectionError("gone")
            self.left -= 1
        return super().call(method, path, body)


class Killed(Dies):
    """Is killed: it has no last word."""

    def call(self, method: str, path: str, body: object = None) -> Any:
        if method == "DELETE":
            raise ConnectionError("gone")
        return super().call(method, path, body)


class WithoutModes(Registry):
    """Knows of no modes, in this way."""

    status, code = 405, 405

    def call(self, method: str, path: str, body: object = None) -> Any:
        if path.startswith("/mode/"):
            raise RegistryError(self.status, self.code, "what mode?")
        return super().call(method, path, body)


@pytest.fixture
def kept(registry_url: str) -> list[KeptSchema]:
    """Two versions of a subject that no other test has, under ids that are free."""
    name = f"n{uuid.uuid4().hex}"
    free = Registry(registry_url).register(f"{name}-before", schema(f"{name}before")) + 1000
    versions: tuple[dict[str, str], ...] = ({}, {"doc": "later"})
    return [
        KeptSchema(name, at + 1, free + at, json.dumps({**schema(name), **more})) for at, more in enumerate(versions)
    ]


def schema(name: str) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": [{"name": "id", "type": "string"}]}


def imports(url: str, subject: str) -> bool:
    """Say whether a subject takes ids as they are given."""
    body = {"schema": json.dumps(schema(f"{subject}other")), "id": 2**30, "version": 99}
    answer = httpx.post(f"{url}/subjects/{subject}/versions", json=body)
    assert answer.is_success or "not in mode IMPORT" in answer.text
    return answer.is_success


def test_one_that_ends_half_way_leaves_no_subject_importing(registry_url: str, kept: list[KeptSchema]) -> None:
    with pytest.raises(ConnectionError, match="gone"):
        bring_back(Dies(registry_url), kept, kept)
    assert not imports(registry_url, kept[0].subject)
    lacking = missing(Registry(registry_url), kept)
    assert lacking == kept[1:]
    with pytest.raises(NotRestorable, match=r"does not let .* take ids as they are given"):
        bring_back(Registry(registry_url), kept, lacking)


def test_the_next_one_ends_what_was_killed_half_way(registry_url: str, kept: list[KeptSchema]) -> None:
    with pytest.raises(ConnectionError, match="gone"):
        bring_back(Killed(registry_url), kept, kept)
    registry = Registry(registry_url)
    bring_back(registry, kept, missing(registry, kept))
    assert missing(registry, kept) == []
    assert not imports(registry_url, kept[0].subject)


def test_it_ends_too_where_nothing_was_lacking(registry_url: str, kept: list[KeptSchema]) -> None:
    """It was killed between its last schema and its last word."""
    killed = Killed(registry_url)
    killed.left = 2
    with pytest.raises(ConnectionError, match="gone"):
        bring_back(killed, kept, kept)
    bring_back(Registry(registry_url), kept, [])
    assert not imports(registry_url, kept[0].subject)


@pytest.mark.parametrize(("status", "code"), [(404, 404), (405, 405), (422, 42204)])
def test_a_registry_without_modes_gives_ids_of_its_own(
    registry_url: str, kept: list[KeptSchema], status: int, code: int
) -> None:
    registry = WithoutModes(registry_url)
    registry.status, registry.code = status, code
    with pytest.raises(NotRestorable, match=r"the registry gave .* it has to take ids as they"):
        bring_back(registry, kept, kept)
