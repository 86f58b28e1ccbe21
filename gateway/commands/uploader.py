"""Asks, when an upload is decided, whether its person may still act: to read a document takes a while."""

from __future__ import annotations

from typing import Final

from gateway.problems.problem import Problem
from schemas.process.connection import Db

#: Whoever ends the person waits until the upload is decided, so an erasure finds the plan.
_ENDED: Final = "select ended_at is not null from access.person where handle = $1 for share"


async def demand_working(db: Db, actor: str) -> None:
    """Raise Problem 401 where the person of this handle has ended meanwhile. Belongs in the upload's transaction."""
    if await db.fetchval(_ENDED, actor):
        raise Problem("unauthenticated", "The person whose document this is has ended meanwhile. Nothing was kept.")
