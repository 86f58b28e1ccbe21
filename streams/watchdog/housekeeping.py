"""Deletes rows that are no longer needed, every ten minutes."""

from __future__ import annotations

from typing import Final

import asyncpg

_STOPPED: Final = "delete from flow.worker where stopped_at < now() - interval '1 day'"
# An open breaker leaves that state only when somebody calls, and for such a plan nobody will. What a person has opened
# is left alone for a day. Closing it is told.
_LEFT_OPEN: Final = """
    select flow.breaker_reset(b.name, 'its plan waits for nothing any more', $1) from flow.breaker b
     where b.name like 'plan:%' and b.state <> 'closed' and (not b.forced or b.changed_at < now() - interval '1 day')
       and not exists (select 1 from flow.deadline d where 'plan:' || d.plan_id = b.name)
"""
# One that has changed stays, unlisted after a day: its next change is the next version of its stream. As the first once
# more it would be taken for the first, and nobody would be told.
_CLOSED: Final = """
    delete from flow.breaker
     where name like 'plan:%' and state = 'closed' and version = 0 and changed_at < now() - interval '1 day'
"""


async def keep_house(connection: asyncpg.Connection, actor: str) -> None:
    """Forget processes that stopped a day ago, and the breakers of plans that wait for nothing any more."""
    await connection.execute(_STOPPED)
    await connection.execute(_LEFT_OPEN, actor)
    await connection.execute(_CLOSED)
