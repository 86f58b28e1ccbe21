"""Systems take turns; what is not on a machine is left out, and what fails is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bench.parts import turns as module
from bench.parts.sizes import TINY
from bench.parts.turns import shifts, turns
from bench.report.figures import Block
from bench.speed import wrong
from bench.systems.program import found
from bench.systems.system import Address, NotHereError, Running

HERE = Address("http://127.0.0.1:1", "", "", "")


@dataclass
class Still:
    at: Address = HERE

    def prepare(self, count: int) -> list[str]:
        return ["plan"] * count

    def pids(self) -> dict[str, int]:
        return {}

    def restarts(self) -> dict[str, int]:
        return {}


@dataclass
class Planned:
    name: str
    absent: bool = False
    durable: str = ""

    @contextmanager
    def start(self, folder: Path) -> Iterator[Running]:
        if self.absent:
            raise NotHereError("no such program")
        yield Still()


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    async def measure(
        running: Running, parts: Sequence[str], sizes: object, figures: dict[str, float], say: object
    ) -> None:
        figures["closed/plans_per_s"] = 1.0
        if "burst" in parts:
            raise TimeoutError("too long")

    monkeypatch.setattr(module, "_measure", measure)


@pytest.mark.usefixtures("measured")
def test_systems_take_turns_and_one_that_is_not_here_is_said_once() -> None:
    said: list[str] = []
    sizes = replace(TINY, rounds=2)
    found_ = list(turns([Planned("a"), Planned("gone", absent=True), Planned("b")], ["closed"], sizes, said.append))
    assert [(one.system, one.round) for one in found_] == [("a", 0), ("b", 0), ("b", 1), ("a", 1)]
    assert [line for line in said if "left out" in line] == ["gone is left out: no such program"]


@pytest.mark.usefixtures("measured")
def test_what_was_found_before_a_failure_is_kept_and_the_run_is_a_bad_one() -> None:
    [block] = turns([Planned("a")], ["closed", "burst"], TINY, lambda _: None)
    assert block.figures == {"closed/plans_per_s": 1.0}
    assert wrong([block], []) == ["a, round 1: TimeoutError: too long"]


def test_a_run_with_a_process_that_was_started_again_is_a_bad_one() -> None:
    assert wrong([Block("a", 1, {}, {"worker": 1})], ["closed/plans_per_s"]) == [
        "a, round 2: started again: {'worker': 1}",
        "far slower than it was: closed/plans_per_s",
    ]
    assert wrong([Block("a", 1, {"x": 1.0})], []) == []


def test_others_are_asked_what_all_can_do_and_ours_the_rest_once() -> None:
    every = ["closed", "rebuild", "growth"]
    assert shifts(every, ours=True, round_=0) == [["idle", "closed", "rebuild"], ["idle", "growth"]]
    assert shifts(every, ours=True, round_=1) == shifts(every, ours=False, round_=0) == [["idle", "closed"]]
    assert shifts(["growth"], ours=True, round_=0) == [["idle", "growth"]]
    assert shifts(["growth"], ours=False, round_=0) == []
    assert shifts(["idle"], ours=False, round_=0) == [["idle"]]


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(NotHereError, match="not installed: no-such-program, nor-this"):
        found("sh", "no-such-program", "nor-this")
