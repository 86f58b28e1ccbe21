"""One HTTP exchange with a chat server through the `openai` client; every failure becomes one of ours.

A server's own words about a failure may hold keys, prompts and names of people. They are looked at, and kept nowhere:
what is told is our own sentence, with the status and what to do.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import httpx2
import openai
from openai.types.chat import ChatCompletionMessageParam

from .errors import AgentError, AgentRejected, AgentUnavailable, AnswerUnusable
from .retry import retry_after
from .settings import AgentSettings

_RETRYABLE: Final = frozenset({408, 409, 425, 429})
#: 429 that no waiting helps.
_NO_CREDIT: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
#: The most that is looked at of what a server says of a failure, in characters.
_MESSAGE_LIMIT: Final = 4000
#: How OpenAI, vLLM, llama.cpp, Ollama and gateways before others call a question that does not fit.
_TOO_LONG_CODES: Final = frozenset({"context_length_exceeded", "exceed_context_size_error", "string_above_max_length"})
#: What a person can do about a failure, by its kind; `own.py` of the gateway says it in the reader's language.
_ADVICE: Final[Mapping[str, str]] = {
    "rate_limit": "it takes no more calls for now; its provider can raise the limit",
    "server_error": "its server has an error; look at that server's log, or at its provider's page of incidents",
    "key": "it does not take the key; check the key of this agent",
    "forbidden": "the key may not do this; ask its provider for the right to use the model",
    "not_found": "it knows no such model or address; check both",
    "bad_request": "it does not take what is sent; send it a request yourself to see why",
}
_TOO_LONG: Final = re.compile(
    r"context (?:length|size|window)|maximum (?:context|model|input|prompt) length|too many (?:input )?tokens"
    r"|(?:prompt|input|request)(?: \S+){0,3} (?:is )?too (?:long|large)"
    r"|exceeds? (?:the )?(?:available |maximum )?context",
    re.IGNORECASE,
)


class ResponseTooLarge(openai.OpenAIError):
    """A response body exceeds the size limit; its connection was closed."""


class CompressedResponse(openai.OpenAIError):
    """A response body is compressed although the request did not allow that; it was not read."""


class _Capped(httpx2.AsyncByteStream):
    """A response body that ends at the size limit, however slow or endless the response is."""

    def __init__(self, stream: httpx2.AsyncByteStream, limit: int) -> None:
        self._stream = stream
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > self._limit:
                raise ResponseTooLarge(f"the response is larger than {self._limit} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def connect(settings: AgentSettings) -> openai.AsyncOpenAI:
    """Return the official client: no retries of its own, no redirects, bodies capped, nothing compressed.

    Who answers with a redirect would choose where the figures of a seller go next, and from inside this network.

    A compressed body could be small on the wire and endless in memory, so none is asked for, and none is read.
    """

    async def cap(response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise CompressedResponse("the server sent a compressed body, though none was asked for")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Capped(response.stream, settings.response_limit)

    return openai.AsyncOpenAI(
        api_key=settings.api_key,
        base_url=settings.base_url,
        max_retries=0,
        default_headers={"Accept-Encoding": "identity"},
        http_client=openai.DefaultAsyncHttpxClient(
            event_hooks={"response": [cap]}, follow_redirects=False, verify=_trusted()
        ),
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Return the TLS context for agents' servers. It is shared, since making one takes 30 ms of a worker's start."""
    return httpx2.create_ssl_context()


async def exchange(
    client: openai.AsyncOpenAI,
    settings: AgentSettings,
    messages: list[ChatCompletionMessageParam],
    parameters: dict[str, Any],
    timeout_s: float,
) -> bytes:
    """Return the body of a successful response. Raises `openai.APIStatusError` for an error status, else ours."""
    try:
        response = await client.chat.completions.with_raw_response.create(
            model=settings.model,
            messages=messages,
            timeout=httpx2.Timeout(timeout_s, connect=min(settings.connect_s, timeout_s)),
            **parameters,
        )
    except openai.APITimeoutError:
        raise AgentUnavailable("the agent did not answer in time", kind="timeout") from None
    except openai.APIConnectionError as error:
        cause = type(error.__cause__).__name__ if error.__cause__ else "unknown"
        # without the cause, which may quote what the server sent
        unsent = isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout)
        raise AgentUnavailable(f"no connection to the agent ({cause})", kind="connection", unsent=unsent) from None
    except ResponseTooLarge as error:
        raise AnswerUnusable("too_large", str(error)) from None
    except CompressedResponse as error:
        raise AgentUnavailable(str(error), kind="envelope") from None
    body: bytes = response.http_response.content
    return body


def is_free(error: BaseException) -> bool:
    """Return whether a failed request of `exchange` cost nothing: the server rejected it, or it was never sent."""
    return isinstance(error, openai.APIStatusError) or (isinstance(error, AgentUnavailable) and error.unsent)


def from_status(error: openai.APIStatusError) -> AgentError:
    """Return the error to raise for an HTTP status."""
    status = error.status_code
    if 300 <= status < 400:
        where = f"the agent answered {status}: it sends requests elsewhere, and no redirect is followed"
        return AgentRejected(where, kind="bad_request", status=status)
    if status in _RETRYABLE or status >= 500:
        if error.code in _NO_CREDIT or error.type in _NO_CREDIT:
            return AgentRejected("the account has no credit left", kind="no_credit", status=status)
        wait = retry_after(error.response.headers, datetime.now(UTC))
        kind = "rate_limit" if status == 429 else "server_error"
        told = f"the agent answered {status}: {_ADVICE[kind]}"
        return AgentUnavailable(told, kind=kind, status=status, retry_after=wait)
    if error.code in ("content_filter", "content_policy_violation"):
        return AgentRejected("the server's content filter refused the request", kind="content_filter", status=status)
    if status in (400, 413, 422) and _is_too_long(error):
        return AgentRejected("the prompt is too long for the agent", kind="too_long", status=status)
    kind = {401: "key", 403: "forbidden", 404: "not_found"}.get(status, "bad_request")
    return AgentRejected(f"the agent refused the request with {status}: {_ADVICE[kind]}", kind=kind, status=status)


def _is_too_long(error: openai.APIStatusError) -> bool:
    """Return whether the server says, in whichever of their ways, that the question does not fit into its context."""
    if error.status_code == 413 or error.code in _TOO_LONG_CODES or error.type in _TOO_LONG_CODES:
        return True
    message = error.body.get("message") if isinstance(error.body, dict) else None
    return isinstance(message, str) and _TOO_LONG.search(message[:_MESSAGE_LIMIT]) is not None
