"""Reads request bodies within limits of size and time."""

from __future__ import annotations

import asyncio
import json
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from gateway.http.pace import Pace
from gateway.problems.problem import Problem, Silent

#: How long, in seconds, and how far, in bytes, a refused body is still read.
LINGER_S: Final = 2.0
LINGER_BYTES: Final = 64 * 1024 * 1024
#: The bytes a second that are read of all refused bodies together, after the first LINGER_BYTES. A client whose bodies
#: are refused over and over sends as fast as it is read, and nobody needs its bytes.
REFUSED_BYTES_S: Final = 32 * 1024 * 1024
#: The deepest nesting of JSON: no honest request has more.
MAX_DEPTH: Final = 32
#: One turn for each event loop: tests and tools have several loops in a process.
_pieces: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = weakref.WeakKeyDictionary()
#: The bytes a second that are read of all uploads together, and the bytes at once: a few documents. Each piece takes a
#: turn of the event loop in which no other request is served.
TAKEN_BYTES_S: Final = 32 * 1024 * 1024
TAKEN_AT_ONCE: Final = 8 * 1024 * 1024
_refused = Pace(REFUSED_BYTES_S, LINGER_BYTES)
_taken = Pace(TAKEN_BYTES_S, TAKEN_AT_ONCE)


def too_large(limit: int) -> Problem:
    size = f"{limit // (1024 * 1024)} MiB" if limit >= 1024 * 1024 else f"{limit // 1024} KiB"
    return Problem("too-large", f"The body is larger than {size}.", limit=limit)


def check_length(request: Request, limit: int, overhead: int = 0) -> None:
    """Refuse a body by its Content-Length, unread. `overhead`: bytes beside the part that the limit bounds."""
    if announced(request) > limit + overhead:
        request.state.unread = True
        raise too_large(limit)


def announced(request: Request) -> int:
    """Return the Content-Length of the request; 0 without one."""
    length = request.headers.get("content-length", "")
    return int(length[:20]) if length.isascii() and length.isdigit() else 0


async def read_all(request: Request, limit: int, within: float) -> bytes:
    """Return the whole body. Raises Problem (413, 408) and Silent."""
    check_length(request, limit)
    chunks: list[bytes] = []
    size = 0
    state = request.state
    try:
        async with asyncio.timeout(within):
            while True:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise Silent
                chunk = message.get("body", b"")
                state.unread = more = message.get("more_body", False)
                size += len(chunk)
                if size > limit:
                    raise too_large(limit)
                if not more:
                    return b"".join((*chunks, chunk)) if chunks else chunk
                chunks.append(chunk)
    except TimeoutError:
        raise Problem("request-timeout", f"The body was not complete after {within:g} s.") from None


async def answer_and_linger(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request whose body was not read to its end, and close the connection.

    The answer is sent at once. Then a bounded rest of the body is read and dropped: a client whose connection breaks
    while it sends may never read the answer.
    """
    response.headers["Connection"] = "close"

    async def send_and_wait(message: Message) -> None:
        if message["type"] != "http.response.body" or message.get("more_body", False):
            await send(message)
            return
        await send({**message, "more_body": True})
        await _drain(receive)
        await send({"type": "http.response.body", "body": b""})

    await response(scope, receive, send_and_wait)


@asynccontextmanager
async def piece_in_turn(size: int) -> AsyncIterator[None]:
    """Process a piece of `size` bytes of an upload in its turn, then wait as the pace of all uploads demands."""
    async with _turn():
        yield
    await _wait(_taken.took(size))


@asynccontextmanager
async def _turn() -> AsyncIterator[None]:
    """Wait for a turn of the event loop in which no piece of another body is processed.

    A piece has up to some 300 KB, and takes a millisecond. Without turns, ten uploads at once would delay each step of
    every other request by ten pieces.
    """
    async with _pieces.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        yield
        await asyncio.sleep(0)  # what is ready has its turn before the next piece


async def _wait(seconds: float) -> None:
    if seconds:
        await asyncio.sleep(seconds)


async def _drain(receive: Receive) -> None:
    size = 0
    try:
        async with asyncio.timeout(LINGER_S):
            while size < LINGER_BYTES:
                async with _turn():
                    pass
                message = await receive()
                piece = len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
                size += piece
                await _wait(_refused.took(piece))
    except TimeoutError:
        return


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def parse_json(body: bytes) -> Any:
    """Return the data of a JSON body. Raises Problem 400."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        where = f" (line {error.lineno}, column {error.colno})" if body else ""
        raise Problem("bad-request", f"The body is not JSON{where}: {error.msg[:100]}.") from None
    if _depth(data) > MAX_DEPTH:
        raise Problem("bad-request", f"The JSON is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(data, dict | list) and body.count(b":") > 1:
        _NAMED_ONCE.decode(body.decode())
    return data


def _named_once(members: list[tuple[str, object]]) -> None:
    """Refuse an object with a repeated member: the last one counts here, and a proxy may go by the first."""
    names = [name for name, _ in members]
    if len(names) != len(set(names)):
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise Problem("bad-request", f"The JSON says '{twice[:80]}' twice in one object.")


_NAMED_ONCE: Final = json.JSONDecoder(object_pairs_hook=_named_once)


def _depth(data: Any) -> int:
    deepest = 0
    level = [data]
    while level and deepest <= MAX_DEPTH:
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        deepest += 1
    return deepest
