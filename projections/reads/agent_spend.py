"""Read the use and cost of agents in the current month."""

from __future__ import annotations

from dataclasses import dataclass

from projections.reads.rows import Reader


@dataclass(frozen=True, slots=True)
class AgentSpend:
    """One agent's calls of the current month (UTC), with the amount reserved for calls in flight."""

    agent: str
    calls: int
    input_tokens: int
    output_tokens: int
    seconds: float
    cost: float

    @property
    def unpriced(self) -> bool:
        """Return whether the price of its tokens is unknown; then its cost is unknown, not 0."""
        return not self.cost and self.input_tokens + self.output_tokens > 0


async def of_this_month(db: Reader) -> list[AgentSpend]:
    """Return each agent that was called."""
    rows = await db.fetch(
        "select agent, calls, input_tokens, output_tokens, seconds, cost from flow.agent_spend"
        " where month = date_trunc('month', clock_timestamp() at time zone 'UTC')::date order by agent"
    )
    return [AgentSpend(**row) for row in rows]
