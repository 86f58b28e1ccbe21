"""A plan's tasks without what costs most to read: what their opportunities are, and who said what of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from projections.reads.rows import Reader, from_json
from projections.reads.unsourced import TYPED

#: The order of a plan's tasks `t`. SQL.
ORDER: Final = "order by t.phase, t.position, t.task_id"
_OF_PLAN: Final = f"""
    select t.task_id, t.plan_id, t.title, t.status, t.opportunity_id, t.also_serves, {TYPED} as typed
      from rm.task t left join rm.plan p using (plan_id) where t.plan_id = $1 {ORDER}"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Short:
    """A task in short. `typed`: a person wrote its texts, with the approval."""

    task_id: UUID
    plan_id: UUID
    title: str
    status: str
    opportunity_id: str | None
    also_serves: list[str]
    typed: bool


async def of_plan(db: Reader, plan_id: UUID) -> list[Short]:
    """Return all tasks of a plan in the plan's order."""
    rows = await db.fetch(_OF_PLAN, plan_id)
    return [Short(**{**dict(row), "also_serves": from_json(row["also_serves"])}) for row in rows]
