"""A stranger asks for much and takes nothing: the connection ends all the same, whatever the application still has."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from gateway.http.connections import Connections
from tests.integration.gateway import test_gateway_connections as serving
from tests.support.patience import PATIENCE_S, until

#: So often it is more than both ends of a connection of this machine hold on the way.
MUCH = b"a" * 1024 * 1024
TIMES = 32
SHORT_S = 0.1


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Send much: at once, in pieces, as the beginning of what breaks off, or as one of many answers."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] != "/in-pieces":
        body, more = MUCH * (1 if scope["path"] == "/one-of-many" else TIMES), scope["path"] == "/breaks-off"
        await send({"type": "http.response.body", "body": body, "more_body": more})
        return
    for _ in range(TIMES):
        await send({"type": "http.response.body", "body": MUCH, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def asked(port: int, path: str, times: int) -> socket.socket:
    """Ask, and read nothing."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", port))
    await loop.sock_sendall(client, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * times)
    return client


@pytest.mark.parametrize(
    ("path", "times"), [("/at-once", 1), ("/in-pieces", 1), ("/breaks-off", 1), ("/one-of-many", TIMES)]
)
async def test_what_nobody_takes_holds_no_connection(path: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many small ones, too, that are asked for in one packet, as for a style sheet, which is open to strangers."""
    monkeypatch.setattr(serving, "app", app)
    bounds = Connections(10, 10, taken_s=SHORT_S)
    async with serving.served(bounds) as port:
        client = await asked(port, path, times)
        try:
            await until(lambda: bounds.refused == {"answer-untaken": 1} and bounds.open == 0)
        finally:
            client.close()


async def test_what_is_taken_comes_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "app", app)
    bounds = Connections(10, 10, taken_s=PATIENCE_S)
    async with serving.served(bounds) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /in-pieces HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(PATIENCE_S):
            assert (await reader.read()).count(b"a") >= len(MUCH) * TIMES
        await serving.closed(writer)
    assert bounds.refused == {}
