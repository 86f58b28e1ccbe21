"""The analysis of one channel: by an agent while there is time, and by the rules where no agent can."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import structlog

from schemas.facts import DocumentFacts
from schemas.plan import ChannelAnalysis, Fallback
from schemas.typed.analysis import AnalysisRequested
from streams.analysis.agents.errors import AgentNotCalled, AgentUnavailable
from streams.analysis.analyst import Analyst, EmbeddedAnalyst
from streams.analysis.failing import NoneAnswered, NotMade, RulesFailed, failures_of, use_of, worth_a_retry
from streams.analysis.in_turn import LEAST_CALL_S
from streams.analysis.results import Results, Wait
from streams.analysis.rules import analyse as by_the_rules
from streams.breakers.breakers import Breakers
from streams.breakers.errors import BreakerOpen
from streams.retries.ladder import Ladder, Postponed
from streams.settings import LONGEST_DEADLINE_S

log = structlog.get_logger("analysis")

#: A call that is not back by then is given up, whatever the client thinks of deadlines.
HARD_LIMIT_S: Final = LONGEST_DEADLINE_S + 60.0
#: What the way of a result to the read model takes, in seconds, and the share of a short deadline that is kept for it.
WAY_BACK_S: Final = 3.0
WAY_BACK_SHARE: Final = 0.1
#: A client that does not keep its deadline is stopped so long after it.
GRACE_S: Final = 0.5


class ChannelAnalyst:
    """Sees to it that a channel has its analysis before its plan's deadline, whatever the agents do.

    `due_s`: how long after its beginning a plan's analysis is due. `agents`: the names of the breakers around them.
    """

    def __init__(
        self,
        analyst: Analyst,
        results: Results,
        ladder: Ladder,
        plan_breakers: Breakers | None,
        *,
        due_s: float | None,
        agents: tuple[str, ...] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._analyst = analyst
        self._results = results
        self._ladder = ladder
        self._plan_breakers = plan_breakers
        self._due_s = due_s
        self._agents = agents
        self._clock = clock

    @property
    def embedded(self) -> bool:
        """Whether the rules analyse, since no agent is configured."""
        return isinstance(self._analyst, EmbeddedAnalyst)

    async def analyse(self, request: AnalysisRequested, facts: DocumentFacts, attempt: int) -> ChannelAnalysis:
        """Return the analysis: an agent's, or the rules' where no agent gives one and none can in time.

        A person who asks for one again says by whom: by the rules, or by an agent, whose place nobody takes.
        Raises Postponed, or what the agent raised, where the work item is to come again; RulesFailed, NotMade.
        """
        by = request.data.get("analyst", "")
        if by == "rules":
            return rules_instead(request.data["channel"], facts, [])
        if by == "agent" and self.embedded:
            raise NotMade([Fallback("", "no-agent", "no agent is configured", attempt)])
        wait = await self._results.wait(request, self._breakers_of(request))
        began, left = self._clock(), self._left(wait)
        try:
            return await self._ask(request, facts, left)
        except Exception as error:
            if self.embedded:
                raise
            now_left = None if left is None else left - (self._clock() - began)
            if self._comes_again(error, wait, now_left, attempt):
                if isinstance(error, NoneAnswered):
                    raise error.main from error
                raise
            if by == "agent":
                raise NotMade(failures_of(error, attempt), use_of(error)) from error
            log.warning(
                "the rules analyse instead",
                channel=request.data["channel"],
                error=f"{type(error).__name__}: {error}"[:500],
            )
            instead = rules_instead(request.data["channel"], facts, failures_of(error, attempt))
            return replace(instead, use=use_of(error))

    async def _ask(self, request: AnalysisRequested, facts: DocumentFacts, left: float | None) -> ChannelAnalysis:
        embedded = self.embedded
        if left is not None and left < LEAST_CALL_S and not embedded:
            raise AgentNotCalled("the plan's deadline left no time for a call", kind="deadline")
        limit = HARD_LIMIT_S if left is None or embedded else min(HARD_LIMIT_S, left + GRACE_S)
        async with self._plan_breaker(request), asyncio.timeout(limit):
            return await self._analyst.analyse(request.data["channel"], facts, deadline=left)

    def _left(self, wait: Wait) -> float | None:
        """Return the seconds that are left for an analysis; None: it has no deadline.

        A plan that a person held back has its full time from the end of the hold.
        """
        if self._due_s is None or wait.waited_s is None or wait.held_back:
            return None
        return self._due_s - min(WAY_BACK_S, WAY_BACK_SHARE * self._due_s) - wait.waited_s

    def _comes_again(self, error: Exception, wait: Wait, left: float | None, attempt: int) -> bool:
        """Return whether another attempt can help, and can be made in time; what a person holds back always waits."""
        main = error.main if isinstance(error, NoneAnswered) else error
        if isinstance(main, Postponed):
            if wait.held_back:
                return True
            pause = self._ladder.longest_s(self._ladder.postponed_tier)
            if isinstance(main, BreakerOpen) and main.retry_at is not None:
                pause = max(pause, (main.retry_at - datetime.now(UTC)).total_seconds())
        elif worth_a_retry(main) and attempt <= self._ladder.max_attempts:
            asked = main.retry_after if isinstance(main, AgentUnavailable) else None
            pause = max(asked or 0.0, self._ladder.longest_s(self._ladder.tier(attempt, asked or 0.0)))
        else:
            return False
        return left is None or left - pause >= LEAST_CALL_S

    def _breakers_of(self, request: AnalysisRequested) -> list[str]:
        agents = [name for agent in self._agents for name in (agent, f"{agent}:{request.data['channel']}")]
        return [*agents, f"plan:{request.correlation_id}"]

    @asynccontextmanager
    async def _plan_breaker(self, request: AnalysisRequested) -> AsyncIterator[None]:
        """Ask the plan's own breaker, which opens after too many recent failures. Raises BreakerOpen."""
        if self._plan_breakers is None:
            yield
            return
        name = f"plan:{request.correlation_id}"
        probes = await self._plan_breakers.demand([name])
        try:
            yield
        except Postponed:
            await self._plan_breakers.release(probes)
            raise
        except NoneAnswered as error:
            if isinstance(error.main, Postponed | AgentNotCalled):
                await self._plan_breakers.release(probes)
            else:
                await self._plan_breakers.report(name, error.main, probes)
            raise
        except Exception as error:
            await self._plan_breakers.report(name, error, probes)
            raise
        except BaseException:
            await self._plan_breakers.release(probes)
            raise
        if probes:
            await self._plan_breakers.report(name, None, probes)


def rules_instead(channel: str, facts: DocumentFacts, failures: list[Fallback]) -> ChannelAnalysis:
    """Return the rules' analysis, with the agents that failed before it. Raises RulesFailed."""
    try:
        return replace(by_the_rules(channel, facts), fallback=failures)
    except Exception as error:  # a fault in a rule: the plan goes on without the channel
        log.exception("the rules failed", channel=channel, error=repr(error)[:300])
        raise RulesFailed(
            "neither an agent nor the rules could analyse this channel; the log has the details"
        ) from error
