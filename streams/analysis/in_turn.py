"""Several agents, asked one after the other until one of them answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import structlog

from schemas.facts import DocumentFacts
from schemas.plan import AgentUse, ChannelAnalysis, Fallback
from streams.analysis.agents.errors import AgentNotCalled
from streams.analysis.analyst import Analyst
from streams.analysis.failing import NoneAnswered, code_of, reason_of, use_of

log = structlog.get_logger("analysis")

#: A call that has less time than this, in seconds, can be of no use.
LEAST_CALL_S: Final = 1.0


#: Why no agent is asked about a channel of which there is neither a figure nor a text.
NOTHING: Final = "the document has no figure of this channel, and no text: there is nothing that an agent could analyse"


class InTurn:
    """Asks each of the named agents once. Each gets an equal share of the time left for it and those after it."""

    def __init__(self, agents: Sequence[tuple[str, Analyst]], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._agents = agents
        self._clock = clock

    async def analyse(self, channel: str, facts: DocumentFacts, *, deadline: float | None = None) -> ChannelAnalysis:
        """Return the first analysis; `fallback` lists the agents that failed before. Raises NoneAnswered.

        Of a channel of which the document tells nothing none is asked: whatever it wrote would be made up.
        """
        if _tells_nothing(channel, facts):
            raise _none_asked()
        ends_at = None if deadline is None else self._clock() + deadline
        errors: list[Exception] = []
        failures: list[Fallback] = []
        use: list[AgentUse] = []
        for n, (name, agent) in enumerate(self._agents):
            share = None if ends_at is None else (ends_at - self._clock()) / (len(self._agents) - n)
            if share is not None and share < LEAST_CALL_S and errors:
                break  # the caller has seen to it that the first one has time
            try:
                analysis = await agent.analyse(channel, facts, deadline=share)
            except Exception as error:  # whatever one agent does, the next one is asked
                log.info("agent failed", agent=name, channel=channel, error=f"{type(error).__name__}: {error}"[:300])
                errors.append(error)
                failures.append(Fallback(name, code_of(error), reason_of(error)))
                use += use_of(error)
                continue
            return replace(analysis, fallback=[*failures], use=[*use, *analysis.use])
        raise NoneAnswered(errors, failures, use)


def _tells_nothing(channel: str, facts: DocumentFacts) -> bool:
    own = facts.for_channel(channel)
    return (own is None or not own.figures) and not facts.text.strip() and not facts.stated_of(channel)


def _none_asked() -> NoneAnswered:
    error = AgentNotCalled(NOTHING, kind="nothing")
    return NoneAnswered([error], [Fallback("", code_of(error), reason_of(error))], [])
