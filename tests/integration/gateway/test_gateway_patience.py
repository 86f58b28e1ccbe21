"""The page of the system and the API show how long runners wait for an agent, as they have learned it."""

from __future__ import annotations

import asyncio

from tests.integration.gateway.gateway_running import Running
from tests.support.patience import PATIENCE_S


async def test_the_page_and_the_api_tell_how_long_a_request_may_take(gateway: Running) -> None:
    waits = '{"patience_s": {"agent:llm.example/small": 12.5}}'
    start = "select flow.worker_start('runner-of-an-agent', 'runner', 'h', 1, 0, '1')"
    worker = await gateway.pool.fetchval(start)
    await gateway.pool.execute("select flow.worker_beat($1, $2::jsonb)", worker, waits)
    async with gateway.client("viewer") as client:
        # what the page knows is kept for a moment
        async with asyncio.timeout(PATIENCE_S):
            while "llm.example/small may take 12.5 s a request" not in (await client.get("/system")).text:
                await asyncio.sleep(0.05)
        health = (await client.get("/api/system/health")).json()
    [runner] = [one for one in health["processes"] if one["source"] == "runner-of-an-agent"]
    assert runner["progress"]["patience_s"] == {"agent:llm.example/small": 12.5}
