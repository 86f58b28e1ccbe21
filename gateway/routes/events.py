"""What changes, as it changes: server-sent events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.live.history import ALL, History
from gateway.live.seen import seen_of
from gateway.problems.problem import rate_limited, unavailable
from gateway.services.services import Services
from gateway.shapes.live import LiveQuery
from schemas.process.database_away import DATABASE_FAILS

HEARTBEAT_S: Final = 15.0
#: Browsers that may listen to this gateway at the same time, and with one key: nobody takes all the places.
MAX_STREAMS: Final = 500
MAX_STREAMS_OF_ONE: Final = 100
#: A stream ends after this time and the browser connects again, so that an ended sign-in does not listen on.
LIFETIME_S: Final = 900.0
#: After so long a place may be free.
RETRY_S: Final = 10


def routes() -> list[BaseRoute]:
    operation = Operation(
        changes, Role.VIEWER, "streams", errors=("unavailable", "invalid"), streams=True, media="text/event-stream"
    )
    return [resource("/api/events", GET=operation)]


async def changes(request: Request, query: LiveQuery) -> Response:
    """Hear of changes, as server-sent events.

    `event: plan`, `data: {"planId": "..."}` for each plan that changed; `event: letters`, `retries`, `breakers`,
    `replays` or `alerts` where something of these has; `event: all` where too much changed to say, or something may
    have been missed: read again what is shown.

    `event: health`, `data: {"status": "ok", "asOf": "...", "mark": "...", "since": "..."}` every two seconds or so: the
    status of the health report, and when that was looked at. Another `mark` than before says that something else is
    wrong now; `since` is when this one was seen first.

    `event: ping` where nothing else was said for 15 s: where nothing comes, the connection is cut. Each connection
    begins with `event: all`. Of one key, or person, a hundred may listen at a time; it ends where the key, the
    person or the sign-in ends, or the key gets another secret or other scopes.

    With `details=true` each event of a plan and of its tasks is told, too, as soon as it is shown: `event: event`,
    `data: {"eventId", "planId", "type", "stream", "version", "occurredAt", "actor"}`. It has an `id`: a client that
    connects again with the last one in `Last-Event-ID`, as browsers do by themselves, is told of all that it missed and
    begins without `event: all`. Where that is more than 10,000 records, or the id is of another log, it begins with
    `event: reset`: read again what is shown. That comes later, too, where the log loses its end meanwhile.
    """
    services: Services = request.state.services
    caller = request.state.principal.caller
    if services.streams.of(caller) >= MAX_STREAMS_OF_ONE:
        raise rate_limited(RETRY_S, "streams")
    if services.streams.open >= MAX_STREAMS:
        raise unavailable("Too many browsers listen to this gateway.", retry_after=RETRY_S)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if request.method == "HEAD":  # a stream would go on, and nobody would get it
        return Response(headers=headers, media_type="text/event-stream")
    shown = services.access.shown(request)
    history = History(services.shown, request.headers.get("last-event-id", "")) if query.details else None

    async def stream() -> AsyncIterator[bytes]:
        with services.streams.listening(caller, shown) as ended:
            services.metrics.streams.set(services.streams.open)
            try:
                async for chunk in _frames(seen_of(services.live.subscribe(), services.reader), ended, history):
                    yield chunk
            finally:
                services.metrics.streams.set(services.streams.open - 1)

    return StreamingResponse(stream(), headers=headers, media_type="text/event-stream")


async def _frames(
    messages: AsyncIterator[dict[str, Any]], ended: asyncio.Event, history: History | None
) -> AsyncIterator[bytes]:
    waiting: asyncio.Task[dict[str, Any]] | None = None
    ending = asyncio.ensure_future(ended.wait())
    ends = time.monotonic() + LIFETIME_S
    try:
        # from here on nothing is missed: what is shown after the subscription is told, what before it is read
        waiting = asyncio.ensure_future(anext(messages))
        await asyncio.sleep(0)
        yield b"retry: 1000\n" + (ALL if history is None else await history.begin())
        unread = history is not None
        while time.monotonic() < ends:
            if history is not None and unread:
                async with aclosing(history.frames()) as missed:
                    async for frame in missed:
                        yield frame
                        if ended.is_set() or time.monotonic() >= ends:
                            return  # what is left of it is told to who connects again
                unread = False
            waiting = waiting or asyncio.ensure_future(anext(messages))
            done, _ = await asyncio.wait({waiting, ending}, timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED)
            if ended.is_set():
                return
            if not done:
                # an event, not a comment: a browser hides comments from the page, which has to see a cut connection
                yield b"event: ping\ndata: {}\n\n"
                continue
            try:
                message = waiting.result()
            except StopAsyncIteration:
                return
            waiting = None
            yield _frame(message)
            unread = bool(message.get("plans") or message.get("all"))
    except DATABASE_FAILS:
        return  # the client connects again, with the place that it has come to
    finally:
        ending.cancel()
        if waiting is not None:
            waiting.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await waiting


def _frame(message: dict[str, Any]) -> bytes:
    if message.get("all"):
        return ALL
    said: list[tuple[str, object]] = [("plan", {"planId": plan}) for plan in message.get("plans", ())]
    if "health" in message:
        said.append(("health", message["health"]))
    said += [(name, {}) for name in message.get("changed", ())]
    return b"".join(b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(data)) for name, data in said)
