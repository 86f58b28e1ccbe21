"""Nothing more is taken in, what was begun ends, and the system says so; what waited goes on afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from local.load import Load
from local.stack import Stack

FLAGS = "/api/system/flags"
NAME = "queue_processing"


async def test_a_system_is_drained_and_goes_on(stack: Stack, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        Load(stack.env, key) as load,
        httpx.AsyncClient(base_url=stack.env["MARKETPLACE_URL"], headers=headers, timeout=30) as client,
    ):

        async def draining(*states: str) -> dict[str, Any]:
            async with asyncio.timeout(60):
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
        await load.wait([*before, *after], ["awaiting_approval"], within_s=60)
        assert (await draining("taking"))["since"] is None
