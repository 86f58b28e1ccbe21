"""Answers a slow request with its progress: one JSON object a line, the answer itself on the last line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Final

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.problems.answers import problem_of
from gateway.problems.problem import Silent

log = structlog.get_logger("gateway")

LINES: Final = "application/x-ndjson"
#: Headers of the answer that the last line repeats.
_TOLD: Final = ("location", "etag", "retry-after", "idempotent-replayed")
Say = Callable[[dict[str, Any]], None]


def wants_lines(request: Request) -> bool:
    """Return whether the client asks for progress, by its header Accept."""
    return LINES in request.headers.get("accept", "")


class Telling(StreamingResponse):
    """Streams the progress of `work` while it runs. Of several lines at once only the last is sent.

    The last line is `{"status", "headers", "body"}` of the result of `work`, or of its refusal: the HTTP status is 200
    by then. `stack` is closed at the end, whatever happens.
    """

    def __init__(self, request: Request, work: Callable[[Say], Awaitable[Response]], stack: AsyncExitStack) -> None:
        super().__init__((), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}, media_type=LINES)
        self._request = request
        self._work = work
        self._stack = stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        async with self._stack:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            said: dict[str, Any] = {}
            news = asyncio.Event()

            def say(line: dict[str, Any]) -> None:
                said.update(line)
                news.set()

            work = asyncio.ensure_future(self._answer(say))
            try:
                while await _first(news, work):
                    news.clear()
                    await send(_chunk(said, more=True))
                await send(_chunk(work.result(), more=False))
            except Silent:
                return
            finally:
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)

    async def _answer(self, say: Say) -> dict[str, Any]:
        """Return the last line. Raises Silent if the client is gone."""
        try:
            answer = await self._work(say)
        except Silent:
            raise
        except Exception as error:  # every failure has an answer
            problem = problem_of(error)
            if problem.kind == "internal":
                log.exception("request failed", path=self._request.url.path)
            answer = problem.response(self._request.url.path, self._request.state.request_id)
        headers = {name: answer.headers[name] for name in _TOLD if name in answer.headers}
        return {"status": answer.status_code, "headers": headers, "body": orjson.Fragment(bytes(answer.body))}


async def _first(news: asyncio.Event, work: asyncio.Future[dict[str, Any]]) -> bool:
    """Wait for progress or for the end of the work; return whether it goes on."""
    hearing = asyncio.ensure_future(news.wait())
    both: set[asyncio.Future[Any]] = {hearing, work}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hearing.cancel()
    return not work.done()


def _chunk(line: dict[str, Any], *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": orjson.dumps(line) + b"\n", "more_body": more}
