"""What the routes work with."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final

import asyncpg

from gateway.access.authenticate import Access
from gateway.access.limits import RateLimiter
from gateway.commands.commands import Commands
from gateway.live import Live
from gateway.metrics import Metrics
from gateway.outbox.publishing import Publishing
from gateway.settings import Settings
from schemas.process.database_away import DATABASE_FAILS

#: A probe of the database that takes longer has failed; its result is good for a moment.
PROBE_S: Final = 2.0
PROBE_REMEMBERED_S: Final = 0.5


class Probe:
    """Whether the database answers, asked at most twice a second however often this is."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._asked: asyncio.Task[bool] | None = None
        self._good_until = 0.0

    async def database(self) -> bool:
        """Return whether a trivial query was answered in time; never raises for an outage."""
        if self._asked is None or (self._asked.done() and time.monotonic() > self._good_until):
            self._asked = asyncio.get_running_loop().create_task(self._ask())
        return await asyncio.shield(self._asked)

    async def _ask(self) -> bool:
        try:
            async with asyncio.timeout(PROBE_S):
                await self._pool.fetchval("select 1")
        except DATABASE_FAILS:
            return False
        finally:
            self._good_until = time.monotonic() + PROBE_REMEMBERED_S
        return True


@dataclass(slots=True)
class Streams:
    """How many browsers listen to this gateway."""

    open: int = 0


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    pool: asyncpg.Pool
    commands: Commands
    live: Live
    access: Access
    limiter: RateLimiter
    metrics: Metrics
    publishing: Publishing
    streams: Streams
    probe: Probe
