"""What a stranger can do with connections alone: too many, silent ones, half requests, headers without end."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn

from gateway.__main__ import config
from gateway.http.connections import HEAD_BYTES, BoundedProtocol, Connections, Seldom, protocol_of
from gateway.settings import Settings
from tests.support.patience import PATIENCE_S

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#: For heads that are not to come, and for those that are.
SHORT_S, PATIENT_S = 0.05, 60.0
#: The bodies of requests that wait.
WAITING: list[int] = []
Opened = Callable[[int], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the length of the body once it is there; `/waits` has no answer."""
    size = 0
    while (message := await receive())["type"] == "http.request":
        size += len(message.get("body", b""))
        if not message.get("more_body", False):
            break
    if scope["path"] == "/waits":
        WAITING.append(size)
        while (await receive())["type"] != "http.disconnect":
            pass
        WAITING.clear()
        return
    body = str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def served(bounds: Connections) -> AsyncIterator[int]:
    """Serve within the bounds; yield the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, http=protocol_of(bounds), lifespan="off", log_level="error", ws="none", access_log=False)
    )
    task = asyncio.create_task(server._serve([listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await task
        listening.close()


async def answer(reader: asyncio.StreamReader) -> bytes:
    """Return all that comes until the connection ends."""
    async with asyncio.timeout(PATIENCE_S):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    """Open connections that end with the test."""
    writers: list[asyncio.StreamWriter] = []

    async def one(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writers.append(writer)
        return reader, writer

    yield one
    for writer in writers:
        await closed(writer)


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def asked(port: int, request: bytes) -> bytes:
    """Send a request on a connection of its own, and return the answer's first line."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        async with asyncio.timeout(PATIENCE_S):
            return (await reader.readline()).strip()
    finally:
        await closed(writer)


async def test_the_gateway_is_served_within_the_bounds() -> None:
    settings = Settings("postgresql://x", connections=70, connections_of_one=30, trusted_proxies="10.0.0.0/8")
    protocol: Any = config(settings, app).http
    assert issubclass(protocol, BoundedProtocol)
    assert (protocol.bounds.most, protocol.bounds.most_of_one, protocol.bounds.proxies) == (70, 30, "10.0.0.0/8")


@pytest.mark.parametrize(
    "head",
    [b"GET / HTTP/1.1\r\nX: " + b"a" * (HEAD_BYTES + 1), b"GET /" + b"a" * (HEAD_BYTES + 1)],
    ids=["header", "address"],
)
async def test_a_head_without_end_is_refused_as_it_arrives(head: bytes, opened: Opened) -> None:
    bounds = Connections(10, 10)
    async with served(bounds) as port:
        reader, writer = await opened(port)
        for at in range(0, len(head), 4096):
            writer.write(head[at : at + 4096])
            await asyncio.sleep(0)
        assert (await answer(reader)).startswith(b"HTTP/1.1 431 ")
        assert await asked(port, GET) == b"HTTP/1.1 200 OK"
    assert bounds.refused == {"head-bytes": 1}


