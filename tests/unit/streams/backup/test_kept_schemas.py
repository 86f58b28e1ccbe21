"""Schemas come back under the ids that records carry, or the restore says why they cannot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from schemas.compatibility import LEVEL
from schemas.registry import Registry, RegistryError, subject_of
from streams.backup import kept_schemas
from streams.backup.files import Folder
from streams.backup.kept_schemas import KeptSchema, bring_back, keep, missing, read
from streams.backup.manifest import NotRestorable

SUBJECT = subject_of("plan.events", "plan.approved")
KEPT = [KeptSchema(SUBJECT, 1, 7, '{"v": 1}'), KeptSchema(SUBJECT, 2, 9, '{"v": 2}')]


class FakeRegistry:
    """A registry in memory. `modes`: it knows the mode IMPORT; `not_now`: it refuses it at this moment."""

    def __init__(self, kept: Sequence[KeptSchema] = (), *, modes: bool = True, not_now: bool = False) -> None:
        self.schemas = list(kept)
        self.importing: set[str] = set()
        self.levels: dict[str, str] = {}
        self._modes, self._not_now = modes, not_now
        self._next = 100

    def subjects(self) -> list[str]:
        return [*{one.subject for one in self.schemas}, "other.events-marketplace.Other"]

    def schema(self, schema_id: int) -> Any:
        return json.loads(self._first(lambda one: one.id == schema_id).schema)

    def lookup(self, subject: str, raw: Any) -> int:
        return self._first(lambda one: one.subject == subject and json.loads(one.schema) == raw).id

    def set_compatibility(self, subject: str, level: str) -> None:
        self.levels[subject] = level

    def _first(self, fits: Any) -> KeptSchema:
        for one in self.schemas:
            if fits(one):
                return one
        raise RegistryError(404, 40403, "not found")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        _, root, subject, *rest = path.split("/")
        if root == "mode":
            if not self._modes:
                raise RegistryError(404, 404, "no such path")
            if self._not_now and method == "PUT":
                raise RegistryError(422, 42205, "versions are there")
            (self.importing.add if method == "PUT" else self.importing.discard)(subject)
            return {}
        versions = [one for one in self.schemas if one.subject == subject]
        if method == "POST":
            self._next += 1
            version = body.get("version", len(versions) + 1)
            self.schemas.append(KeptSchema(subject, version, body.get("id", self._next), body["schema"]))
            return {"id": self.schemas[-1].id}
        if rest == ["versions"]:
            return [one.version for one in versions]
        (one,) = [one for one in versions if str(one.version) == rest[1]]
        return {"version": one.version, "id": one.id, "schema": one.schema}


def of(registry: FakeRegistry) -> Registry:
    return cast("Registry", registry)


def test_the_schemas_of_our_topics_are_kept_with_their_ids(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    registry = FakeRegistry([*KEPT, KeptSchema("other.events-marketplace.Other", 1, 8, "{}")])

    kept = keep(of(registry), folder)

    assert (kept.name, kept.rows) == ("schemas.gz", 2)
    assert read(folder, kept.name) == KEPT


def test_an_empty_registry_gets_each_under_its_id_oldest_first() -> None:
    registry = FakeRegistry()
    lacking = missing(of(registry), KEPT)
    assert lacking == KEPT

    bring_back(of(registry), KEPT, list(reversed(lacking)))

    assert registry.schemas == KEPT
    assert (registry.importing, registry.levels) == (set(), {SUBJECT: LEVEL})
    assert missing(of(registry), KEPT) == []


def test_what_a_restore_that_died_has_brought_back_already_is_not_lacking() -> None:
    registry = FakeRegistry(KEPT[:1])
    registry.importing.add(SUBJECT)
    lacking = missing(of(registry), KEPT)
    assert lacking == KEPT[1:]

    bring_back(of(registry), KEPT, lacking)

    assert (registry.schemas, registry.importing) == (KEPT, set())


def test_a_restore_that_died_at_its_end_leaves_no_subject_that_imports() -> None:
    registry = FakeRegistry(KEPT)
    registry.importing.add(SUBJECT)

    bring_back(of(registry), KEPT, [])

    assert registry.importing == set()


@pytest.mark.parametrize(
    ("there", "why"),
    [
        (KeptSchema("a", 1, 7, '{"another": 1}'), "another schema under id 7"),
        (KeptSchema(SUBJECT, 1, 3, '{"v": 1}'), f"{SUBJECT} under id 3, and records carry 7"),
    ],
)
def test_an_id_that_means_something_else_is_refused_before_anything_changes(there: KeptSchema, why: str) -> None:
    registry = FakeRegistry([there])

    with pytest.raises(NotRestorable, match=why):
        missing(of(registry), KEPT)
    assert registry.schemas == [there]


def test_a_registry_without_modes_may_give_the_right_ids_by_itself() -> None:
    registry = FakeRegistry(modes=False)
    registry._next = 6

    bring_back(of(registry), KEPT[:1], KEPT[:1])

    assert registry.schemas == KEPT[:1]


def test_a_registry_that_gives_ids_of_its_own_is_refused() -> None:
    with pytest.raises(NotRestorable, match=r"gave .* the id 101, and records carry 7"):
        bring_back(of(FakeRegistry(modes=False)), KEPT, KEPT)


def test_a_subject_that_may_not_import_now_is_refused_with_what_to_do() -> None:
    with pytest.raises(NotRestorable, match="Delete its versions there"):
        bring_back(of(FakeRegistry(not_now=True)), KEPT, KEPT)


@pytest.mark.parametrize("ask", [kept_schemas._of_id, lambda r, n: kept_schemas._lookup(r, SUBJECT, {"v": n})])
def test_a_registry_that_fails_is_not_taken_for_one_without_the_schema(ask: Any) -> None:
    class Failing(FakeRegistry):
        def _first(self, fits: Any) -> KeptSchema:
            raise RegistryError(500, 50001, "store")

    assert ask(FakeRegistry(), 7) is None
    with pytest.raises(RegistryError):
        ask(Failing(), 7)
