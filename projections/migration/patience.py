"""One transaction that waits for tables without keeping others waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import asyncpg

from schemas.process import logs

#: A change that waits for a table keeps everybody waiting behind it: it gives up after so long,
LOCK_S: Final = 2.0
#: lets them through for so long, and tries again,
LET_THROUGH_S: Final = 1.0
#: so many times: ten minutes, which is longer than a rebuild compares.
TRIES: Final = 200


async def in_one_go(connection: asyncpg.Connection, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work in a transaction, all of it or nothing, as often as a table that it needs is taken.

    Raises LockNotAvailableError where somebody has kept a table for ten minutes.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            async with connection.transaction():
                await connection.execute(f"set local lock_timeout = '{LOCK_S * 1000:.0f}ms'")
                await work()
        except asyncpg.LockNotAvailableError as error:
            if not tries_left:
                raise
            logs.tell(f"{name} waits: {error}")
            await asyncio.sleep(LET_THROUGH_S)
        else:
            return
