"""Delete audit entries that are past their time, and keep a checkpoint so that the chain can still be verified."""

from __future__ import annotations

from typing import Final

import asyncpg

from schemas.process.connection import Db

#: Entries that one statement lets go of, and how often it is asked for in one go.
CHUNK: Final = 2000
MOST_CHUNKS: Final = 50


async def drop_expired(db: asyncpg.Pool | Db, days: int) -> int:
    """Let go of entries that are older than so many days; return how many. Raises asyncpg's errors."""
    gone = 0
    for _ in range(MOST_CHUNKS):
        some: int = await db.fetchval("select audit.drop_expired($1, $2)", days, CHUNK)
        gone += some
        if some < CHUNK:
            break
    return gone
