"""A transaction that is taken back, so that each test sees only its own rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

#: The planner's setting in sessions of a gateway.
BY_INDEX: Final = "set local enable_seqscan = off"


@asynccontextmanager
async def taken_back(pool: asyncpg.Pool, *first: str) -> AsyncIterator[Any]:
    """Yield a connection in a transaction that began with these statements, and take all of it back."""
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        for statement in first:
            await connection.execute(statement)
        yield connection
        await transaction.rollback()
