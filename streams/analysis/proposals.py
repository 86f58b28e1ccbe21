"""Has an agent propose the meaning of columns when a person asks in a gateway. The person confirms it.

Asked with the same client, breakers, budget and deadline as analyses are; the first agent that answers counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

import asyncpg
import orjson
import structlog

from schemas.plan import AgentUse
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.log_context import Ids, LogContext
from schemas.process.named import named
from schemas.process.rounds import Round
from streams.analysis.agents.columns import Proposed, Question
from streams.analysis.agents.errors import AgentError
from streams.analysis.failing import code_of, reason_of
from streams.analysis.protected import guarded
from streams.breakers.breakers import Breakers
from streams.breakers.errors import BreakerOpen

log = structlog.get_logger("proposals")

JOB: Final = "proposals"
#: How often it is looked whether somebody asks, in seconds.
LOOK_S: Final = 0.5
#: Questions that are answered at once: a person waits for each.
AT_ONCE: Final = 4
#: Kept of the time for the way back.
SPARE_S: Final = 0.5
_REASON_LIMIT: Final = 300
_TAKE: Final = """
    update flow.column_proposal set taken_at = now()
     where proposal_id = (select proposal_id from flow.column_proposal where taken_at is null and until > now()
                           order by asked_at limit 1 for update skip locked)
    returning proposal_id, question, extract(epoch from until - now())::float8 as left_s, request_id, traceparent"""
_ANSWER: Final = "update flow.column_proposal set answer = $2 where proposal_id = $1"


class Proposer(Protocol):
    """An agent's client."""

    async def propose(self, question: Question, *, deadline: float | None = None) -> tuple[Proposed, AgentUse]:
        """Return the agent's proposal of columns, within `deadline` seconds. Raises AgentError."""
        ...


@dataclass(frozen=True, slots=True)
class Proposals:
    """Answers what gateways ask. `agents`: those that are asked, in this order, each by its breaker's name."""

    pool: asyncpg.Pool
    agents: Sequence[tuple[str, Proposer]]
    breakers: Breakers
    look_s: float = LOOK_S

    async def run(self) -> None:
        """Answer until cancelled. A database that is away is waited for."""
        at_once = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as answers:
            while True:
                await at_once.acquire()
                taken: asyncpg.Record | None = None
                with Round(JOB, _not_taken, *DATABASE_FAILS):
                    taken = await self.pool.fetchrow(_TAKE)
                if taken is None:
                    at_once.release()
                    await asyncio.sleep(self.look_s)
                    continue
                answers.create_task(self._answer(taken)).add_done_callback(lambda _: at_once.release())

    async def _answer(self, taken: asyncpg.Record) -> None:
        with LogContext(lambda: (Ids(taken["request_id"], None, taken["traceparent"]),), JOB):
            await self._see_to(taken)

    async def _see_to(self, taken: asyncpg.Record) -> None:
        try:
            answer = await self.answer(orjson.loads(taken["question"]), taken["left_s"] - SPARE_S)
        except Exception as error:  # a fault of ours: the person is told, and no other question is held up
            log.exception("a proposal cannot be made")
            answer = {"agent": "", "code": "unexpected", "reason": type(error).__name__}
        try:
            await self.pool.execute(_ANSWER, taken["proposal_id"], orjson.dumps(answer).decode())
        except DATABASE_FAILS as error:
            log.warning("an answer is lost", error=named(error, 200))

    async def answer(self, asked: dict[str, Any], left_s: float) -> dict[str, Any]:
        """Return who proposes which columns, what it took, and what does not count; or why nobody does."""
        question = Question.from_dict(asked)
        ends_at = asyncio.get_running_loop().time() + left_s
        failed = {"agent": "", "code": "agent-deadline", "reason": "no time was left"}
        for place, (name, agent) in enumerate(self.agents):
            left = (ends_at - asyncio.get_running_loop().time()) / (len(self.agents) - place)
            if left <= 0:
                break
            call = partial(agent.propose, question, deadline=left)
            try:
                proposed, use = await guarded(self.breakers, [name], call)
            except (BreakerOpen, AgentError) as error:
                failed = {"agent": name, "code": code_of(error), "reason": reason_of(error)[:_REASON_LIMIT]}
            else:
                dropped = [{"column": c, "field": f, "why": why} for c, f, why in proposed.dropped]
                took = {"calls": use.calls, "seconds": use.seconds, "cost": use.cost}
                return {"agent": name, "columns": proposed.columns, "dropped": dropped, "use": took}
        return failed


def _not_taken(error: Exception) -> None:
    log.warning("nobody can be answered", error=named(error, 200))
