"""Connections of aiokafka that notice silence; held to what aiokafka really does."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka.conn import AIOKafkaConnection
from aiokafka.protocol.admin import ApiVersionResponse_v0

from schemas.process import broker_links
from tests.support.patience import PATIENCE_S
from tests.support.set_clock import SetClock


@pytest.fixture
def links() -> Any:
    """aiokafka's connections, mended; the class itself stays as it is."""

    class Mended(AIOKafkaConnection):  # type: ignore[misc] # aiokafka has no types
        pass

    broker_links.mend(Mended)
    return Mended


@pytest.fixture
async def broker() -> AsyncIterator[int]:
    """A server that answers the one request of a new connection; return its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(4))
        request = await reader.readexactly(size)
        body = ApiVersionResponse_v0(0, [(3, 0, 5)]).encode()
        writer.write((len(body) + 4).to_bytes(4) + request[4:8] + body)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


@pytest.fixture
async def silent() -> AsyncIterator[int]:
    """A server that accepts connections and never answers; return its port."""
    taken: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: taken.append(writer), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    for writer in taken:
        writer.close()
    server.close()
    await server.wait_closed()


def nobody() -> int:
    """Return a port where nobody listens."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


async def test_the_kernel_ends_what_is_silent(links: Any, broker: int) -> None:
    link = links("127.0.0.1", broker, request_timeout_ms=40000)
    await link.connect()
    opened = link._writer.get_extra_info("socket")
    assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 3000
    # requests take as long as before: joining a group does
    assert link._request_timeout == 40.0
    await link.close()


async def test_opening_takes_no_longer_than_it_may(links: Any, silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_links, "ANSWER_S", 0.2)
    link = links("127.0.0.1", silent, request_timeout_ms=3_600_000)
    with pytest.raises(TimeoutError):
        await link.connect()
    assert not link.connected()


async def test_opening_takes_no_longer_than_a_request(links: Any, silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_links, "ANSWER_S", 3600.0)
    link = links("127.0.0.1", silent, request_timeout_ms=200)
    with pytest.raises(TimeoutError):
        await link.connect()
    assert not link.connected()


async def test_a_broker_that_is_not_there_is_not_asked_again_at_once(
    links: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left alone for longer each time, and who asks meanwhile is told so after a moment, not at once."""
    clock = SetClock()
    monkeypatch.setattr(broker_links, "time", clock)
    port = nobody()

    async def left_alone() -> bool:
        with pytest.raises(OSError, match=str(port)) as told:
            await links("127.0.0.1", port).connect()
        return "left alone" in str(told.value)

    for pause in (0.05, 0.1, 0.2, 0.4, 0.5, 0.5):
        assert not await left_alone()
        began = time.monotonic()
        assert await left_alone()
        assert time.monotonic() - began >= 0.99 * min(pause, broker_links.PAUSE_S)
        clock.now += 0.9 * pause
        assert await left_alone()
        clock.now += 0.2 * pause


async def test_one_that_is_back_is_reached_soon_and_forgiven(links: Any, broker: int) -> None:
    reach = broker_links.mend(links)
    for _ in range(20):
        reach.failed("127.0.0.1", broker)
    assert reach.left_alone("127.0.0.1", broker) <= broker_links.LEFT_ALONE_S
    async with asyncio.timeout(PATIENCE_S):
        while True:
            link = links("127.0.0.1", broker)
            try:
                await link.connect()
                break
            except OSError:
                continue
    await link.close()
    assert reach.left_alone("127.0.0.1", broker) == 0
    reach.failed("127.0.0.1", broker)
    assert reach.left_alone("127.0.0.1", broker) <= broker_links.LEFT_ALONE_FIRST_S


def test_mending_twice_changes_nothing(links: Any) -> None:
    before = links.connect
    assert broker_links.mend(links) is broker_links.mend(links)
    assert links.connect is before
