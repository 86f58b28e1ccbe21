"""A steady load: plans are uploaded and approved at a rate, and each is followed until it has its tasks."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

import httpx

from local.chaos.one_plan import Shown
from local.load import AT_ONCE, Load
from schemas.process.database_away import DATABASE_FAILS

#: How often what became of the plans is looked at, in seconds.
LOOK_S: Final = 0.05
#: A client gives up after so long; until then it asks again.
PATIENCE_S: Final = 90.0
#: How often a client asks again.
AGAIN_S: Final = 0.1

_PROGRESS: Final = """
    select p.plan_id::text as plan_id, p.status, p.version, p.status <> 'analyzing' as ready,
           p.phase1 is not null and jsonb_array_length(p.phase1 -> 'tasks')
               = (select count(*) from rm.task t where t.plan_id = p.plan_id) as done
      from rm.plan p where p.plan_id = any($1::uuid[])
"""


@dataclass(slots=True)
class Followed:
    """One plan; monotonic times of what happened to it."""

    uploaded: float
    ready: float | None = None  # its analysis can be read
    asked: float | None = None  # the first try of its approval
    accepted: float | None = None
    done: float | None = None  # all its tasks can be read


class Traffic:
    """`rate` uploads and `rate` approvals a second, from `start` to `stop`.

    `open` are the plans that are not at their end, `uploaded` counts all. `failed` says what a client gave up on.
    """

    def __init__(self, load: Load, rate: float) -> None:
        self._load = load
        self._rate = rate
        self.open: dict[str, Followed] = {}
        self.uploaded = 0
        #: when an approval was accepted, and when all its tasks could be read
        self._waited: list[tuple[float, float]] = []
        self._answers: list[float] = []
        self.failed: list[str] = []
        self._stock: deque[str] = deque()
        # what has piled up in an outage does not come in one heap: a client's connections are few
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._clients: set[asyncio.Task[None]] = set()
        self._steady: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None

    async def start(self, stock: int, *, within_s: float = 90.0) -> None:
        """Make `stock` plans that wait for their approval, then begin. Raises TimeoutError."""
        self._following = asyncio.create_task(self._follow())
        now = time.monotonic()
        for plan in await self._load.upload(stock):
            self._took(plan, now)
        await self._until(lambda: len(self._stock) >= stock, within_s, "the plans to begin with are not ready")
        self._steady = asyncio.create_task(self._go_on())

    async def stop(self, *, within_s: float = 60.0) -> None:
        """Begin nothing new, approve what is ready by then, and see everything through. Raises TimeoutError."""
        if self._steady is not None:
            self._steady.cancel()
            await asyncio.gather(self._steady, return_exceptions=True)
        try:
            await self._until(lambda: not self._clients, within_s, "clients are still asking")
            await self._until(
                lambda: all(p.ready is not None for p in self.open.values()), within_s, "plans are being analysed"
            )
            while self._stock:
                self._begin(self._approve(self._stock.popleft()))
            await self._until(lambda: not self._clients, within_s, "clients are still asking")
            await self._until(lambda: not self.undone(time.monotonic()), within_s, "plans lack their tasks")
        finally:
            await self.abandon()

    async def reach(self, plans: int, *, within_s: float) -> None:
        """Go on until so many plans were uploaded, or for `within_s` seconds."""
        deadline = time.monotonic() + within_s
        while self.uploaded < plans and time.monotonic() < deadline:  # noqa: ASYNC110 - a rate is waited for
            await asyncio.sleep(LOOK_S)

    async def abandon(self) -> None:
        """End every client and the following, whatever is under way."""
        tasks = [t for t in (self._steady, self._following, *self._clients) if t is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def undone(self, before: float) -> list[str]:
        """Return the plans that somebody asked for before that moment and that the system still owes something."""
        return [
            plan
            for plan, p in self.open.items()
            if (p.ready is None and p.uploaded <= before) or (p.asked is not None and p.asked <= before)
        ]

    def slowest(self, since: float = 0.0, until: float = math.inf) -> float:
        """Return the longest that an accepted approval waited for its tasks, in seconds; those that wait count too.

        Only what it waited after `since` and before `until` (monotonic times) counts.
        """
        now = time.monotonic()
        waiting = ((p.accepted, now) for p in self.open.values() if p.accepted is not None)
        waits = (min(done, until) - max(accepted, since) for accepted, done in (*self._waited, *waiting))
        return max(0.0, *waits, 0.0)

    def slowest_answer(self) -> float:
        """Return the longest that a client asked for an approval until it was accepted, in seconds.

        A client that is refused asks again.
        """
        return max(self._answers, default=0.0)

    async def _go_on(self) -> None:
        began = time.monotonic()
        sent = 0
        while True:
            # by the clock, not by sleeping: what a busy machine delays is made up for
            for _ in range(int((time.monotonic() - began) * self._rate) - sent):
                sent += 1
                self._begin(self._upload())
                if self._stock:
                    self._begin(self._approve(self._stock.popleft()))
            await asyncio.sleep(0.5 / self._rate)

    def _begin(self, client: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(client)
        self._clients.add(task)
        task.add_done_callback(self._clients.discard)

    async def _upload(self) -> None:
        started = time.monotonic()
        while time.monotonic() - started < PATIENCE_S:
            try:
                # a new plan at each try: what an interrupted try has left is a plan that nobody waits for
                (plan,) = await self._load.upload(1)
            except DATABASE_FAILS:
                await asyncio.sleep(AGAIN_S)
            else:
                self._took(plan, time.monotonic())
                return
        self.failed.append(f"an upload was refused for {PATIENCE_S:.0f} s")

    def _took(self, plan: str, now: float) -> None:
        self.uploaded += 1
        self.open[plan] = Followed(now)

    async def _approve(self, plan: str) -> None:
        followed = self.open[plan]
        followed.asked = time.monotonic()  # who waits for a free connection waits, too
        try:
            async with self._slots:
                tried = time.monotonic()
                await self._load.approve([plan], within_s=PATIENCE_S)
                self._answers.append(time.monotonic() - tried)
        except (TimeoutError, httpx.HTTPError) as error:
            self.failed.append(f"plan {plan} could not be approved: {error}")
        else:
            followed.accepted = time.monotonic()
            if followed.done is not None:  # its tasks were there before the answer was
                self.open.pop(plan, None)

    async def _follow(self) -> None:
        while True:
            waiting = [plan for plan, p in self.open.items() if p.ready is None or (p.asked and p.done is None)]
            if waiting:
                began = self._load.histories.tick()
                try:
                    async with asyncio.timeout(5):  # the pool's own holds for the statement alone
                        rows = await self._load.pool.fetch(_PROGRESS, waiting)
                except DATABASE_FAILS:
                    rows = []
                now = time.monotonic()
                for row in rows:
                    if self._saw(row["plan_id"], ready=row["ready"], done=row["done"], now=now):
                        seen = self._load.histories.read(row["plan_id"], "follower", since=began)
                        seen.said(Shown(row["status"], row["version"]))
            await asyncio.sleep(LOOK_S)

    def _saw(self, plan: str, *, ready: bool, done: bool, now: float) -> bool:
        """Keep what can be read of a plan; return whether that is news."""
        followed = self.open[plan]
        news = done
        if ready and followed.ready is None:
            followed.ready, news = now, True
            self._stock.append(plan)
        if done:
            followed.done = now
            if followed.accepted is not None:
                self._waited.append((followed.accepted, now))
                del self.open[plan]
        return news

    async def _until(self, true: Callable[[], bool], within_s: float, otherwise: str) -> None:
        deadline = time.monotonic() + within_s
        while not true():
            if self._following is not None and self._following.done():
                self._following.result()  # nothing is followed any more: say why
            if time.monotonic() > deadline:
                lacking = [p for p in self.open.values() if p.ready is None]
                raise TimeoutError(
                    f"{otherwise} after {within_s:.0f} s ({self.uploaded} plans, {len(lacking)} not analysed, "
                    f"{len(self.undone(time.monotonic()))} owed something)"
                )
            await asyncio.sleep(LOOK_S)
