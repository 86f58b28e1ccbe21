"""Thousands of schedules of one asyncio world in seconds: virtual time, and another order of what is ready in each.

A world is a coroutine function that builds everything it needs, asserts what must be true, and asks `detangle.choice`
and `detangle.flip` for what chance decides. A failure names its schedule: `DETANGLE_REPLAY=token pytest that-test`
runs it again, step for step. `DETANGLE_RUNS=20000` looks further than a gate does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import detangle
import pytest
import structlog

World = Callable[[], Coroutine[Any, Any, None]]

#: Of one world in a gate: together these take some seconds.
RUNS: Final = 150
#: A planted bug is found by then, always by the same schedules.
PATIENCE: Final = 4000
SEED: Final = 20261127
#: Virtual seconds after which a world has come to nothing.
LONGEST_S: Final = 120.0


def holds(world: World, runs: int = RUNS) -> None:
    """Let a world live under so many schedules, other ones each time. Raises detangle.BugFound with its token."""
    with quiet():
        detangle.explore(world, runs=runs, database=False, patch_time=True, max_time=LONGEST_S, timer_jitter=0.01)


def found_in(world: World) -> str:
    """Return what is found in a world with a planted bug, with the token that replays it; fails where nothing is."""
    with quiet(), pytest.raises(detangle.BugFound) as bug:
        detangle.explore(
            world,
            runs=PATIENCE,
            seed=SEED,
            database=False,
            patch_time=True,
            max_time=LONGEST_S,
            timer_jitter=0.01,
            shrink=False,
        )
    return str(bug.value)


async def a_moment() -> None:
    """Let a call take its time, as one to another machine does."""
    await asyncio.sleep(detangle.choice([0.001, 0.01, 0.1]))


@contextmanager
def quiet() -> Iterator[None]:
    """Say nothing of the outages that a world makes on purpose."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"), processors=[_drop])
    try:
        yield
    finally:
        structlog.configure(**before)


def _drop(*_: object) -> NoReturn:
    raise structlog.DropEvent
