"""Write rows of records before their turn, and prevent that while somebody needs tables and offsets in step.

The tables are ahead of their offsets then, and `ahead_until` says how far. Whoever compares them with the log, or swaps
them, lets nothing be ahead meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from projections.rows import Row
from projections.run.writer import Position, write
from schemas.process.connection import Db

#: An advisory lock: shared by those for whom the tables have to be what their offsets say. Only one process at a time
#: shows what is ahead of them, for a moment.
LEVEL: Final = 0x61686561
#: How often its turn to show is tried to be had, and how long in between: another one has it for a moment.
TRIES: Final = 20
TRY_S: Final = 0.01
#: Whether somebody needs the tables level, or waits for it: that takes longer than a moment.
_LEVEL_NEEDED: Final = """
    select exists (select from pg_locks
                    where locktype = 'advisory' and mode = 'ShareLock' and objsubid = 1
                      and (classid::bigint << 32 | objid::bigint) = $1
                      and database = (select oid from pg_database where datname = current_database()))
"""
#: How long the turn of what is ahead is waited for, and how often it is looked for. It comes, unless nobody projects.
PATIENCE_S: Final = 60.0
LOOK_S: Final = 0.1


async def write_ahead(
    connection: Db, rows: Iterable[Row], positions: Sequence[Position], plan_ids: Sequence[str]
) -> bool:
    """Write rows of records whose turn has not come; return False, with nothing written, where that is held back.

    Raises as `write` does.
    """
    async with connection.transaction():
        if not await _alone(connection):
            return False
        await write(connection, rows, positions, plan_ids)
    return True


async def _alone(connection: Db) -> bool:
    """Lock out all others until the transaction ends; return False where that is not had soon."""
    for _ in range(TRIES):
        if await connection.fetchval("select pg_try_advisory_xact_lock($1)", LEVEL):
            return True
        if await connection.fetchval(_LEVEL_NEEDED, LEVEL):
            return False
        await asyncio.sleep(TRY_S)
    return False


async def stay_level(connection: Db) -> None:
    """Forbid rows ahead of their turn until the session ends; `until_level` waits for those that are there already."""
    await connection.execute("select pg_advisory_lock_shared($1)", LEVEL)


async def until_level(connection: Db, schema: str) -> bool:
    """Wait for the turn of all that is shown; return whether it came within PATIENCE_S."""
    give_up = asyncio.get_running_loop().time() + PATIENCE_S
    while await connection.fetchval(
        f'select exists (select from "{schema}".projection_offset where ahead_until > next_offset)'  # noqa: S608 - our own
    ):
        if asyncio.get_running_loop().time() > give_up:
            return False
        await asyncio.sleep(LOOK_S)
    return True
