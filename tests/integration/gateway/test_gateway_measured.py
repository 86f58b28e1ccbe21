"""What Prometheus reads of the gateway has the value that it says: of listeners, and of the outbox."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import httpx
import pytest

from tests.integration.gateway.gateway_running import Running
from tests.integration.gateway.test_gateway_system import frames
from tests.support.outbox import put_rejection
from tests.support.patience import PATIENCE_S


async def measured(api: httpx.AsyncClient, name: str) -> float:
    """Return the one sample of a metric."""
    lines = (await api.get("/metrics")).text.splitlines()
    (value,) = [line.rpartition(" ")[2] for line in lines if line.startswith(f"marketplace_{name} ")]
    return float(value)


async def test_listeners_are_counted_while_they_listen(gateway: Running, api: httpx.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE_S):
        async with api.stream("GET", "/api/events", headers={"Last-Event-ID": "?"}) as one:
            heard = frames(one)  # kept: one that nobody holds is closed, and its stream with it
            await anext(heard)
            async with api.stream("GET", "/api/events", headers={"Last-Event-ID": "?"}) as other:
                heard_too = frames(other)
                await anext(heard_too)
                assert await measured(api, "live_streams") == 2.0
            while await measured(api, "live_streams") != 1.0:
                await asyncio.sleep(0.02)
        while await measured(api, "live_streams") != 0.0:
            await asyncio.sleep(0.02)


async def test_the_outbox_is_measured_with_what_waits_its_age_and_what_is_set_aside(
    gateway: Running, api: httpx.AsyncClient
) -> None:
    await gateway.pool.execute("delete from decide.outbox")
    names = ("outbox_waiting", "outbox_oldest_seconds", "outbox_set_aside")
    assert [await measured(api, name) for name in names] == [0.0, 0.0, 0.0]
    plan = str(uuid4())
    await put_rejection(gateway.pool, str(uuid4()), 1)
    await put_rejection(gateway.pool, plan, 1, set_aside=True, why="Invalid: no string", reason=7)
    await gateway.pool.execute("update decide.outbox set stored_at = now() - interval '1 hour' where held_at is null")
    gateway.app.state.services.verdicts.forget()
    waiting, oldest, aside = [await measured(api, name) for name in names]
    assert (waiting, aside) == (1.0, 1.0)
    assert oldest == pytest.approx(3600, abs=PATIENCE_S)
