"""Carries on with the replays of many letters, at their capped rates. Every gateway does: the database shares."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import asyncpg
import structlog

from schemas.process.database_away import DATABASE_FAILS

log = structlog.get_logger("replays")

#: How often it is looked whether a letter's turn has come, while there is a job.
TURN_S: Final = 0.1
#: How often it is looked for a job.
IDLE_S: Final = 1.0
AWAY_S: Final = 2.0


async def carry_on(pool: asyncpg.Pool, on_commit: Callable[[], None]) -> None:
    """Work until cancelled. `on_commit` is called when letters are in the outbox."""
    while True:
        try:
            busy = await pool.fetchval("select exists (select 1 from flow.replay_job where state = 'running')")
            if busy and await pool.fetchval("select flow.replay_turn()"):
                on_commit()
            await asyncio.sleep(TURN_S if busy else IDLE_S)
        except DATABASE_FAILS as error:
            log.warning("replays wait for the database", error=f"{type(error).__name__}: {error}"[:200])
            await asyncio.sleep(AWAY_S)
