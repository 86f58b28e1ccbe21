"""Advance the replays of many letters at their capped rates. Every gateway does; the database shares the work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import asyncpg
import structlog

from schemas.process.database_away import DATABASE_FAILS
from schemas.process.log_context import Ids, job, within_job

log = structlog.get_logger("replays")

#: Seconds between checks for a letter whose turn has come, while a replay goes on.
TURN_S: Final = 0.1
#: Seconds between checks for a replay.
IDLE_S: Final = 1.0
AWAY_S: Final = 2.0


async def carry_on(pool: asyncpg.Pool, on_commit: Callable[[], None]) -> None:
    """Advance replays until cancelled. `on_commit` is called after letters were put into the outbox."""
    while True:
        wait_s = await _turn(pool, on_commit)
        await asyncio.sleep(wait_s)


async def _turn(pool: asyncpg.Pool, on_commit: Callable[[], None]) -> float:
    """Send the letters whose turn has come, of every job; return the seconds until the next turn may come."""
    jobs: list[asyncpg.Record] = []
    # log lines carry the ids of the requests that began the replays
    with job("replay"), within_job(lambda: (Ids(row["request_id"], None, row["traceparent"]) for row in jobs)):
        try:
            jobs += await pool.fetch("select request_id, traceparent from flow.replay_job where state = 'running'")
            if jobs and await pool.fetchval("select flow.replay_turn()"):
                on_commit()
        except DATABASE_FAILS as error:
            log.warning("replays wait for the database", error=f"{type(error).__name__}: {error}"[:200])
            return AWAY_S
    return TURN_S if jobs else IDLE_S
