"""An answer in lines: what is said meanwhile, the answer or its refusal at the end, and what was opened is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from gateway.http.telling import LINES, Say, Telling, wants_lines
from gateway.problems.problem import Silent, invalid

Work = Callable[[Say], Awaitable[Response]]


async def asked(work: Work) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]:
    """Return the lines, the messages that were sent, and what was given back."""
    sent: list[dict[str, Any]] = []
    closed: list[str] = []
    stack = AsyncExitStack()
    stack.callback(closed.append, "folder")
    scope = {"type": "http", "method": "POST", "path": "/x", "headers": [], "query_string": b"", "state": {}}
    request = Request(scope)
    request.state.request_id = "r1"

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("the work listens for the end of the client")

    await Telling(request, work, stack)(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return [orjson.loads(line) for line in body.splitlines()], sent, closed


async def test_what_is_said_goes_out_before_the_answer() -> None:
    async def work(say: Say) -> Response:
        for at in (1, 2):
            say({"reading": {"at": at}})
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return Response(b'{"planId":"p"}', 202, {"Location": "/p", "X-Other": "y"}, "application/json")

    lines, sent, closed = await asked(work)

    assert lines == [
        {"reading": {"at": 1}},
        {"reading": {"at": 2}},
        {"status": 202, "headers": {"location": "/p"}, "body": {"planId": "p"}},
    ]
    assert dict(sent[0]["headers"])[b"content-type"].startswith(LINES.encode())
    assert b"content-length" not in dict(sent[0]["headers"])
    assert [message.get("more_body") for message in sent[1:]] == [True, True, False]
    assert closed == ["folder"]


async def test_a_refusal_is_the_last_line_with_its_own_status() -> None:
    async def work(_say: Say) -> Response:
        raise invalid(("channels", "names no channel"))

    lines, _, closed = await asked(work)

    assert (lines[-1]["status"], lines[-1]["body"]["type"]) == (422, "/docs#invalid")
    assert lines[-1]["body"]["requestId"] == "r1"
    assert closed == ["folder"]


async def test_our_own_mistake_is_an_answer_too() -> None:
    async def work(_say: Say) -> Response:
        raise ZeroDivisionError

    lines, _, _ = await asked(work)

    assert (lines[-1]["status"], lines[-1]["body"]["type"]) == (500, "/docs#internal")


async def test_where_the_client_has_gone_nothing_more_is_sent() -> None:
    async def work(_say: Say) -> Response:
        raise Silent

    lines, sent, closed = await asked(work)

    assert (lines, len(sent), closed) == ([], 1, ["folder"])


async def test_lines_are_for_who_asks_for_them() -> None:
    def request(accept: str) -> Request:
        return Request({"type": "http", "headers": [(b"accept", accept.encode())]})

    assert wants_lines(request("application/x-ndjson, application/json"))
    assert not wants_lines(request("application/json"))
