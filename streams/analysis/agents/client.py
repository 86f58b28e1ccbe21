"""The agent: one analysis of one channel by a chat server, within a deadline."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import TracebackType
from typing import Final, Self, TypeVar

import openai
from opentelemetry import trace

from schemas.facts import DocumentFacts
from schemas.plan import AgentUse, ChannelAnalysis
from streams.analysis.rules import BRIEF_CHARS

from . import genai
from .call import Call
from .columns import FORM, Proposed, Question, prompt_of, read_proposal
from .dialect import Dialect
from .envelope import Completion, Heading, NotACompletion, Usage, read_envelope
from .errors import AgentError, AgentNotCalled, AgentRejected, AgentUnavailable, AnswerUnusable, Reason
from .meter import NO_METER, Meter, Taken
from .patience import Patience
from .prices import most_tokens
from .prompt import Prompt, write_prompt
from .retry import Backoff
from .review import Asked, review
from .settings import AgentSettings
from .transport import connect, exchange, from_status, is_free

#: Parameters that a server may turn down, one 400 after the other, before the 400 counts as its answer.
_DIALECTS_LIMIT: Final = 8
#: Unusable answers after which asking once more makes sense; a refusal is final.
_ASK_AGAIN: Final[frozenset[Reason]] = frozenset({"no_json", "empty", "truncated", "echo", "language", "unfounded"})
#: Unusable answers that a strict form can be to blame for: the next one is asked for one rung down.
_OF_FORM: Final[frozenset[Reason]] = frozenset({"no_json", "empty"})
#: After so many answers in a row that were usable one rung down only, the rung is kept.
_HURT_LIMIT: Final = 2
#: The shortest brief, in characters. A server that does not take this one takes none.
BRIEF_FLOOR: Final = 2_000

_tracer = trace.get_tracer(__name__)
T = TypeVar("T")


class AgentClient:
    """One chat server and model. Safe for many calls at once; close it at the end.

    What the server turned down is remembered: the rung of the ladder of forms, parameters, the length of a brief; and
    how long it took to answer. `patience`: what is known of that.
    """

    def __init__(
        self,
        settings: AgentSettings,
        *,
        meter: Meter = NO_METER,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.settings = settings
        self._backoff = Backoff(attempts=settings.attempts)
        self._dialect = Dialect()
        self._brief_chars = settings.brief_chars or BRIEF_CHARS
        self._hurt = 0
        self._openai = connect(settings)
        self._meter = meter
        self.patience = Patience(settings.patience)
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
        """Return the agent's analysis of a channel, with what its calls took.

        `deadline` is in seconds from now; it bounds all attempts and waits together, as the settings' own does.
        Raises `AgentUnavailable`, `AgentRejected`, `AgentNotCalled` or `AnswerUnusable`, and no other error.
        """

        def read(completion: Completion, before: AnswerUnusable | None) -> ChannelAnalysis:
            return review(completion, Asked(channel, facts, self.settings.model, before))

        def write(brief_chars: int) -> Prompt:
            return write_prompt(channel, facts, brief_chars)

        analysis, use = await self._ask(
            Call(write(self._brief_chars), read, write, self._brief_chars, self.patience), deadline, channel
        )
        return replace(analysis, use=[use])

    async def propose(self, question: Question, *, deadline: float | None = None) -> tuple[Proposed, AgentUse]:
        """Return the agent's proposal of a table's columns, with the tokens and cost of its calls.

        It is bounded and raises as `analyse` does.
        """

        def read(completion: Completion, before: AnswerUnusable | None) -> Proposed:
            del before
            return read_proposal(completion, question)

        # another question than an analysis, and an answer of another length
        call: Call[Proposed] = Call(prompt_of(question), read, None, 0, Patience(None), shape=FORM)
        return await self._ask(call, deadline, "")

    async def _ask(self, call: Call[T], deadline: float | None, channel: str) -> tuple[T, AgentUse]:
        limit = self.settings.deadline_s if deadline is None else min(deadline, self.settings.deadline_s)
        began = self._clock()
        call.ends_at = began + limit
        with _tracer.start_as_current_span(
            f"chat {self.settings.model}",
            kind=trace.SpanKind.CLIENT,
            attributes={**genai.asked(self.settings), "marketplace.channel": channel},
        ) as span:
            used = False
            try:
                answer = await self._within(limit, call)
                used = True
            except AgentError as error:
                error.use = self._use(call, began) if call.requests else None
                span.set_attribute("error.type", genai.error_type(error))
                raise
            finally:
                genai.answered(span, call, used=used)
        return answer, self._use(call, began)

    async def _within(self, limit: float, call: Call[T]) -> T:
        try:
            async with asyncio.timeout(limit) as timer:
                return await self._attempts(call)
        except TimeoutError:
            if not timer.expired():
                raise
            error = call.last if isinstance(call.last, AgentUnavailable) else None
            raise AgentUnavailable(
                f"the agent did not answer within {limit:.3g} s"
                + (f"; before that: {error}" if error is not None else ""),
                kind="timeout",
                retry_after=error.retry_after if error is not None else None,
                attempts=call.number,
            ) from None

    async def _attempts(self, call: Call[T]) -> T:
        while True:
            call.number += 1
            try:
                return await self._attempt(call)
            except AgentRejected as error:
                if error.kind != "too_long" or not self._shorten(call):
                    raise
                call.number -= 1  # the same question, in fewer words
                continue
            except AgentError as error:
                if self._ran_out(call, error) and self._shorten(call):
                    call.number -= 1
                    continue
                call.last = error
            await self._sleep(self._wait(call, call.last))

    def _ran_out(self, call: Call[T], error: AgentError) -> bool:
        """Return whether an answer ended because the server's context was full, and not at the limit of its length."""
        if not isinstance(error, AnswerUnusable) or error.reason != "truncated":
            return False
        used = call.heading.usage
        return used is not None and used.completion < self.settings.token_limit

    def _shorten(self, call: Call[T]) -> bool:
        """Write the question anew with half the brief; False where it is as short as one can be."""
        while call.write is not None and call.brief_chars > BRIEF_FLOOR:
            call.brief_chars = max(BRIEF_FLOOR, call.brief_chars // 2)
            shorter = call.write(call.brief_chars)
            if len(shorter.user) < len(call.prompt.user):
                call.prompt = shorter
                self._brief_chars = min(self._brief_chars, call.brief_chars)
                return True
        return False

    def _wait(self, call: Call[T], error: AgentError) -> float:
        """Return the seconds until the next attempt; raises the error where there is to be none."""
        asked = None
        if isinstance(error, AgentUnavailable):
            asked, error.attempts = error.retry_after, call.number
        elif isinstance(error, AnswerUnusable) and error.reason in _ASK_AGAIN and call.unusable is None:
            call.unusable = error
        else:
            raise error
        wait = self._backoff.wait(call.number, asked, call.ends_at - self._clock(), self._chance)
        if wait is None:
            raise error
        return wait

    async def _attempt(self, call: Call[T]) -> T:
        looser = call.unusable is not None and call.unusable.reason in _OF_FORM and self._dialect.form != "none"
        try:
            completion = read_envelope(await self._body(call, looser=looser))
        except NotACompletion as error:
            raise AgentUnavailable(f"the server's answer is no chat completion: {error}", kind="envelope") from None
        # reading may take a second or two of work: not on the event loop
        answer = await asyncio.to_thread(call.read, completion, call.unusable)
        self._hurt = self._hurt + 1 if looser else 0
        if self._hurt >= _HURT_LIMIT:
            self._dialect, self._hurt = self._dialect.looser(), 0
        return answer

    async def _body(self, call: Call[T], *, looser: bool) -> bytes:
        """Return a response's body; drops the parameters that the server turns down, and remembers that."""
        for _ in range(_DIALECTS_LIMIT):
            dialect = self._dialect.looser() if looser else self._dialect
            try:
                return await self._exchange(call, dialect)
            except openai.APIStatusError as error:
                simpler = dialect.without_what(error.status_code, error.body)
                if simpler is None:
                    raise from_status(error) from None
                self._dialect, looser = simpler, False
        raise AgentUnavailable("the server turns down every form of the request", kind="bad_request")

    async def _exchange(self, call: Call[T], dialect: Dialect) -> bytes:
        """Send one request, and count what it takes; an answer without a word of tokens counts as the dearest one."""
        left = call.ends_at - self._clock()
        if left <= 0:
            raise AgentUnavailable("the agent's deadline is over", kind="timeout")
        settings = self.settings
        messages = call.prompt.messages(again=None if call.unusable is None else call.unusable.reason)
        parameters = dialect.parameters(
            temperature=settings.temperature, token_limit=settings.token_limit, shape=call.shape
        )
        asked = most_tokens(json.dumps([messages, parameters], ensure_ascii=False)) if settings.price else 0
        dearest = settings.price.of(asked, settings.token_limit) if settings.price else 0.0
        ticket = await self._meter.reserve(settings.name, dearest)
        if ticket is None:
            raise AgentNotCalled("the month's budget for agents does not bear another call", kind="budget")
        call.requests += 1
        began, taken, failed = self._clock(), None, ""
        try:
            body = await self._waited(call, exchange(self._openai, settings, messages, parameters, left), left)
            call.heading = Heading.of(body)
            taken = self._taken(call, call.heading.usage, began)
            call.patience.answered(self._clock() - began)
        except BaseException as error:  # what is cancelled took its time, too
            failed = genai.error_type(error)
            if is_free(error):
                taken = Taken(self._clock() - began, 0, 0, 0.0)
            raise
        finally:
            call.cost_known = call.cost_known and taken is not None and taken.cost is not None
            taken = taken or Taken(self._clock() - began)
            genai.measure(settings, taken, failed)
            await self._meter.settle(ticket, taken)
        return body

    async def _waited(self, call: Call[T], answer: Awaitable[bytes], left: float) -> bytes:
        """Wait for an answer; the last attempt has all the time that is left. Raises AgentUnavailable."""
        limit = left if call.number >= self.settings.attempts else call.patience.within(left)
        if limit >= left:
            return await answer
        try:
            async with asyncio.timeout(limit) as timer:
                return await answer
        except TimeoutError:
            if not timer.expired():
                raise
            call.patience.given_up(limit)
            said = f"no answer within {limit:.3g} s, far longer than it takes as a rule"
            raise AgentUnavailable(said, kind="timeout") from None

    def _taken(self, call: Call[T], usage: Usage | None, began: float) -> Taken:
        seconds = self._clock() - began
        if usage is None:
            return Taken(seconds)
        call.usage += usage
        price = self.settings.price
        cost = None if price is None else price.of(usage.prompt, usage.completion)
        return Taken(seconds, usage.prompt, usage.completion, cost)

    def _use(self, call: Call[T], began: float) -> AgentUse:
        price, usage = self.settings.price, call.usage
        cost = price.of(usage.prompt, usage.completion) if price is not None and call.cost_known else None
        seconds = round(self._clock() - began, 3)
        return AgentUse(self.settings.name, call.requests, usage.prompt, usage.completion, seconds, cost)
