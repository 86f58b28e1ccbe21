"""The stand-in's HTTP side: the chat API, the list of models, and the control of its behaviour."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .answers import ANSWERS
from .behaviours import BEHAVIOURS, error, is_behaviour, respond

#: Requests that the journal keeps.
JOURNAL_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Served:
    """One request that was answered: when (monotonic seconds), how, and what was asked."""

    at: float
    behaviour: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass(slots=True)
class Script:
    """Which behaviour answers the next request.

    A model that is named like a behaviour is answered by it. Else the script's behaviours answer one request
    each, in order; the last one stays.
    """

    behaviours: deque[str] = field(default_factory=lambda: deque(["good"]))
    journal: deque[Served] = field(default_factory=lambda: deque(maxlen=JOURNAL_LIMIT))

    def set(self, behaviours: Sequence[str]) -> None:
        """Replace the script. Raises ValueError for an unknown behaviour or an empty script."""
        unknown = [str(b) for b in behaviours if not isinstance(b, str) or not is_behaviour(b)]
        if unknown or not behaviours:
            raise ValueError(f"no such behaviour: {', '.join(unknown) or '(none given)'}")
        self.behaviours = deque(behaviours)

    def next(self, model: object) -> str:
        """Return the behaviour for a request, and step on."""
        if isinstance(model, str) and is_behaviour(model):
            return model
        return self.behaviours.popleft() if len(self.behaviours) > 1 else self.behaviours[0]


def create_app(script: Script) -> Starlette:
    """Return the application for a script."""

    async def chat(request: Request) -> Response:
        try:
            body = json.loads(await request.body())
            model = body["model"]
        except (ValueError, KeyError, TypeError):
            return error(400, "The body must be a JSON object with a model and messages.")
        behaviour = script.next(model)
        script.journal.append(Served(time.monotonic(), behaviour, body, dict(request.headers)))
        return respond(behaviour, body)

    async def models(_: Request) -> Response:
        named = [{"id": name, "object": "model", "owned_by": "stand-in"} for name in (*ANSWERS, *BEHAVIOURS)]
        return JSONResponse({"object": "list", "data": named})

    async def read_script(_: Request) -> Response:
        served = [{"at": s.at, "behaviour": s.behaviour, "model": s.body.get("model")} for s in script.journal]
        return JSONResponse({"behaviours": list(script.behaviours), "served": served})

    async def write_script(request: Request) -> Response:
        try:
            script.set((await request.json())["behaviours"])
        except (ValueError, KeyError, TypeError) as problem:
            return error(400, str(problem))
        return JSONResponse({"behaviours": list(script.behaviours)})

    return Starlette(
        routes=[
            Route("/v1/chat/completions", chat, methods=["POST"]),
            Route("/v1/models", models),
            Route("/control", read_script, methods=["GET"]),
            Route("/control", write_script, methods=["PUT"]),
        ]
    )
