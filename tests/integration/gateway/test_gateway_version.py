"""Every surface of the gateway tells the one version, and who runs beside it tells its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from gateway.settings import Settings
from schemas.process.version import COMMIT_VARIABLE, Build, build
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.support.patience import PATIENCE_S

COMMIT = "0123456789ab"


@pytest.fixture(scope="module")
def committed() -> Iterator[Build]:
    """The build, of a process that was told its commit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(COMMIT_VARIABLE, COMMIT)
        yield build()


@pytest.fixture(scope="module")
async def told(committed: Build, gateway: Running, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a gateway that began with the commit; a worker of the next version runs beside it."""
    assert committed.commit == COMMIT
    await gateway.pool.execute("select flow.worker_start('worker-next', 'worker', 'h', 1, 0, '9.9.9+fedcba987654')")
    headers = {"authorization": f"Bearer {gateway.keys['viewer']}"}
    async with (
        serving(Settings(database_url=database_url, limits=OFF)) as (url, _),
        httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_S) as client,
    ):
        yield client


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/api/system/health"])
async def test_health_tells_it(told: httpx.AsyncClient, committed: Build, path: str) -> None:
    answer: dict[str, Any] = (await told.get(path)).json()
    assert (answer["version"], answer["commit"]) == (committed.version, COMMIT)


async def test_the_description_of_the_api_tells_it(told: httpx.AsyncClient, committed: Build) -> None:
    document = (await told.get("/openapi.json")).json()
    assert document["info"]["version"] == committed.version
    for shape in ("Alive", "Readiness", "Health"):
        assert {"version", "commit"} <= set(document["components"]["schemas"][shape]["properties"])


async def test_metrics_tell_it(told: httpx.AsyncClient, committed: Build) -> None:
    line = f'marketplace_build_info{{commit="{COMMIT}",process="gateway",version="{committed.version}"}} 1.0'
    assert line in (await told.get("/metrics")).text.splitlines()


async def test_the_page_of_the_system_tells_it(told: httpx.AsyncClient, committed: Build) -> None:
    found = re.search(r"<p[^>]*data-build>([^<]*)</p>", (await told.get("/system")).text)
    assert found is not None
    assert found[1] == f"This gateway is version {committed.version}+{COMMIT}."


async def test_while_a_version_is_rolled_out_both_are_seen(told: httpx.AsyncClient, committed: Build) -> None:
    mine = ("gateway", committed.version, COMMIT)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            running = (await told.get("/api/system/health")).json()["processes"]
            seen = {(one["role"], one["version"], one["commit"]) for one in running}
            if mine in seen:
                break
            await asyncio.sleep(0.05)
    assert ("worker", "9.9.9", "fedcba987654") in seen
    # the page keeps what it knows for a moment
    texts = {f"version {committed.version}+{COMMIT}</span>", "version 9.9.9+fedcba987654</span>"}
    page = ""
    async with asyncio.timeout(PATIENCE_S):
        while any(text not in page for text in texts):
            await asyncio.sleep(0.05)
            page = (await told.get("/system")).text
