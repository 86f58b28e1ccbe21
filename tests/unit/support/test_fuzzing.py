"""Inputs that once went wrong are kept and replayed; what takes bytes and goes wrong is found, and made shorter."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.support import fuzzing
from tests.support.fuzz_targets import TARGETS, Target
from tests.support.fuzzing import CORPUS, find, mutated, of_corpus, shorter

KEPT = sorted(path for path in CORPUS.rglob("*") if path.is_file() and path.parent != CORPUS)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_once_went_wrong_does_not_any_more(path: Path) -> None:
    TARGETS[path.parent.name].check(path.read_bytes())


def test_what_is_kept_is_small_and_of_a_target() -> None:
    assert {path.parent.name for path in KEPT} <= set(TARGETS)
    assert [path for path in KEPT if path.stat().st_size > 50_000] == []


@pytest.mark.parametrize("name", ["wire", "record", "cursor", "body", "answer", "keys"])
def test_what_is_right_is_taken_and_a_few_hundred_damaged_inputs_are_answered(name: str) -> None:
    seeds = [*TARGETS[name].seeds(), *of_corpus(name)]
    chance = random.Random(3)

    damaged = [mutated(chance.choice(seeds), chance, seeds) for _ in range(300)]

    assert [found for data in [*seeds, *damaged] if (found := find(name, data)) is not None] == []


def test_a_defect_is_found_and_made_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> None:
        if b";" in data:
            raise IndexError("planted")

    monkeypatch.setattr(fuzzing, "TARGETS", {"broken": Target(broken)})
    chance, seeds = random.Random(3), [b"a plain text of some words"]
    found = next(f for _ in range(1000) if (f := find("broken", mutated(seeds[0], chance, seeds))) is not None)

    assert found.error == "IndexError: planted"
    assert found.where.startswith("test_fuzzing.py:")
    assert shorter("broken", found) == b";"
