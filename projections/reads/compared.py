"""What later documents of other channels found when they were compared with a plan's document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projections.reads.rows import Reader

_LATER = """
    select c.other_channel as channel, c.plan_id, c.channel as found_on, c.metrics, c.stored_at
      from decide.compared c join decide.head h on h.stream = 'plan-' || c.plan_id
     where c.other_plan_id = $1 and h.status <> 'cancelled' order by c.stored_at desc, c.channel limit $2"""
#: Later documents that are told of a plan, the last ones.
MOST = 20


@dataclass(frozen=True, slots=True)
class FoundLater:
    """Figures of another channel's later document that name this plan's `channel`."""

    channel: str
    plan_id: UUID
    found_on: str  # the channel of the later one
    metrics: list[str]
    stored_at: datetime


async def found_later(db: Reader, plan_id: UUID) -> list[FoundLater]:
    """Return what later documents found about this plan's document, the latest first; cancelled plans are left out."""
    return [FoundLater(**row) for row in await db.fetch(_LATER, plan_id, MOST)]
