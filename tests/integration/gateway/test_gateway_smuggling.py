"""Requests that a proxy and the gateway could take for different ones are refused, and nothing behind them is heard."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from gateway.settings import Settings
from tests.integration.gateway.gateway_running import OFF, Running, serving
from tests.support.patience import PATIENCE_S

POST = b"POST /login HTTP/1.1\r\nHost: a\r\n"
BEHIND = b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
ENDED = b"0\r\n\r\n" + BEHIND
REFUSED = {
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 30\r\n\r\nabc" + BEHIND,
    "the same length twice": POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc" + BEHIND,
    "a list of lengths": POST + b"Content-Length: 3, 3\r\n\r\nabc" + BEHIND,
    "a signed length": POST + b"Content-Length: +3\r\n\r\nabc" + BEHIND,
    "a blank before the colon": POST + b"Content-Length : 3\r\n\r\nabc" + BEHIND,
    "length, then chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + ENDED,
    "chunks, then length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + ENDED,
    "chunks are not the last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n" + ENDED,
    "two encodings": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + ENDED,
    "an encoding that goes on in the next line": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n" + ENDED,
    "a header that goes on in the next line": b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c: d\r\n\r\n" + BEHIND,
    "NUL in a value": b"GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n" + BEHIND,
    "NUL in a name": b"GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n" + BEHIND,
    "lines end with LF alone": b"GET / HTTP/1.1\nHost: a\n\n" + BEHIND,
    "CR within a value": b"GET / HTTP/1.1\r\nHost: a\r\nX: b\rX-Forwarded-For: 192.0.2.1\r\n\r\n" + BEHIND,
}


async def answered(gateway: Running, sent: bytes) -> bytes:
    """Return all that the gateway says until it ends the connection."""
    where = urlsplit(gateway.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        writer.write(sent)
        async with asyncio.timeout(PATIENCE_S):
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
async def test_what_can_be_read_in_two_ways_is_refused_and_ends_the_connection(gateway: Running, sent: bytes) -> None:
    said = await answered(gateway, sent)

    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("path", ["/health/live", "/login", "/api/tasks"])
async def test_a_request_with_two_hosts_is_refused(gateway: Running, path: str) -> None:
    """A proxy may have gone by the other one."""
    head = f"GET {path} HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"

    said = await answered(gateway, head.encode())

    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"more than one Host" in said


@pytest.mark.parametrize(
    "name", ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-CSRF-Token", "authorization"]
)
@pytest.mark.parametrize("path", ["/health/live", "/api/tasks"])
async def test_a_request_that_says_twice_who_asks_or_what_for_is_refused(
    gateway: Running, name: str, path: str
) -> None:
    """The gateway would go by the first, whatever a proxy before it has judged."""
    key = gateway.keys["admin"]
    head = f"GET {path} HTTP/1.1\r\nHost: a\r\n{name}: Bearer {key}\r\n{name}: Bearer x\r\nConnection: close\r\n\r\n"

    said = await answered(gateway, head.encode())

    assert said.startswith(b"HTTP/1.1 400 ")
    assert f"more than one {name.title()}.".encode() in said


CHUNKED = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("body", ["", "3\r\nabc\r\n"])
@pytest.mark.parametrize("path", ["/api/tasks", "/health/live"])
async def test_a_trailer_is_no_header(gateway: Running, path: str, body: str) -> None:
    """A proxy that takes a caller's own Authorization or X-Forwarded-For away does not look for it behind the body."""
    trailer = f"0\r\nAuthorization: Bearer {gateway.keys['admin']}\r\n\r\n"

    said = await answered(gateway, f"GET {path} HTTP/1.1\r\n{CHUNKED}{body}{trailer}".encode() + BEHIND)

    assert said.startswith(b"HTTP/1.1 400 ")
    assert (said.count(b"HTTP/1.1 "), b"Trailers" in said) == (1, True)


async def test_trailers_without_end_take_no_memory(gateway: Running) -> None:
    """Not while an answer is under way either, when nothing else bounds them."""
    where = urlsplit(gateway.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    key = gateway.keys["viewer"]
    writer.write(f"GET /api/events HTTP/1.1\r\nAuthorization: Bearer {key}\r\n{CHUNKED}".encode())
    assert b" 200 " in await reader.readline()
    writer.write(b"0\r\n")
    sent = 0
    async with asyncio.timeout(PATIENCE_S):
        with suppress(ConnectionError):
            while True:
                writer.write(b"X: " + b"y" * 1000 + b"\r\n")
                await writer.drain()
                await asyncio.sleep(0)
                sent += 1
    writer.close()
    assert sent > 0


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET http://a/health/ready HTTP/1.1\r\nHost: b\r\n", b"200"),
        (b"GET http://me@a:80/health/ready HTTP/1.1\r\nHost: b\r\n", b"200"),
        (b"GET http://b/api/tasks HTTP/1.1\r\nHost: a\r\n", b"400"),
        (b"GET http://b@a/api/tasks HTTP/1.1\r\nHost: b\r\n", b"401"),
        (b"GET http://a/api/tasks HTTP/1.1\r\nHost: a\r\nHost: b\r\n", b"400"),
        (b"GET /api/tasks HTTP/1.1\r\n", b"400"),
        (b"GET /health/live HTTP/1.1\r\n", b"400"),
        (b"GET /health/live HTTP/1.0\r\n", b"200"),
        (b"GET /api/tasks HTTP/1.1\r\nHost: a\r\n", b"401"),
        (b"GET /api/tasks HTTP/1.1\r\nHost: b\r\n", b"400"),
    ],
)
async def test_whom_a_request_is_for_is_said_by_its_target_first(
    gateway: Running, database_url: str, head: bytes, status: bytes
) -> None:
    settings = Settings(database_url=database_url, limits=OFF, allowed_hosts=("a",))
    async with serving(settings) as (url, app):
        named = Running(url, app, gateway.pool)
        said = await answered(named, head + b"Connection: close\r\n\r\n")

    assert said.split()[1] == status
