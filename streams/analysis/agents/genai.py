"""Spans and metrics of calls to agents, by OpenTelemetry's conventions for generative AI."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import openai
from opentelemetry.trace import Span

from schemas import metrics as measured
from schemas.process import metrics, telemetry

from .call import Call
from .errors import AgentNotCalled, AgentRejected, AgentUnavailable, AnswerUnusable
from .meter import Taken
from .settings import AgentSettings

OPERATION: Final = "chat"
#: The names that the conventions have for who answers, by the host or, after a point, the end of its name.
_PROVIDERS: Final[Mapping[str, str]] = {
    "api.openai.com": "openai",
    ".openai.azure.com": "azure.ai.openai",
    ".services.ai.azure.com": "azure.ai.inference",
    "api.anthropic.com": "anthropic",
    "generativelanguage.googleapis.com": "gcp.gemini",
    "aiplatform.googleapis.com": "gcp.vertex_ai",
    ".amazonaws.com": "aws.bedrock",
    "api.groq.com": "groq",
    "api.mistral.ai": "mistral_ai",
    "api.deepseek.com": "deepseek",
    "api.perplexity.ai": "perplexity",
    "api.cohere.com": "cohere",
    "api.x.ai": "x_ai",
}
#: Any other server that speaks OpenAI's protocol: of one's own, or a gateway before several.
OTHER_PROVIDER: Final = "openai_compatible"
#: Why an answer ended, as OpenAI's protocol has it.
_ENDS: Final = frozenset({"stop", "length", "content_filter", "tool_calls", "function_call"})
OTHER_END: Final = "_OTHER"


def provider_of(settings: AgentSettings) -> str:
    """Return the name of the provider at an agent's address."""
    host = (urlsplit(settings.base_url).hostname or "").lower()
    named = (name for end, name in _PROVIDERS.items() if host == end or (end[0] == "." and host.endswith(end)))
    return next(named, OTHER_PROVIDER)


def asked(settings: AgentSettings) -> dict[str, str]:
    """Return the attributes of a span before anybody has answered."""
    return {
        "gen_ai.operation.name": OPERATION,
        "gen_ai.provider.name": provider_of(settings),
        "gen_ai.request.model": settings.model,
        "server.address": urlsplit(settings.base_url).hostname or "",
    }


def answered(span: Span, call: Call[Any], *, used: bool) -> None:
    """Put the use of the calls and the last response's own data on the span.

    Names that a server may choose freely are there of an answer that was used (`used`), and of those that the protocol
    has: a failure's response may hold anything in their place.
    """
    span.set_attribute("gen_ai.usage.input_tokens", call.usage.prompt)
    span.set_attribute("gen_ai.usage.output_tokens", call.usage.completion)
    span.set_attribute("marketplace.agent.attempts", call.number)
    if used and call.heading.model:
        span.set_attribute("gen_ai.response.model", call.heading.model)
    if call.heading.finish_reasons:
        ends = [end if end in _ENDS else OTHER_END for end in call.heading.finish_reasons]
        span.set_attribute("gen_ai.response.finish_reasons", ends)


def error_type(error: BaseException) -> str:
    """Return the name of a failure: one of a few, as a label has to be."""
    match error:
        case AgentUnavailable(kind=kind) | AgentRejected(kind=kind) | AgentNotCalled(kind=kind):
            return str(kind)
        case AnswerUnusable():
            return error.reason
        case openai.APIStatusError():
            return str(error.status_code)
        case _:
            return "timeout" if isinstance(error, TimeoutError | CancelledError) else "_OTHER"


def measure(settings: AgentSettings, taken: Taken, error: str) -> None:
    """Count one request: its time, and the tokens that the server told. `error`: why it has no answer, "" where it has.

    The model that answered is no label: servers say what they like there.
    """
    labels = (OPERATION, provider_of(settings), settings.model)
    trace = telemetry.current()
    metrics.observe(measured.GEN_AI_DURATION, taken.seconds, *labels, error, trace=trace)
    for kind, tokens in (("input", taken.asked_tokens), ("output", taken.answered_tokens)):
        if tokens:
            metrics.observe(measured.GEN_AI_TOKENS, tokens, *labels, kind, trace=trace)