async def test_requests_that_are_none_fill_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is answered; of what uvicorn says of each, little is written."""
    said: list[logging.LogRecord] = []
    logger = logging.getLogger("uvicorn.error")
    async with served(Connections(100, 100)) as port:
        monkeypatch.setattr(logger, "level", logging.WARNING)
        monkeypatch.setattr(logger, "filters", [Seldom()])
        monkeypatch.setattr(logger, "handle", lambda one: said.append(one) if logger.filter(one) else None)
        for _ in range(20):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"\x16\x03\x01 no request\r\n\r\n")
            async with asyncio.timeout(PATIENCE_S):
                assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
            writer.close()
    assert [one.getMessage() for one in said] == ["Invalid HTTP request received."]


def test_the_gateways_protocol_fills_no_log() -> None:
    protocol_of(Connections(1, 1))
    assert [one for one in logging.getLogger("uvicorn.error").filters if isinstance(one, Seldom)]


async def test_a_head_that_is_too_large_is_refused_in_one_packet_too() -> None:
    async with served(Connections(10, 10)) as port:
        many = b"".join(b"X-%d: %s\r\n" % (n, b"a" * 1000) for n in range(70))
        assert (
            await asked(port, b"GET / HTTP/1.1\r\n" + many + b"\r\n") == b"HTTP/1.1 431 Request Header Fields Too Large"
        )
        some = b"".join(b"X-%d: %s\r\n" % (n, b"a" * 1000) for n in range(50))
        assert await asked(port, b"GET / HTTP/1.1\r\n" + some + b"\r\n") == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize("after", [b"", GET], ids=["first", "after a request"])
async def test_half_a_head_has_its_time(after: bytes, opened: Opened) -> None:
    bounds = Connections(10, 10, head_s=PATIENT_S if after else SHORT_S)
    async with served(bounds) as port:
        reader, writer = await opened(port)
        if after:
            writer.write(after)
            assert await reader.readuntil(b"\r\n\r\n0")
            bounds.head_s = SHORT_S
        writer.write(b"GET / HTTP/1.1\r\nX")
        assert (await answer(reader)).startswith(b"HTTP/1.1 408 ")
    assert bounds.refused == {"head-seconds": 1}


@pytest.mark.parametrize("said", [b"", b"\r\n"], ids=["silent", "empty lines"])
async def test_who_asks_for_nothing_is_let_go(said: bytes, opened: Opened) -> None:
    bounds = Connections(10, 10, head_s=SHORT_S)
    async with served(bounds) as port:
        reader, writer = await opened(port)
        writer.write(said)
        await answer(reader)
        bounds.head_s = PATIENT_S
        assert await asked(port, GET) == b"HTTP/1.1 200 OK"
    assert bounds.refused == {"head-seconds": 1}
    assert bounds.open == 0


async def test_empty_lines_after_an_answer_keep_no_connection(opened: Opened) -> None:
    bounds = Connections(10, 10, head_s=PATIENT_S)
    async with served(bounds) as port:
        reader, writer = await opened(port)
        writer.write(GET)
        await reader.readuntil(b"\r\n\r\n0")
        bounds.head_s = SHORT_S
        writer.write(b"\r\n")
        await answer(reader)
    assert bounds.refused == {"head-seconds": 1}


async def test_a_head_that_follows_in_the_same_packet_has_its_bounds(opened: Opened) -> None:
    bounds = Connections(10, 10, head_s=PATIENT_S)
    async with served(bounds) as port:
        reader, writer = await opened(port)
        while bounds.open < 1:
            await asyncio.sleep(0.01)
        bounds.head_s = SHORT_S
        writer.write(b"GET /waits HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nX")
        await answer(reader)
    assert bounds.refused == {"head-seconds": 1}


async def test_neither_a_slow_body_nor_a_slow_answer_is_timed(opened: Opened) -> None:
    bounds = Connections(10, 10)
    async with served(bounds) as port:
        _, writer = await opened(port)
        while bounds.open < 1:
            await asyncio.sleep(0.01)
        assert bounds.timed == 1
        writer.write(b"POST /waits HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
        while bounds.timed:
            await asyncio.sleep(0.01)
        writer.write(b"cd")
        while not WAITING:
            await asyncio.sleep(0.01)
        assert bounds.timed == 0
        await closed(writer)
    assert bounds.refused == {}


async def test_one_address_has_its_share_and_others_theirs(opened: Opened) -> None:
    bounds = Connections(10, 2)
    async with served(bounds) as port:
        held = [await opened(port) for _ in range(2)]
        while bounds.open < 2:
            await asyncio.sleep(0.01)
        reader, _ = await opened(port)
        said = await answer(reader)
        assert said.startswith(b"HTTP/1.1 503 ")
        assert b"2 connections" in said
        assert b"Retry-After: 5" in said
        held[0][1].close()
        while bounds.open > 1:
            await asyncio.sleep(0.01)
        assert await asked(port, GET) == b"HTTP/1.1 200 OK"
        held[1][1].close()
    assert bounds.refused == {"connections-of-one": 1}
    assert bounds.open == 0


async def test_all_together_have_a_limit_that_a_declared_proxy_shares(opened: Opened) -> None:
    bounds = Connections(3, 2, "127.0.0.0/8")
    async with served(bounds) as port:
        held = [await opened(port) for _ in range(3)]
        while bounds.open < 3:
            await asyncio.sleep(0.01)
        reader, _ = await opened(port)
        assert (await answer(reader)).startswith(b"HTTP/1.1 503 ")
        for _, writer in held:
            writer.close()
    assert bounds.refused == {"connections": 1}


def test_connections_leave_descriptors_for_everything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.http.connections.resource.getrlimit", lambda _: (1024, 4096))
    assert Connections(4000, 500).most == 512
    assert Connections(100, 50).most == 100


@pytest.mark.parametrize(
    ("proxies", "address", "taken"),
    [
        ("", "10.0.0.1", False),
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.2", "10.0.0.1", False),
        ("::1, 10.0.0.0/24", "10.0.0.9", True),
        ("*", "whatever", True),
        ("proxy.local", "10.0.0.1", False),
    ],
)
def test_a_declared_proxy_is_not_counted_for_itself(proxies: str, address: str, taken: bool) -> None:
    bounds = Connections(10, 1, proxies)
    assert bounds.take(address) == ""
    assert (bounds.take(address) == "") is taken
