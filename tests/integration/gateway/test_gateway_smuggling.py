"""Requests that a proxy and the gateway could take for different ones are refused, and nothing behind them is heard."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest

from tests.integration.gateway.gateway_running import Running
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
