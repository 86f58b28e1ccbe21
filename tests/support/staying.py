"""Sessions that say that they are there, as the server sees them."""

from __future__ import annotations

import asyncio

import asyncpg

from tests.support.patience import PATIENCE_S


async def stays(pool: asyncpg.Pool, pid: int, times: int = 3) -> None:
    """Wait until a session has done nothing but say that it is there, so many times after the first."""
    seen: set[object] = set()
    async with asyncio.timeout(PATIENCE_S):
        while len(seen) <= times:
            since = await pool.fetchval(
                "select state_change from pg_stat_activity where pid = $1 and state = 'idle' and query = 'select 1'",
                pid,
            )
            seen |= {since} - {None}
            await asyncio.sleep(0.02)
