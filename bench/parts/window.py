"""A piece of work, and what it has cost: what every part of the bench is made of."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg

from bench.cost.database import SETTLES_S, counters
from bench.cost.difference import per_plan, per_second, spent
from bench.cost.processes import client, used
from bench.load.ends import ends
from bench.systems.system import Running, requests_of

Figures = dict[str, float]


@dataclass(slots=True)
class Bench:
    """A running system, and a connection to its database for looking at it.

    `settle_s` is for how long sessions of Postgres have time to say what they did: with less than SETTLES_S, what they
    have to say is not counted. What the system does in that time anyway is known from `idle`.
    """

    system: Running
    database: asyncpg.Connection
    settle_s: float
    idly: Mapping[str, float] = field(default_factory=dict)  # what Postgres does in a second without work

    async def prepare(self, count: int) -> list[str]:
        """Make plans that can be approved."""
        return await asyncio.to_thread(self.system.prepare, count)

    async def ends(self, plans: Sequence[str]) -> dict[str, float]:
        """Return when each plan was done, once all are."""
        return await ends(self.database, self.system.at.question, plans)

    def processes(self) -> Figures:
        """Return the processor time and broker requests of each process so far."""
        return {**used(self.system.pids()), **requests_of(self.system)}

    async def settled(self) -> Figures:
        """Return the counters of Postgres, once its sessions have reported them."""
        await asyncio.sleep(self.settle_s)
        return await counters(self.database, settled=self.settle_s >= SETTLES_S)

    async def grown(self, work: Callable[[], Awaitable[Mapping[str, float]]]) -> tuple[Figures, Figures, float]:
        """Do the work; return what it returns, how much all counters grew by it, and how long it took."""
        database, processes = await self.settled(), self.processes()
        own, began = client(), time.monotonic()
        found = dict(await work())
        took, mine = time.monotonic() - began, spent(own, client())
        grown = spent(processes, self.processes()) | mine
        settling = time.monotonic()
        for name, value in spent(database, await self.settled()).items():
            grown[name] = max(0.0, value - self.idly.get(name, 0.0) * (time.monotonic() - settling))
        return found, grown, took

    async def cost(self, work: Callable[[], Awaitable[Mapping[str, float]]], plans: int) -> Figures:
        """Do the work; return what it returns, and under `cost/` what one of so many plans has cost."""
        found, grown, _ = await self.grown(work)
        return found | under("cost", per_plan(grown, plans))

    async def idle(self, seconds: float) -> Figures:
        """Let it stand; return what it does in a second, and remember it."""
        self.idly = {}

        async def nothing() -> Figures:
            await asyncio.sleep(seconds)
            return {}

        _, grown, took = await self.grown(nothing)
        self.idly = {n: v / (took + self.settle_s) for n, v in grown.items() if n.startswith("postgres/")}
        return per_second({n: v for n, v in grown.items() if n not in self.idly}, took) | self.idly


def under(name: str, figures: Mapping[str, float]) -> Figures:
    """Return the figures with `name/` in front of each key."""
    return {f"{name}/{figure}": value for figure, value in figures.items()}
