"""The lean transport keeps connections, and tells what was never sent from what may have been done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from local.lean import Lean

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Answers each request with the next of `answers`: None is no answer, and one that is cut ends the connection."""

    def __init__(self, *answers: bytes | None) -> None:
        self.answers = list(answers)
        self.connections = 0
        self.requests: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next((int(x[15:]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")), 0)
                self.requests.append(head.split(b"\r\n")[0] + b" " + await reader.readexactly(length))
                answer = self.answers.pop(0)
                if answer is None:
                    await reader.read()
                    return
                writer.write(answer)
                if not answer.endswith(b"{}") or b"close" in answer:
                    return
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def client_of(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", transport=Lean(2), timeout=60.0) as client:
        yield client
    listening.close()


async def test_requests_follow_each_other_on_one_connection() -> None:
    server = Server(OK, OK, b"HTTP/1.1 204 No Content\r\nX-Version: 3\r\n\r\n")
    async with client_of(server) as client:
        assert (await client.get("/a", params={"b": "c d"})).json() == {}
        assert (await client.patch("/e", json={"f": 1})).headers["content-type"] == "application/json"
        assert (await client.get("/g")).headers["x-version"] == "3"
    assert server.requests == [b"GET /a?b=c+d HTTP/1.1 ", b'PATCH /e HTTP/1.1 {"f":1}', b"GET /g HTTP/1.1 "]
    assert server.connections == 1


async def test_no_more_connections_than_allowed_are_open_at_once() -> None:
    server = Server(*[OK] * 20)
    async with client_of(server) as client:
        answers = await asyncio.gather(*(client.get("/") for _ in range(20)))
    assert [a.status_code for a in answers] == [200] * 20
    assert server.connections == 2


@pytest.mark.parametrize("last", [OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), OK])
async def test_a_connection_that_was_ended_meanwhile_is_not_used_again(last: bytes) -> None:
    server = Server(last, OK)
    async with client_of(server) as client:
        await client.get("/")
        transport = client._transport
        assert isinstance(transport, Lean)
        for idle in transport._idle:
            idle.reader.feed_eof()  # as the event loop does when the other side has ended it
        assert (await client.get("/")).status_code == 200
    assert server.connections == 2


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with client_of(Server()) as client:
        url = str(client.base_url)
    async with httpx.AsyncClient(transport=Lean(1)) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)


@pytest.mark.parametrize("half", [b"", b"HTTP/1.1 200 OK\r\nConte", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"])
async def test_an_answer_that_ends_too_soon_may_have_been_done(half: bytes) -> None:
    server = Server(half, OK)
    async with client_of(server) as client:
        with pytest.raises(httpx.ReadError):
            await client.patch("/", content=b"x")
        assert (await client.get("/")).status_code == 200
    assert server.connections == 2


async def test_an_answer_without_a_length_is_refused() -> None:
    server = Server(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    async with client_of(server) as client:
        with pytest.raises(httpx.RemoteProtocolError, match="without a length"):
            await client.get("/")


async def test_an_answer_that_never_comes_is_given_up_and_frees_its_place() -> None:
    server = Server(None, None, OK)
    async with client_of(server) as client:
        for _ in range(2):
            with pytest.raises(httpx.ReadTimeout):
                await client.patch("/", content=b"x", timeout=httpx.Timeout(60.0, read=0.01))
        assert (await client.get("/")).status_code == 200
    assert server.connections == 3
