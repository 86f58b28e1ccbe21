"""Nothing more is taken in, what was begun ends, and the system says so; what waited goes on afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from local.load import Load
from local.stack import Stack
from schemas.process.liveness import EXIT_AGAIN
from tests.support.patience import PATIENCE_S

FLAGS = "/api/system/flags"
NAME = "queue_processing"


async def test_a_system_is_drained_and_goes_on(stack: Stack, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        Load(stack.env, key) as load,
        httpx.AsyncClient(base_url=stack.env["MARKETPLACE_URL"], headers=headers) as client,
    ):

        async def draining(*states: str) -> dict[str, Any]:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    found: dict[str, Any] = (await load.get("/api/system/health"))["draining"]
                    if found["state"] in states:
                        return found
                    await asyncio.sleep(0.1)

        async def switch(*, on: bool) -> None:
            (await client.patch(FLAGS, json={"name": NAME, "enabled": on, "reason": "a move"})).raise_for_status()

        before = await load.upload(5)
        await draining("taking")
        await switch(on=False)
        found = await draining("drained", "unknown")
        assert found["state"] == "drained"
        assert {one["role"]: one["records"] for one in found["inHand"]} == {"worker": 0, "runner": 0}
        assert (found["reason"], found["since"] is not None) == ("a move", True)

        after = await load.upload(2)
        assert (await draining("drained", "draining", "unknown"))["state"] == "drained", "what waits is not in hand"
        await switch(on=True)
        await load.wait([*before, *after], ["awaiting_approval"], within_s=PATIENCE_S)
        assert (await draining("taking"))["since"] is None


@pytest.mark.parametrize("role", ["worker", "runner", "projections", "pump", "watchdog", "alerts", "gateway"])
async def test_one_process_ends_in_order_and_begins_anew(stack: Stack, key: str, role: str) -> None:
    """It says who asked, its exit status asks for a new start, and what it had in hand is done once."""
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        Load(stack.env, key) as load,
        httpx.AsyncClient(base_url=stack.env["MARKETPLACE_URL"], headers=headers) as client,
    ):
        living = "select source from flow.running where role = $1 and connected"
        async with asyncio.timeout(PATIENCE_S):
            while not (before := await load.pool.fetch(living, role)):
                await asyncio.sleep(0.1)
        (source,) = [row["source"] for row in before]
        plans = await load.upload(5)
        asked = {"name": source, "action": "end", "reason": "a new disk"}
        answer = (await client.patch("/api/system/processes", json=asked)).raise_for_status()
        assert answer.json() == {"name": source, "outcome": "accepted"}

        async with asyncio.timeout(PATIENCE_S):
            while not (found := await load.pool.fetch(living, role)) or found[0]["source"] == source:
                await asyncio.sleep(0.1)
        row = await load.pool.fetchrow("select stop_reason, stopped_at from flow.worker where source = $1", source)
        assert row is not None
        assert row["stop_reason"].startswith("asked to end by ")
        assert row["stop_reason"].endswith(": a new disk")
        assert stack.state.processes[role].last_exit == EXIT_AGAIN
        await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S)
        told = "select count(*) from audit.entry where action = 'process.end' and target = $1"
        assert await load.pool.fetchval(told, source) == 1
        async with asyncio.timeout(PATIENCE_S):
            while (again := await _asked(client, asked)) is None:
                await asyncio.sleep(0.1)
        assert again.status_code == 404, "it does not run any more"


async def _asked(client: httpx.AsyncClient, what: dict[str, str]) -> httpx.Response | None:
    """Return the answer; None while nobody listens, as a gateway that begins anew is alive before it does."""
    try:
        return await client.patch("/api/system/processes", json=what)
    except httpx.ConnectError:
        return None
