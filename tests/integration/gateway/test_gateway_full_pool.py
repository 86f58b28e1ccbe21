"""All connections of a gateway are taken: others are told to ask again in time, health says so, and it mends itself."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import httpx

from gateway.access.api_keys import ApiKeys
from gateway.access.roles import Role
from gateway.settings import Settings
from tests.integration.gateway.gateway_running import OFF, serving
from tests.support.patience import PATIENCE_S, until

SIZE = 2
COSTS, PLANS, HEALTH = "/api/marketplace/costs", "/api/marketplace/analysis", "/api/system/health"


async def test_others_are_told_to_ask_again_and_health_says_why(database_url: str, pool: asyncpg.Pool) -> None:
    settings = Settings(database_url, limits=OFF, pool_size=SIZE, database_timeout=PATIENCE_S, pool_wait=1.5)
    keys = [(await ApiKeys(pool).create(name, Role.ADMIN, "test")).key for name in ("known", "new")]
    known, new = ({"authorization": f"Bearer {key}"} for key in keys)
    async with (
        serving(settings) as (url, _),
        httpx.AsyncClient(base_url=url, headers=known, timeout=PATIENCE_S) as client,
        httpx.AsyncClient(base_url=url, headers=new, timeout=PATIENCE_S) as stranger,
    ):

        async def kinds() -> set[str]:
            answer = await client.get(HEALTH)
            return {one["kind"] for one in answer.json()["verdict"]} if answer.is_success else set()

        await until(lambda: found_nothing(kinds))
        holder = await asyncpg.connect(database_url)
        await holder.execute("begin; lock table rm.unit_cost in access exclusive mode")
        waiting = [asyncio.create_task(client.get(COSTS)) for _ in range(SIZE)]
        while await pool.fetchval("select count(*) from pg_locks where not granted") < SIZE:
            await asyncio.sleep(0.05)

        refused = await asyncio.gather(client.get(PLANS), stranger.get(PLANS), client.get(COSTS))
        for answer in refused:  # also who comes with a key that nobody has looked at yet
            assert (answer.status_code, answer.json()["detail"].partition(".")[0]) == (
                503,
                "This gateway's connections to the database are all taken",
            )
            assert int(answer.headers["retry-after"]) > 0

        asking = asyncio.create_task(ask_on(client))
        while "pool-full" not in (found := await kinds()):
            await asyncio.sleep(0.05)
        assert not found & {"database-away", "database-hangs", "commands-refused"}
        assert (await client.get("/health/ready")).status_code == 200

        await holder.close()
        assert {answer.status_code for answer in await asyncio.gather(*waiting)} <= {200, 503}
        asking.cancel()
        await until(lambda: mended(client, kinds))


async def found_nothing(kinds: Any) -> bool:
    return "pool-full" not in await kinds()


async def mended(client: httpx.AsyncClient, kinds: Any) -> bool:
    return (await client.get(PLANS)).status_code == 200 and await found_nothing(kinds)


async def ask_on(client: httpx.AsyncClient) -> None:
    while True:
        await client.get(PLANS)
