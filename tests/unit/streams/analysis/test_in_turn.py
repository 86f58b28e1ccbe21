"""Agents are asked one after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schemas.facts import DocumentFacts
from schemas.plan import AgentUse, ChannelAnalysis
from streams.analysis.agents.errors import AgentError, AgentNotCalled, AgentUnavailable, AnswerUnusable
from streams.analysis.failing import NoneAnswered
from streams.analysis.in_turn import InTurn
from streams.breakers.errors import BreakerOpen
from tests.support.misbehaving_agent import facts

GOOD = ChannelAnalysis("shopee", "agent", "m", "ok", use=[AgentUse("agent:b", 1)])


class Clock:
    """A clock that goes on by what the agents take."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Agent:
    """Takes its time and does what it is told."""

    def __init__(self, clock: Clock, takes: float, does: Exception | ChannelAnalysis) -> None:
        self._clock, self._takes, self._does = clock, takes, does
        self.given: list[float | None] = []

    async def analyse(self, channel: str, facts: DocumentFacts, *, deadline: float | None = None) -> ChannelAnalysis:
        self.given.append(deadline)
        self._clock.now += self._takes
        if isinstance(self._does, Exception):
            raise self._does
        return self._does


def failed(use: AgentUse | None = None) -> AgentError:
    error = AgentUnavailable("away", kind="connection")
    error.use = use
    return error


async def test_the_first_that_answers_is_taken_and_the_failures_stand_in_it() -> None:
    clock = Clock()
    spent = AgentUse("agent:a", 2, cost=0.5)
    agents = [("agent:a", Agent(clock, 1, failed(spent))), ("agent:b", Agent(clock, 1, GOOD))]
    found = await InTurn(agents, clock=clock).analyse("shopee", facts())
    assert [(f.agent, f.code, f.reason) for f in found.fallback] == [("agent:a", "agent-connection", "away")]
    assert found.use == [spent, *GOOD.use]
    assert replace(found, fallback=[], use=GOOD.use) == GOOD


async def test_each_has_an_equal_share_of_the_time_that_is_left() -> None:
    clock = Clock()
    agents = [Agent(clock, takes, failed()) for takes in (10, 5, 1)]
    with pytest.raises(NoneAnswered):
        await InTurn([(str(n), a) for n, a in enumerate(agents)], clock=clock).analyse("shopee", facts(), deadline=60.0)
    assert [a.given for a in agents] == [[20.0], [25.0], [45.0]]


async def test_who_would_have_no_time_is_not_asked() -> None:
    clock = Clock()
    first, second = Agent(clock, 9.5, failed()), Agent(clock, 1, GOOD)
    with pytest.raises(NoneAnswered) as caught:
        await InTurn([("a", first), ("b", second)], clock=clock).analyse("shopee", facts(), deadline=10.0)
    assert second.given == []
    assert [f.agent for f in caught.value.failures] == ["a"]


@pytest.mark.parametrize("error", [BreakerOpen("agent:a", None), AnswerUnusable("empty"), ZeroDivisionError()])
async def test_whatever_one_does_the_next_is_asked(error: Exception) -> None:
    clock = Clock()
    agents = [("a", Agent(clock, 0, error)), ("b", Agent(clock, 0, GOOD))]
    assert (await InTurn(agents, clock=clock).analyse("shopee", facts())).summary == "ok"


@pytest.mark.parametrize(
    ("document", "is_asked"),
    [
        (facts(), True),
        (facts(channels=[]), False),
        (facts(channels=[replace(facts().channels[0], figures=[])]), False),
        (facts(channels=[replace(facts().channels[0], channel="amazon")]), False),
        (facts(" \n", channels=[]), False),
        (facts("As vendas caíram em março.", channels=[]), True),
    ],
)
async def test_none_is_asked_about_a_channel_of_which_the_document_tells_nothing(
    document: DocumentFacts, is_asked: bool
) -> None:
    clock = Clock()
    agent = Agent(clock, 1, GOOD)
    if is_asked:
        assert (await InTurn([("a", agent)], clock=clock).analyse("shopee", document)).summary == "ok"
    else:
        with pytest.raises(NoneAnswered) as caught:
            await InTurn([("a", agent)], clock=clock).analyse("shopee", document)
        [failure] = caught.value.failures
        assert (failure.agent, failure.code, caught.value.use) == ("", "agent-nothing", ())
        assert isinstance(caught.value.main, AgentNotCalled)
    assert len(agent.given) == is_asked
