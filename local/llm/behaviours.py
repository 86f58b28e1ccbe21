"""The ways in which a chat server misbehaves, each an ASGI response. Named `name` or `name:argument`."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from .answers import ANSWERS, good_plan
from .spoiled import echoed

#: How long a hanging server hangs, in seconds: longer than any deadline, shorter than for ever.
HANG_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the parsed body and the argument of the behaviour that answers it."""

    body: dict[str, Any]
    argument: str

    @property
    def prompt(self) -> str:
        """All messages as one text."""
        messages = self.body.get("messages")
        contents = [m.get("content") for m in messages if isinstance(m, dict)] if isinstance(messages, list) else []
        return "\n".join(c for c in contents if isinstance(c, str))

    @property
    def form(self) -> str:
        """The form that is asked for: json_schema, json_object or none."""
        asked = self.body.get("response_format")
        return str(asked.get("type", "none")) if isinstance(asked, dict) else "none"

    def seconds(self, default: float) -> float:
        """Return the argument as seconds."""
        return float(self.argument) if self.argument else default


def completion(asked: Asked, message: dict[str, Any], finish_reason: str = "stop") -> dict[str, Any]:
    """Return a chat completion's envelope around a message."""
    spoken = len(json.dumps(message))
    return {
        "id": "chatcmpl-stand-in",
        "object": "chat.completion",
        "created": 0,
        "model": str(asked.body.get("model", "stand-in")),
        "choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish_reason}],
        "usage": {
            "prompt_tokens": len(asked.prompt) // 4,
            "completion_tokens": spoken // 4,
            "total_tokens": len(asked.prompt) // 4 + spoken // 4,
        },
    }


def says(asked: Asked, answer: str) -> dict[str, Any]:
    """Return the completion that says one of the named answers."""
    text = ANSWERS[answer][1](good_plan(asked.prompt))
    if answer not in ("truncated", "half"):
        return completion(asked, {"content": text})
    return _cut_off(asked, text, int(asked.body.get("max_tokens") or asked.body.get("max_completion_tokens") or 0))


def _cut_off(asked: Asked, text: str, tokens: int) -> dict[str, Any]:
    """Return the completion of an answer that ended after so many tokens; as many as were asked for: at the limit."""
    cut = completion(asked, {"content": text}, "length")
    return {**cut, "usage": {**cut["usage"], "completion_tokens": tokens}}


def error(status: int, message: str, headers: dict[str, str] | None = None, **fields: Any) -> Response:
    """Return an error in OpenAI's envelope."""
    body = {"error": {"message": message, "type": "stand_in_error", "param": None, "code": None, **fields}}
    return JSONResponse(body, status, headers)


class Hang(Response):
    """Takes the request and says nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI has three
        await _gone_or(HANG_S, receive)


class Slow(Response):
    """Waits before a good answer."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(json.dumps(says(asked, "good")), media_type="application/json")
        self._wait_s = asked.seconds(1.0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._wait_s)
        await super().__call__(scope, receive, send)


class Drip(Response):
    """Sends a good answer one byte at a time, with a pause after each."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(json.dumps(says(asked, "good")), media_type="application/json")
        self._pause_s = asked.seconds(0.2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI has three
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        for n in range(len(self.body)):
            await send({"type": "http.response.body", "body": bytes(self.body[n : n + 1]), "more_body": True})
            if await _gone_or(self._pause_s, receive):
                return


class Close(Response):
    """Closes the connection in the middle of the body."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(json.dumps(says(asked, "good")), media_type="application/json")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI has three
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0.05)  # the half is on the wire before the connection goes


