"""Filter live changes for a listener who does not see every plan: those of other teams' plans are left out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from projections.reads.rows import Reader
from projections.reads.seen import Seen


async def seen_of(changes: AsyncIterator[dict[str, Any]], db: Reader) -> AsyncGenerator[dict[str, Any], None]:
    """Yield what `db` may read of changes as a listener hears them. Raises the database's errors."""
    async for change in changes:
        plans = change.get("plans")
        if not plans or not isinstance(db, Seen):
            yield change
            continue
        seen = await db.shows(plans)
        shown = [plan for plan in plans if plan in seen]
        if shown:
            yield {"plans": shown}
