"""Checks whether the database answers at all, by one small question, for load balancers that ask all the time."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import asyncpg

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

    async def anew(self) -> bool:
        """Ask now, whatever is remembered: something has failed since."""
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
