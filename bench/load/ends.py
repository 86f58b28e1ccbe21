"""When plans were done, as the database tells it afterwards.

Each system has its five tasks of a plan in Postgres, which keeps the time of every commit for the bench
(`track_commit_timestamp`). So nobody looks for thousands of plans while they are under way: a look costs what is being
measured, and it is late by the time between two looks. The moment is that of the commit, before its flush: of a system
whose last write waits for the disk, that wait is not in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import asyncpg

WAIT_S: Final = 300.0
#: Between two looks whether all are done.
LOOK_S: Final = 0.25
#: Plans that are looked at before all of them are.
LAST: Final = 32


async def ends(database: asyncpg.Connection, question: str, plans: Sequence[str]) -> dict[str, float]:
    """Return when each plan was done, in seconds since 1970, once all of them are. Raises TimeoutError.

    `question` takes ids of plans, and returns `plan_id` and `at` of each that is done.
    """
    try:
        async with asyncio.timeout(WAIT_S):
            while len(await _done(database, question, plans[-LAST:])) < len(plans[-LAST:]):
                await asyncio.sleep(LOOK_S)
            while len(done := await _done(database, question, plans)) < len(plans):
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        done = await _done(database, question, plans)
        raise TimeoutError(f"{len(plans) - len(done)} of {len(plans)} plans are not done in {WAIT_S:.0f} s") from None
    return done


async def _done(database: asyncpg.Connection, question: str, plans: Sequence[str]) -> dict[str, float]:
    return {row["plan_id"]: row["at"] for row in await database.fetch(question, list(plans))}
