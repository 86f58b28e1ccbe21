"""A system for each scenario, since scenarios break things, or one for all those of a module."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.load import Load
from local.stack import Stack
from projections.reads.processes import ROLES
from tests.support.patience import PATIENCE_S
from tests.support.run_again import SEED
from tests.support.systems import Systems

#: The key that scenarios come with.
KEY = "mrs_scenario_" + secrets.token_urlsafe(32)
#: A system that a test before has broken is given so long to be well.


@pytest.fixture
async def stack(tmp_path: Path, systems: Systems) -> AsyncIterator[Stack]:
    """All processes of the system, ready; they end with the test. Its broker and database are others', too."""
    async with systems.system(tmp_path / "data", {"MARKETPLACE_BOOTSTRAP_KEY": KEY}) as whole:
        yield whole


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A system with servers of its own, for all tests of a module.

    What broke before a test has healed, and is part of its past.
    """
    with Stack(tmp_path_factory.mktemp("lived-in"), env={"MARKETPLACE_BOOTSTRAP_KEY": KEY}) as whole:
        yield whole


@pytest.fixture
async def well(lived_in: Stack) -> Stack:
    """The module's system, well: all processes are ready, connected, and have work to do no more."""
    deadline = time.monotonic() + PATIENCE_S
    async with Load(lived_in.env, KEY) as load:
        while True:
            report: dict[str, Any] = {}
            with suppress(httpx.HTTPError):  # a gateway that is killed again and again waits before it starts
                report = await load.get("/api/system/health")
            if (
                lived_in.ready
                and report.get("status") == "ok"
                and {p["role"] for p in report["processes"]} >= set(ROLES)
            ):
                return lived_in
            assert time.monotonic() < deadline, f"not well: {report.get('findings', lived_in.state.processes)}"
            await asyncio.sleep(0.2)


@pytest.fixture
def key() -> str:
    """An admin's key of the system."""
    return KEY


@pytest.fixture
def random_source(request: pytest.FixtureRequest) -> Callable[[], int]:
    """A seed that is printed with a failure, so that it can be tried again."""

    def draw() -> int:
        seed = secrets.randbelow(1 << 32)
        print(f"seed of {request.node.name}: {seed}")
        request.node.user_properties.append((SEED, seed))
        return seed

    return draw
