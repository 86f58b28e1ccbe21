"""The use of agents, stored in Postgres: one account for all processes, with a budget a month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import asyncpg
import structlog

from schemas.process.database_away import DATABASE_FAILS
from schemas.process.settings import SettingsError, positive
from streams.analysis.agents.meter import Taken, Ticket
from streams.analysis.agents.settings import AgentSettings

log = structlog.get_logger("agent")

_RESERVE: Final = "select flow.agent_reserve($1, $2, $3)"
_SETTLE: Final = "select flow.agent_settle($1, $2, $3, $4, $5, $6)"


class Spending:
    """The meter of the agents of a runner. `budget` None: calls are counted, and none is stopped."""

    def __init__(self, pool: asyncpg.Pool, budget: float | None = None) -> None:
        self._pool = pool
        self._budget = budget

    async def reserve(self, agent: str, cost: float) -> Ticket | None:
        """Reserve a call's highest cost; None if the budget is too small, or cannot be read."""
        try:
            month = await self._pool.fetchval(_RESERVE, agent, cost, self._budget)
        except DATABASE_FAILS as error:
            log.warning("calls cannot be counted", agent=agent, error=f"{type(error).__name__}: {error}"[:200])
            return None if self._budget is not None else Ticket(agent, None, cost)
        return None if month is None else Ticket(agent, month, cost)

    async def settle(self, ticket: Ticket, taken: Taken) -> None:
        """Count what a call took; if its cost is unknown, its reservation counts as spent."""
        if ticket.month is None:
            return
        more = 0.0 if taken.cost is None else taken.cost - ticket.cost
        tokens = taken.asked_tokens or 0, taken.answered_tokens or 0
        try:
            await self._pool.execute(_SETTLE, ticket.month, ticket.agent, *tokens, taken.seconds, more)
        except DATABASE_FAILS as error:
            log.warning("a call is not counted", agent=ticket.agent, error=f"{type(error).__name__}: {error}"[:200])


def budget_from_env(env: Mapping[str, str], agents: tuple[AgentSettings, ...]) -> float | None:
    """Read MARKETPLACE_AGENT_BUDGET, a month, in the currency of the prices; None: no limit. Raises SettingsError."""
    if not env.get("MARKETPLACE_AGENT_BUDGET", "").strip():
        return None
    unpriced = [agent.model for agent in agents if agent.price is None]
    if unpriced:
        raise SettingsError(
            f"MARKETPLACE_AGENT_BUDGET needs a price in MARKETPLACE_AGENT_PRICES for {' and '.join(unpriced)}"
        )
    return positive(env, "MARKETPLACE_AGENT_BUDGET", 1.0)
