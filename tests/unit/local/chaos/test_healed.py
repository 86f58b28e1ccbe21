"""When a system counts as healed: all is well, and stays so."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from local.chaos import run
from local.chaos.scene import Scene


class Signs:
    """The system says that it is well between these moments, in seconds from the start."""

    def __init__(self, *well: tuple[float, float]) -> None:
        self._well = well
        self._began = time.monotonic()
        self.health = "degraded; so and so"

    @property
    def ok(self) -> bool:
        now = time.monotonic() - self._began
        return any(begin <= now < end for begin, end in self._well)


def scene(signs: Signs, undone: list[str] | None = None) -> tuple[Scene, Any]:
    made = SimpleNamespace(signs=signs, traffic=SimpleNamespace(undone=lambda _: undone or []), problems=[])
    return cast("Scene", made), made


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "HELD_S", 0.5)
    monkeypatch.setattr(run, "LOOK_S", 0.01)
    monkeypatch.setattr(run, "WATCHED_S", 2.0)


async def test_the_moment_in_which_nobody_knows_of_the_fault_yet_is_no_healing() -> None:
    began = time.monotonic()
    broken, _ = scene(Signs((0.0, 0.1), (0.4, 99.0)))

    healed = await run.healed_at(broken, began)

    assert healed is not None
    assert healed - began >= 0.4


async def test_what_is_well_from_the_start_has_healed_at_once() -> None:
    began = time.monotonic()
    broken, _ = scene(Signs((0.0, 99.0)))

    healed = await run.healed_at(broken, began)

    assert healed is not None
    assert healed - began < 0.4
    assert time.monotonic() - began >= 0.5


@pytest.mark.parametrize(("signs", "undone"), [(Signs(), []), (Signs((0.0, 99.0)), ["plan-1"])])
async def test_what_does_not_heal_says_what_is_left(signs: Signs, undone: list[str]) -> None:
    broken, made = scene(signs, undone)
    async with asyncio.timeout(10):
        assert await run.healed_at(broken, time.monotonic()) is None
    assert made.problems == [f"{len(undone)} plans wait, such as {undone}; health: degraded; so and so"]
