"""Count what calls to agents consume, and say whether the budget allows another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Ticket:
    """Permission for one call: the month that it counts in, and the amount that is reserved for it."""

    agent: str
    month: date | None = None
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Taken:
    """The time, tokens and cost of one request to an agent. None: unknown, its reserved budget counts as spent."""

    seconds: float
    asked_tokens: int | None = None
    answered_tokens: int | None = None
    cost: float | None = None


class Meter(Protocol):
    """Counts across processes."""

    async def reserve(self, agent: str, cost: float) -> Ticket | None:
        """Reserve a call's highest cost; None if the budget is too small for it."""
        ...

    async def settle(self, ticket: Ticket, taken: Taken) -> None:
        """Replace a reservation by the real cost of the call."""
        ...


class NoMeter:
    """A meter that counts nothing and allows every call."""

    async def reserve(self, agent: str, cost: float) -> Ticket | None:
        return Ticket(agent, None, cost)

    async def settle(self, ticket: Ticket, taken: Taken) -> None:
        pass


NO_METER: Final = NoMeter()
