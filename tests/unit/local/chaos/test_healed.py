"""When a system counts as healed: all is well, and stays so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from local.chaos import run
from local.chaos.scene import Scene

LOOK_S = run.LOOK_S


class Clock:
    """A clock that advances by LOOK_S each time it is read, however long the test really takes."""

    now = 0.0

    def monotonic(self) -> float:
        self.now += LOOK_S
        return self.now


class Signs:
    """Signs of a system that is well between these moments, in seconds."""

    def __init__(self, clock: Clock, *well: tuple[float, float]) -> None:
        self._clock = clock
        self._well = well
        self.health = "degraded; so and so"

    @property
    def ok(self) -> bool:
        return any(begin <= self._clock.now < end for begin, end in self._well)


def scene(signs: Signs, undone: list[str] | None = None) -> tuple[Scene, Any]:
    made = SimpleNamespace(signs=signs, traffic=SimpleNamespace(undone=lambda _: undone or []), problems=[])
    return cast("Scene", made), made


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(run, "time", made)
    monkeypatch.setattr(run, "LOOK_S", 0.0)
    return made


async def test_the_moment_in_which_nobody_knows_of_the_fault_yet_is_no_healing(clock: Clock) -> None:
    broken, _ = scene(Signs(clock, (0.0, 0.4), (2.0, 999.0)))

    healed = await run.healed_at(broken, 0.0)

    assert healed is not None
    assert 2.0 <= healed < 2.0 + 2 * LOOK_S


async def test_what_is_well_from_the_start_has_healed_at_once(clock: Clock) -> None:
    broken, _ = scene(Signs(clock, (0.0, 999.0)))

    healed = await run.healed_at(broken, 0.0)

    assert healed == LOOK_S  # with the first look
    assert clock.now >= run.STEADY_S


@pytest.mark.parametrize(("well", "undone"), [([], []), ([(0.0, 999.0)], ["plan-1"])])
async def test_what_does_not_heal_says_what_is_left(
    clock: Clock, well: list[tuple[float, float]], undone: list[str]
) -> None:
    broken, made = scene(Signs(clock, *well), undone)
    assert await run.healed_at(broken, 0.0) is None
    assert clock.now >= run.WATCHED_S
    assert made.problems == [f"{len(undone)} plans wait, such as {undone}; health: degraded; so and so"]
