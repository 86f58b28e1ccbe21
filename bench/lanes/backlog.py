"""How much waits where, once a second: which stage holds a flood."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import asyncpg

from schemas.process.kafka import Brokers
from schemas.topics import AGENTS, ANALYSIS, PLAN_EVENTS, WORK, declared
from streams.watchdog.broker import BrokerView

SAMPLE_S: Final = 1.0


class Backlog:
    """Looks at what waits. `series`: seconds since the start, records before each stage, low plans that are done."""

    def __init__(self, database_url: str, brokers: str) -> None:
        self._url = database_url
        self._view = BrokerView(Brokers(brokers))
        self.series: list[dict[str, float]] = []

    async def __aenter__(self) -> Self:
        self._connection = await asyncpg.connect(self._url)
        self._began = time.monotonic()
        self._begun = self._ended = 0
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._view.run()), loop.create_task(self._watch())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        await self._connection.close()

    def in_lane(self, lane: str) -> int:
        """Return how many analyses of a lane are not done yet, as of the last look."""
        topic = WORK[lane]
        return sum(
            self._view.ends.get((topic, n), 0) - max(0, self._view.done.get((ANALYSIS, topic, n), 0))
            for n in range(declared()[topic].partitions)
        )

    async def look(self) -> None:
        """Wait for a look that began after this call."""
        seen = self._begun
        while not (self._begun > seen and self._ended == self._begun):
            await asyncio.sleep(0.05)

    async def _watch(self) -> None:
        while True:
            self._begun += 1
            row = await self._connection.fetchrow(
                "select (select count(*) from decide.outbox where published_at is null) as outbox,"
                " (select sum(next_offset) from rm.projection_offset where topic = $1) as projected,"
                " (select count(*) from rm.plan where priority = 'low' and analyzed_at is not null) as analyzed,"
                " (select count(*) from rm.plan where priority = 'low' and phase1 is not null) as phase1",
                PLAN_EVENTS,
            )
            assert row is not None
            ends = sum(end for (topic, _), end in self._view.ends.items() if topic == PLAN_EVENTS)
            self.series.append(
                {
                    "s": round(time.monotonic() - self._began, 1),
                    "outbox": row["outbox"],
                    "worker": self._view.lag(AGENTS),
                    **{f"lane {lane}": self.in_lane(lane) for lane in WORK},
                    "projections": max(0, ends - int(row["projected"] or 0)),
                    "low analyzed": row["analyzed"],
                    "low with Phase 1": row["phase1"],
                }
            )
            self._ended = self._begun
            await asyncio.sleep(SAMPLE_S)
