"""The agent: one analysis of one channel by a chat server, within a deadline."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Final, Self

import openai
from opentelemetry import trace

from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis

from .answer import AnswerParts, read_answer
from .dialect import Dialect
from .envelope import Completion, NotACompletion, Usage, read_envelope
from .errors import AgentError, AgentUnavailable, AnswerUnusable, Reason
from .grounding import ground
from .prompt import Prompt, write_prompt
from .repairs import Action, Problem, Repairs
from .retry import Backoff
from .settings import AgentSettings
from .transport import connect, exchange, from_status

#: Parameters that a server may turn down, one 400 after the other, before the 400 counts as its answer.
_DIALECTS_LIMIT: Final = 5
#: Unreadable answers after which asking once more makes sense; a refusal is final.
_ASK_AGAIN: Final[frozenset[Reason]] = frozenset({"no_json", "empty", "truncated"})

_tracer = trace.get_tracer(__name__)


class AgentClient:
    """One chat server and model. Safe for many calls at once; close it at the end."""

    def __init__(
        self,
        settings: AgentSettings,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.settings = settings
        self._backoff = Backoff(attempts=settings.attempts)
        self._dialect = Dialect()
        self._openai = connect(settings)
        self._sleep, self._clock, self._chance = sleep, clock, chance

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._openai.close()

    async def analyse(self, channel: str, facts: DocumentFacts, *, deadline: float | None = None) -> ChannelAnalysis:
        """Return the agent's analysis of a channel.

        `deadline` is in seconds from now (default: the settings'); it bounds all attempts and waits together.
        Raises `AgentUnavailable`, `AgentRejected` or `AnswerUnusable`, and no other error.
        """
        limit = self.settings.deadline_s if deadline is None else deadline
        call = _Call(channel, facts, write_prompt(channel, facts), self._clock() + limit)
        with _tracer.start_as_current_span(
            f"chat {self.settings.model}",
            kind=trace.SpanKind.CLIENT,
            attributes={
                "gen_ai.operation.name": "chat",
                "gen_ai.request.model": self.settings.model,
                "server.address": str(self._openai.base_url.host),
                "marketplace.channel": channel,
            },
        ) as span:
            try:
                async with asyncio.timeout(limit) as timer:
                    return await self._attempts(call)
            except TimeoutError:
                if not timer.expired():
                    raise
                error = call.last if isinstance(call.last, AgentUnavailable) else None
                raise AgentUnavailable(
                    f"the agent did not answer within {limit:g} s"
                    + (f"; before that: {error}" if error is not None else ""),
                    kind="timeout",
                    retry_after=error.retry_after if error is not None else None,
                    attempts=call.number,
                ) from None
            finally:
                span.set_attribute("gen_ai.usage.input_tokens", call.usage.prompt)
                span.set_attribute("gen_ai.usage.output_tokens", call.usage.completion)
                span.set_attribute("marketplace.agent.attempts", call.number)

    async def _attempts(self, call: _Call) -> ChannelAnalysis:
        while True:
            call.number += 1
            try:
                return await self._attempt(call)
            except AgentError as error:
                call.last = error
            await self._sleep(self._wait(call, call.last))

    def _wait(self, call: _Call, error: AgentError) -> float:
        """Return the seconds until the next attempt; raises the error where there is to be none."""
        asked = None
        if isinstance(error, AgentUnavailable):
            asked, error.attempts = error.retry_after, call.number
        elif isinstance(error, AnswerUnusable) and error.reason in _ASK_AGAIN and call.unreadable is None:
            call.unreadable = error
        else:
            raise error
        wait = self._backoff.wait(call.number, asked, call.ends_at - self._clock(), self._chance)
        if wait is None:
            raise error
        return wait

    async def _attempt(self, call: _Call) -> ChannelAnalysis:
        try:
            completion = read_envelope(await self._body(call))
        except NotACompletion as error:
            raise AgentUnavailable(f"the server's answer is no chat completion: {error}", kind="envelope") from None
        call.usage += completion.usage
        repairs = Repairs()
        if call.unreadable is not None:
            repairs.add("answer", Problem.FIRST_ANSWER, Action.ASKED_AGAIN, found=call.unreadable.reason)
        # mending may take a second or two of work: not on the event loop
        parts = await asyncio.to_thread(_read, completion, call, repairs)
        return ChannelAnalysis(
            channel=call.channel,
            source="agent",
            model=completion.model or self.settings.model,
            summary=parts.summary,
            opportunities=parts.opportunities,
            phases=parts.phases,
            repairs=parts.repairs,
            limits=parts.limits,
        )

    async def _body(self, call: _Call) -> bytes:
        """Return a response's body; drops the parameters that the server turns down, and remembers that."""
        messages = call.prompt.messages(again=call.unreadable is not None)
        for _ in range(_DIALECTS_LIMIT):
            dialect = self._dialect
            left = call.ends_at - self._clock()
            if left <= 0:
                raise AgentUnavailable("the agent's deadline is over", kind="timeout")
            try:
                return await exchange(
                    self._openai,
                    self.settings,
                    messages,
                    dialect.parameters(temperature=self.settings.temperature, token_limit=self.settings.token_limit),
                    left if self.settings.attempt_s is None else min(left, self.settings.attempt_s),
                )
            except openai.APIStatusError as error:
                simpler = dialect.without_what(error.status_code, error.body)
                if simpler is None:
                    raise from_status(error) from None
                self._dialect = simpler
        raise AgentUnavailable("the server turns down every form of the request", kind="bad_request")


@dataclass(slots=True)
class _Call:
    """What one analysis carries from attempt to attempt."""

    channel: str
    facts: DocumentFacts
    prompt: Prompt
    ends_at: float
    number: int = 0
    usage: Usage = field(default_factory=Usage)
    last: AgentError = field(default_factory=lambda: AgentError("no attempt was made"))
    unreadable: AnswerUnusable | None = None


def _read(completion: Completion, call: _Call, repairs: Repairs) -> AnswerParts:
    if completion.from_tool_call:
        repairs.add("answer", Problem.TOOL_CALL, Action.READ_ARGUMENTS)
    parts = read_answer(completion.text, call.channel, finish_reason=completion.finish_reason, repairs=repairs)
    opportunities = ground(parts.opportunities, call.facts.for_channel(call.channel), repairs)
    return replace(parts, opportunities=opportunities, repairs=repairs.listed())
