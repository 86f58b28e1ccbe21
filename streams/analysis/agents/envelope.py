"""Reads the envelope of a chat completion: all but the model's own words. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from .errors import AgentRejected, AnswerUnusable

#: Characters of the name of a model, and of the reason for which an answer ended.
NAME_LIMIT: Final = 120


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a call cost; 0 where the server did not say."""

    prompt: int = 0
    completion: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.prompt + other.prompt, self.completion + other.completion)


@dataclass(frozen=True, slots=True)
class Heading:
    """A response's model, end reason and tokens, also if its text is unreadable."""

    model: str | None = None
    finish_reasons: tuple[str, ...] = ()
    usage: Usage | None = None

    @classmethod
    def of(cls, body: bytes) -> Heading:
        """Return the heading of a response's body."""
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(data, dict):
            return cls()
        usage, choices = _usage(data.get("usage")), data.get("choices")
        ends = [_name(one.get("finish_reason")) for one in _first(choices) if isinstance(one, dict)]
        told = usage if usage.prompt or usage.completion else None
        return cls(_name(data.get("model")), tuple(end for end in ends if end), told)


@dataclass(frozen=True, slots=True)
class Completion:
    """The model's words, and what the server says of them. `from_tool_call`: they were a call's arguments."""

    text: str
    finish_reason: str | None
    model: str | None
    usage: Usage
    from_tool_call: bool = False


class NotACompletion(ValueError):  # noqa: N818 - says what is so
    """The body is no chat completion at all: a proxy's page, a broken body, another API."""


def read_envelope(body: bytes) -> Completion:
    """Return the completion in a response body.

    Raises `NotACompletion` where the body is none, `AgentRejected` where a content filter cut the answer, and
    `AnswerUnusable` for a refusal.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise NotACompletion("the body is not JSON") from None
    if not isinstance(data, dict):
        raise NotACompletion("the body is not a JSON object")
    choices = data.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise NotACompletion("the body has no choices")
    choice = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict):
        raise NotACompletion("the choice has no message")
    finish_reason = _name(choice.get("finish_reason"))
    text = _content(message.get("content"))
    if finish_reason == "content_filter":
        raise AgentRejected("the server's content filter stopped the answer", kind="content_filter")
    if _name(message.get("refusal")) and not text.strip():
        raise AnswerUnusable("refusal")
    arguments = "" if text.strip() else _arguments(message)
    return Completion(
        text=arguments or text,
        finish_reason=finish_reason,
        model=_name(data.get("model")),
        usage=_usage(data.get("usage")),
        from_tool_call=bool(arguments),
    )


def _content(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):  # parts, as some servers send them
        return "".join(p["text"] for p in content if isinstance(p, dict) and isinstance(p.get("text"), str))
    return json.dumps(content) if isinstance(content, dict) else ""  # servers that send the JSON itself


def _arguments(message: dict[str, Any]) -> str:
    calls = message.get("tool_calls")
    if not isinstance(calls, list):
        return ""
    for call in calls:
        function = call.get("function") if isinstance(call, dict) else None
        arguments = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(arguments, str) and arguments.strip():
            return arguments
    return ""


def _first(choices: Any) -> list[Any]:
    """Return the choices that count: we ask for one."""
    return choices[:1] if isinstance(choices, list) else []


def _usage(usage: Any) -> Usage:
    if not isinstance(usage, dict):
        return Usage()
    return Usage(_count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")))


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else 0


def _name(value: Any, limit: int = NAME_LIMIT) -> str | None:
    """Return a name that a server gave, made printable, single-line and short; None where it is no text."""
    if not isinstance(value, str):
        return None
    # cut first: a server may send megabytes
    return " ".join("".join(c if c.isprintable() else " " for c in value[: 4 * limit]).split())[:limit] or None
