"""Find the stalled plans whose recovery is still to be requested."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from projections.reads.rows import Reader


async def unasked(db: Reader, most: int, among: Sequence[UUID] | None = None) -> tuple[list[UUID], int]:
    """Return stalled plans without a requested recovery, the longest overdue first, and the number of further ones.

    At most so many; of these plans alone, if any are named.
    """
    found = await db.fetch(
        "select plan_id from flow.deadline where stalled_at is not null and ($1::uuid[] is null or plan_id = any ($1))"
        " group by plan_id having bool_and(requested is null) order by min(due_at), plan_id",
        among,
    )
    return [row["plan_id"] for row in found[:most]], max(0, len(found) - most)
