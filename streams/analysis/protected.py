"""Breakers around an agent: one for the provider and model, one for each channel of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from schemas.channels import CHANNELS
from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis
from streams.analysis.agents.errors import AgentError, AgentNotCalled, AgentRejected, AnswerUnusable
from streams.analysis.agents.settings import AgentSettings
from streams.analysis.analyst import Analyst
from streams.breakers.breakers import Breakers

T = TypeVar("T")

#: Kinds of a rejection that say something of the document, and nothing of the agent.
OF_THE_DOCUMENT: Final = frozenset({"content_filter", "too_long"})


def provider_of(settings: AgentSettings) -> str:
    """Return the name of a provider's breaker: agent:<host>/<model>."""
    return settings.name


def breakers_of(provider: str) -> list[str]:
    """Return the names of all breakers around an agent: the provider's, and that of each channel."""
    return [provider, *(f"{provider}:{channel}" for channel in CHANNELS)]


class BreakerAnalyst:
    """Calls `inner` if the circuit breakers allow it.

    An agent that cannot be reached or turns us away is the provider's failure and the channel's. One that answers
    with nothing that can be read is the channel's alone: the provider works. A document that it will not take, and a
    call that was not made, are nobody's: one upload must not keep those of others waiting.
    """

    def __init__(self, inner: Analyst, breakers: Breakers, provider: str) -> None:
        self._inner = inner
        self._breakers = breakers
        self._provider = provider

    async def analyse(self, channel: str, facts: DocumentFacts, *, deadline: float | None = None) -> ChannelAnalysis:
        """Return the analysis. Raises BreakerOpen, and what `inner` raises."""
        names = [self._provider, f"{self._provider}:{channel}"]
        return await guarded(self._breakers, names, lambda: self._inner.analyse(channel, facts, deadline=deadline))


async def guarded(breakers: Breakers, names: Sequence[str], call: Callable[[], Awaitable[T]]) -> T:
    """Make a call if its breakers allow it: first the provider's, then those of the channel.

    Raises BreakerOpen, and what the call raises.
    """
    probes = await breakers.demand(names)
    try:
        answer = await call()
    except AgentNotCalled:
        await breakers.release(probes)
        raise
    except AnswerUnusable as error:
        await breakers.report(names[0], None, probes)
        for name in names[1:]:
            await breakers.report(name, error, probes)
        raise
    except AgentRejected as error:
        if error.kind in OF_THE_DOCUMENT:
            await breakers.report(names[0], None, probes)
            await breakers.release({name: probe for name, probe in probes.items() if name != names[0]})
            raise
        for name in names:
            await breakers.report(name, error, probes)
        raise
    except (AgentError, TimeoutError) as error:
        for name in names:
            await breakers.report(name, error, probes)
        raise
    except BaseException:  # cancelled, or a bug of ours: it says nothing of the agent
        await breakers.release(probes)
        raise
    for name in names:
        await breakers.report(name, None, probes)
    return answer
