"""Load that decides and reads the same plans at once: all that clients see must fit one order of events.

They come beside the load, whose plans have one client each. What they were answered is in the load's histories.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any, Final

from local.chaos.one_plan import Decision
from local.load import Load
from schemas.lifecycle import PlanAction, PlanStatus
from schemas.process.database_away import DATABASE_FAILS

#: A client asks again after so long, in seconds, and gives up after so many tries.
AGAIN_S: Final = 0.5
TRIES: Final = 60
#: So many plans are under way at once: in an outage witnesses are no load of their own.
AT_ONCE: Final = 2
#: Whoever decides comes within so many seconds of the others.
TOGETHER_S: Final = 0.05
#: Between two plans, in seconds.
BETWEEN_S: Final = 1.0
#: Plans that are asked for again at the end, and how many of them at once.
LATE: Final = 100
LATE_AT_ONCE: Final = 8
#: What is still asked for at the end is asked for so long, in seconds.
PATIENCE_S: Final = 60.0


class Witnesses:
    """A plan a second at most, from `start` to `stop`. `chance` says who comes when."""

    def __init__(self, load: Load, chance: random.Random) -> None:
        self._load = load
        self._chance = chance
        self._plans: list[str] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._steady: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._steady = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        """Begin no new plan, and let those that were begun end, or leave them as they are after PATIENCE_S."""
        if self._steady is not None:
            self._steady.cancel()
            await asyncio.gather(self._steady, return_exceptions=True)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=PATIENCE_S)
        await self.abandon()

    async def abandon(self) -> None:
        """End every client, whatever is under way."""
        tasks = [task for task in (self._steady, *self._under_way) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def look_again(self) -> None:
        """Read plans, LATE of them at most, and ask once more for all that was decided: it must be known."""
        some = self._chance.sample(self._plans, min(LATE, len(self._plans)))
        slots = asyncio.Semaphore(LATE_AT_ONCE)

        async def again(plan: str) -> None:
            async with slots:
                await self._read(plan, "late reader")
                for decision in self._load.histories.decisions(plan):
                    await self._decide(plan, decision)

        await asyncio.gather(*map(again, some))

    async def _go_on(self) -> None:
        while True:
            if len(self._under_way) < AT_ONCE:
                self._begin(self._one())
            await asyncio.sleep(BETWEEN_S)

    def _begin(self, client: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(client)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _one(self) -> None:
        """Upload a plan, wait for its analysis, and decide it many times at once."""
        try:
            (plan,) = await self._load.upload(1)
        except DATABASE_FAILS:
            return  # nobody knows its id
        self._plans.append(plan)
        for _ in range(TRIES):
            shown = await self._load.read(plan, "reader", 2)  # its analysis, which is waited for
            if shown is not None and shown.status != PlanStatus.ANALYZING:
                break
            await asyncio.sleep(AGAIN_S)
        approve = Decision(PlanAction.APPROVE, f"witness-{plan}-approve")
        await asyncio.gather(
            self._decide(plan, approve),
            self._decide(plan, approve),  # the same request, which a proxy sends twice
            self._decide(plan, Decision(PlanAction.APPROVE, f"witness-{plan}-approve-too", 2)),
            self._decide(plan, Decision(PlanAction.REJECT, f"witness-{plan}-reject")),
            self._decide(plan, Decision(PlanAction.CANCEL, f"witness-{plan}-cancel")),
            self._read(plan, "reader"),
            self._read(plan, "other reader"),
        )

    async def _decide(self, plan: str, decision: Decision) -> None:
        """Ask until there is an answer, then read: what was acknowledged is there, or the answer says that it lags."""
        await asyncio.sleep(self._chance.uniform(0, TOGETHER_S))
        for _ in range(TRIES):
            answer = await self._load.decide(plan, decision)
            if answer is not None and not answer.is_server_error:
                break
            await asyncio.sleep(AGAIN_S)
        await self._read(plan, decision.key)

    async def _read(self, plan: str, client: str) -> None:
        await self._load.read(plan, client, self._load.histories.acknowledged(plan))
