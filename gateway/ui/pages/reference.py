"""`/docs`: the API call by call, the events of the log, and the kinds of problems."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response

from gateway.http import asyncapi, openapi
from gateway.problems.kinds import KINDS
from gateway.ui.reference import Call, Event, calls, events
from gateway.ui.rendering import render
from gateway.ui.words import reference_words
from schemas.process.version import build

T = TypeVar("T")


async def show_all(request: Request) -> Response:
    """List the calls, the events and the kinds of problems."""
    groups = [(name, list(of_group)) for name, of_group in groupby(_calls(request).values(), lambda call: call.group)]
    told, shown = reference_words.told, _events(request).values()
    return await render(request, "reference.html", groups=groups, events=shown, kinds=KINDS, told=told)


async def show_call(request: Request, name: str) -> Response:
    """Show one call: its parameters, bodies and answers, with examples."""
    return await _shown(request, "reference_call.html", _calls(request).get(name))


async def show_event(request: Request, name: str) -> Response:
    """Show one type of event: its fields, an example, and who writes and reads it."""
    return await _shown(request, "reference_event.html", _events(request).get(name))


async def _shown(request: Request, template: str, found: Call | Event | None) -> Response:
    if found is None:
        return await render(request, "missing.html", status=404)
    told, answer = reference_words.told, reference_words.answer
    return await render(request, template, said=found, told=told, answer_words=answer)


def _calls(request: Request) -> dict[str, Call]:
    return _made(request, "reference_calls", lambda: calls(orjson.loads(openapi.document_bytes(request.app))))


def _events(request: Request) -> dict[str, Event]:
    return _made(request, "reference_events", lambda: events(asyncapi.document(build().version)))


def _made(request: Request, name: str, make: Callable[[], T]) -> T:
    """Return what was made once for an application: it is the same as long as the process lives."""
    state = request.app.state
    if not hasattr(state, name):
        setattr(state, name, make())
    made: T = getattr(state, name)
    return made
