"""A server that nobody asks for anything wakes once a second, and one that is told to stop does so at once."""

from __future__ import annotations

import asyncio
import signal
import socket
from typing import Any

import httpx2
import pytest
import uvicorn

from gateway.http import serving
from gateway.http.serving import SeldomServer
from tests.support.patience import PATIENCE_S


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer with nothing."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Counted(SeldomServer):
    """Counts its ticks."""

    ticks = 0

    async def on_tick(self, counter: int) -> bool:
        self.ticks += 1
        return await super().on_tick(counter)


async def begun(tick_s: float, monkeypatch: pytest.MonkeyPatch) -> tuple[Counted, asyncio.Task[None], str]:
    """Return a server that serves, what it serves in, and where."""
    monkeypatch.setattr(serving, "TICK_S", tick_s)
    listening = socket.create_server(("127.0.0.1", 0))
    server = Counted(uvicorn.Config(app, lifespan="off", log_level="error", ws="none", access_log=False))
    task = asyncio.create_task(server._serve([listening]))
    async with asyncio.timeout(PATIENCE_S):
        while not server.ticks:
            await asyncio.sleep(0.01)
    return server, task, f"http://127.0.0.1:{listening.getsockname()[1]}/"


async def test_it_is_told_to_stop_and_stops_whenever_its_next_tick_is(monkeypatch: pytest.MonkeyPatch) -> None:
    server, task, _ = await begun(10 * PATIENCE_S, monkeypatch)
    server.handle_exit(signal.SIGTERM, None)
    await asyncio.wait_for(task, PATIENCE_S)
    assert server.ticks == 2


async def test_told_before_it_serves_it_ends_with_its_first_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "TICK_S", 10 * PATIENCE_S)
    server = Counted(uvicorn.Config(app, lifespan="off", log_level="error"))
    server.handle_exit(signal.SIGTERM, None)
    await asyncio.wait_for(server.main_loop(), PATIENCE_S)
    assert server.ticks == 1


async def test_every_tick_sets_the_date_of_what_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    server, task, url = await begun(0.01, monkeypatch)
    try:
        async with httpx2.AsyncClient() as client, asyncio.timeout(PATIENCE_S):
            first = (await client.get(url)).headers["date"]
            while (await client.get(url)).headers["date"] == first:
                await asyncio.sleep(0.05)
    finally:
        server.handle_exit(signal.SIGTERM, None)
        await asyncio.wait_for(task, PATIENCE_S)
