"""A database that answers and stores nothing, as one whose disk is full."""

from __future__ import annotations

import asyncio

import httpx

from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.gateway_running import Running
from tests.support.patience import PATIENCE_S

PLANS = "/api/marketplace/analysis"


async def test_a_database_that_can_be_read_but_not_written_is_told_of(gateway: Running, api: httpx.AsyncClient) -> None:
    plan = await seed.add_plan(gateway.pool)
    await gateway.pool.execute(
        "create function full_disk() returns trigger language plpgsql as"
        " $$ begin raise exception 'No space left on device' using errcode = 'disk_full'; end $$;"
        "create trigger full_disk before insert on decide.outbox execute function full_disk()"
    )
    try:
        refused = await api.patch(f"{PLANS}/{plan}", json={"action": "approve"})
        report = (await api.get("/api/system/health")).json()
    finally:
        await gateway.pool.execute("drop trigger full_disk on decide.outbox; drop function full_disk")

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert report["status"] == "degraded"
    assert report["database"]["reachable"]
    assert "disk is full: it stores no command" in report["findings"][0]
    assert "DiskFullError: No space left on device" in report["findings"][0]
    assert (await api.patch(f"{PLANS}/{plan}", json={"action": "approve"})).status_code == 202
    async with asyncio.timeout(PATIENCE_S):  # nobody is told of it for ever
        while any("does not store" in f for f in (await api.get("/api/system/health")).json()["findings"]):
            await asyncio.sleep(0.1)