class Huge(Response):
    """Sends a body without end."""

    media_type = "application/json"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI has three
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"choices": [{"message": {"content": "', "more_body": True})
        for _ in range(1024):
            await send({"type": "http.response.body", "body": b"a" * 1024 * 1024, "more_body": True})
            if await _gone_or(0.001, receive):
                return


async def _gone_or(seconds: float, receive: Receive) -> bool:
    """Wait; return early, and True, when the client has gone away."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


def _rate_limit(asked: Asked) -> Response:
    return error(429, "Rate limit reached.", {"Retry-After": asked.argument or "1"}, code="rate_limit_exceeded")


def _rate_limit_date(asked: Asked) -> Response:
    # a date has whole seconds: round up, so that the wait is never shorter than asked for
    when = datetime.now(UTC) + timedelta(seconds=asked.seconds(1.0) + 0.999)
    return error(429, "Rate limit reached.", {"Retry-After": format_datetime(when, usegmt=True)})


def _rate_limit_ms(asked: Asked) -> Response:
    return error(429, "Rate limit reached.", {"Retry-After-Ms": asked.argument or "1000", "Retry-After": "60"})


def _compressed(asked: Asked) -> Response:
    body = gzip.compress(json.dumps(says(asked, "good")).encode())
    return Response(body, headers={"Content-Encoding": "gzip"}, media_type="application/json")


def _plain(asked: Asked) -> Response:
    if "response_format" in asked.body:
        kind = asked.body["response_format"]["type"]
        return error(400, f"'response_format' of type '{kind}' is not supported by this server.")
    for name in ("max_tokens", "temperature"):
        if name in asked.body:
            hint = " Use 'max_completion_tokens' instead." if name == "max_tokens" else ""
            return error(400, f"Unsupported parameter: '{name}' is not supported with this model.{hint}", param=name)
    return JSONResponse(says(asked, "good"))


def _no_schema(asked: Asked) -> Response:
    if asked.form == "json_schema":
        return error(400, "'response_format' of type 'json_schema' is not supported by this server.")
    return JSONResponse(says(asked, "good"))


def _hurt_by_schema(asked: Asked) -> Response:
    return JSONResponse(says(asked, "empty-lists" if asked.form == "json_schema" else "good"))


def _small_context(asked: Asked) -> Response:
    if len(asked.prompt) > int(asked.argument or 6000):
        return error(400, "the request exceeds the available context size", code="exceed_context_size_error")
    return JSONResponse(says(asked, "good"))


def _small_window(asked: Asked) -> Response:
    if len(asked.prompt) > int(asked.argument or 6000):
        text = ANSWERS["good"][1](good_plan(asked.prompt))
        return JSONResponse(_cut_off(asked, text[:200], 50))
    return JSONResponse(says(asked, "good"))


def _no_usage(asked: Asked) -> Response:
    return JSONResponse({k: v for k, v in says(asked, "good").items() if k != "usage"})


def _echo(asked: Asked) -> Response:
    return JSONResponse(completion(asked, {"content": json.dumps(echoed(asked.prompt))}))


def _tool_call(asked: Asked) -> Response:
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "plan", "arguments": ANSWERS["good"][1](good_plan(asked.prompt))},
    }
    return JSONResponse(completion(asked, {"content": None, "tool_calls": [call]}, "tool_calls"))


def _parts(asked: Asked) -> Response:
    text = ANSWERS["good"][1](good_plan(asked.prompt))
    return JSONResponse(
        completion(asked, {"content": [{"type": "text", "text": text[:50]}, {"type": "text", "text": text[50:]}]})
    )


def _refusal(asked: Asked) -> Response:
    return JSONResponse(completion(asked, {"content": None, "refusal": "I'm sorry, I can't help with that."}))


#: behaviour -> (what it shows, how it answers); the named answers of `answers.py` are behaviours too
BEHAVIOURS: Final[dict[str, tuple[str, Callable[[Asked], Response]]]] = {
    "hang": ("takes the request and never answers", lambda _: Hang()),
    "slow": ("answers after SECONDS", Slow),
    "drip": ("sends a byte every SECONDS", Drip),
    "close": ("closes the connection in the middle of the body", Close),
    "huge": ("sends a body without end", lambda _: Huge()),
    "compressed": ("sends a gzip body that nobody asked for", _compressed),
    "rate-limit": ("429 with Retry-After: SECONDS", _rate_limit),
    "rate-limit-date": ("429 with Retry-After as a date SECONDS from now", _rate_limit_date),
    "rate-limit-ms": ("429 with retry-after-ms: MILLISECONDS", _rate_limit_ms),
    "redirect": ("307 to the address that follows", lambda a: error(307, "Moved.", {"Location": a.argument})),
    "status": ("the error status CODE", lambda a: error(int(a.argument or 500), "The server had an error.")),
    "no-credit": ("429 because the account has no credit", lambda _: error(
        429, "You exceeded your current quota.", code="insufficient_quota")),
    "bad-key": ("401", lambda _: error(401, "Incorrect API key provided.", code="invalid_api_key")),
    "unknown-model": ("404", lambda _: error(404, "The model does not exist.", code="model_not_found")),
    "too-long": ("400 because the prompt is too long", lambda _: error(
        400, "This model's maximum context length is 8192 tokens.", code="context_length_exceeded")),
    "content-filter": ("an answer that the content filter cut", lambda a: JSONResponse(
        completion(a, {"content": ""}, "content_filter"))),
    "echo": ("the prompt's own words as the plan", _echo),
    "no-schema": ("400 about a json_schema", _no_schema),
    "hurt-by-schema": ("an empty plan where a json_schema is asked for", _hurt_by_schema),
    "small-context": ("400 where the prompt has more than CHARACTERS", _small_context),
    "small-window": ("an answer that is cut off where the prompt has more than CHARACTERS", _small_window),
    "no-usage": ("a good answer that does not count its tokens", _no_usage),
    "plain-server": ("400 about every optional parameter, one by one", _plain),
    "html": ("200 with a proxy's HTML page", lambda _: Response("<html>Bad gateway</html>", media_type="text/html")),
    "wrong-type": ("a good answer with the content type text/plain", lambda a: Response(
        json.dumps(says(a, "good")), media_type="text/plain")),
    "wrong-envelope": ("JSON that is no chat completion", lambda _: JSONResponse({"result": "ok"})),
    "no-choices": ("a completion without choices", lambda a: JSONResponse({**says(a, "good"), "choices": []})),
    "refusal": ("a refusal in its own field", _refusal),
    "tool-call": ("a tool call instead of text", _tool_call),
    "parts": ("the text in parts", _parts),
    "says": ("the text that follows", lambda a: JSONResponse(completion(a, {"content": a.argument}))),
}  # fmt: skip


def is_behaviour(spec: str) -> bool:
    """Return whether `name` or `name:argument` names a behaviour."""
    name = spec.partition(":")[0]
    return name in BEHAVIOURS or name in ANSWERS


def respond(spec: str, body: dict[str, Any]) -> Response:
    """Return the response that a behaviour gives to a request body."""
    name, _, argument = spec.partition(":")
    asked = Asked(body, argument)
    if name in ANSWERS:
        return JSONResponse(says(asked, name))
    return BEHAVIOURS[name][1](asked)
