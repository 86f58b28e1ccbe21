"""Without an alert engine the pages do not say that there is no alert: nobody looks."""

from __future__ import annotations

import json

import asyncpg
import pytest

from schemas.process.liveness import LOCK
from tests.integration.gateway.gateway_running import Running

_GOOD, _BLIND = ("No alert<", "No alert is open"), ("Nobody looks at what is wrong", "no alert opens or ends")


async def pages(gateway: Running) -> tuple[str, str]:
    """Return the page of alerts and the overview, as they are now."""
    gateway.app.state.services.verdicts.forget()
    async with gateway.client(None) as page:
        await page.post("/login", data={"key": gateway.keys["viewer"]})
        return (await page.get("/alerts")).text, (await page.get("/")).text


@pytest.mark.parametrize("engine", [False, True])
async def test_that_there_is_no_alert_is_said_only_while_somebody_looks(
    database_url: str, gateway: Running, engine: bool
) -> None:
    await gateway.pool.execute("delete from flow.alert")
    connection = await asyncpg.connect(database_url)
    try:
        if engine:
            worker = await connection.fetchval("select flow.worker_start('alerts-z', 'alerts', 'a-host', 4799, 0, '1')")
            await connection.execute(
                "update flow.worker set progress = $2, beat_at = now() + interval '1 hour' where worker_id = $1",
                worker,
                json.dumps({"notifiers": ["slack"], "looked_s": 0.1}),
            )
            await connection.execute("select pg_advisory_lock($1, $2)", LOCK, worker)  # until the connection ends
        shown = await pages(gateway)
    finally:
        await connection.close()
    wanted, other = (_GOOD, _BLIND) if engine else (_BLIND, _GOOD)
    for text, said, not_said in zip(shown, wanted, other, strict=True):
        assert said in text
        assert not_said not in text
