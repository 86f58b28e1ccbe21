"""Where many large bodies arrive, everybody else's requests come in between their pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from gateway.access.upload_bytes import Budget
from gateway.http.bodies import answer_and_linger
from gateway.uploads import multipart

BODIES = 10
PIECES = 12
BOUNDARY = "b"
HEAD = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n',
    *(b"x" * 1000 for _ in range(PIECES)),
    b"\r\n--b--\r\n",
)


class Turns:
    """Counts how many pieces were given in each turn of the event loop."""

    def __init__(self) -> None:
        self.most = 0
        self._now = 0

    def another(self) -> None:
        """Count a piece."""
        self._now += 1
        self.most = max(self.most, self._now)

    def receiver(self, pieces: tuple[bytes, ...]) -> Callable[[], Any]:
        """Return what an application receives a body by: each piece is there when it is asked for."""
        left: Iterator[bytes] = iter(pieces)
        given = 0

        async def receive() -> Message:
            nonlocal given
            given += 1
            self.another()
            return {"type": "http.request", "body": next(left), "more_body": given < len(pieces)}

        return receive

    async def count(self) -> None:
        while True:
            await asyncio.sleep(0)
            self._now = 0


@pytest.fixture
async def turns() -> Any:
    counted = Turns()
    counting = asyncio.create_task(counted.count())
    yield counted
    counting.cancel()


async def test_of_ten_uploads_one_piece_is_taken_in_a_turn(turns: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    arriving = Turns()
    feed = multipart._Reader.feed

    def counted(reader: multipart._Reader, data: bytes) -> None:
        turns.another()
        feed(reader, data)

    monkeypatch.setattr(multipart._Reader, "feed", counted)
    services = SimpleNamespace(uploads=Budget())

    async def upload() -> int:
        scope: dict[str, Any] = {"type": "http", "headers": [(b"content-type", b"multipart/form-data; boundary=b")]}
        request = Request(scope, arriving.receiver(HEAD))
        request.state.services = services
        request.state.principal = SimpleNamespace(caller="ana")
        async with multipart.received(request, 10**6, 60.0, lambda _: None) as form:
            return form.size

    assert await asyncio.gather(*(upload() for _ in range(BODIES))) == [PIECES * 1000] * BODIES
    assert turns.most == 1


async def test_of_ten_refused_bodies_one_piece_is_read_in_a_turn(turns: Turns) -> None:
    async def refused() -> None:
        async def send(_: Message) -> None: ...

        await answer_and_linger(Response("no", 413), {"type": "http"}, turns.receiver(HEAD), send)

    await asyncio.gather(*(refused() for _ in range(BODIES)))
    assert turns.most == 1
