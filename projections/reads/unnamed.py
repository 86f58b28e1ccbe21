"""Read the channel that a person gave to a document's sales without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projections.reads.rows import Reader
from schemas.lifecycle import PLAN


@dataclass(frozen=True, slots=True)
class UnnamedAnswer:
    """`made_plan_id`, `status`: of the plan of these sales; None and "" where the reader does not see it."""

    channel: str
    made_plan_id: UUID | None
    answered_at: datetime
    status: str = ""


async def answer_of(db: Reader, plan_id: UUID) -> UnnamedAnswer | None:
    """Return the answer for a plan's document; None without one, or after its plan was given up."""
    row = await db.fetchrow(
        """
        select a.channel, h.status, a.made_plan_id, a.answered_at
          from decide.unnamed_answer a left join decide.head h on h.stream = 'plan-' || a.made_plan_id
         where a.plan_id = $1 and coalesce(h.status, '') <> all ($2)""",
        plan_id,
        [str(status) for status in PLAN.given_up],
    )
    if row is None:
        return None
    made = row["made_plan_id"] if row["status"] else None
    return UnnamedAnswer(row["channel"], made, row["answered_at"], row["status"] or "")
