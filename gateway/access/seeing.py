"""Who sees a plan: operators and admins see all, others the plans of their teams and of no team."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from gateway.access.roles import CONFINED
from projections.reads.rows import Reader

_CONFINED: Final = ", ".join(f"'{role}'" for role in sorted(CONFINED))


def sees(plan: str) -> str:
    """Return the SQL of whether a person `p` sees a plan, given by the SQL of its id. decide.sees is the same rule."""
    return f"""
        (p.role not in ({_CONFINED}) or not exists (select from access.team)
         or exists (select from decide.plan_team pt where pt.plan_id = {plan}
                       and (not exists (select from access.team w where w.team_id = pt.team_id)
                            or pt.team_id in (select m.team_id from access.team_member m
                                               where m.person_id = p.person_id))))"""  # noqa: S608 - constants


_ALL_WHO: Final = f"select p.handle from access.person p where p.ended_at is null and {sees('$1::uuid')}"  # noqa: S608 - constants


async def all_who_see(db: Reader, plan_id: UUID) -> frozenset[str]:
    """Return the handles of the people who see a plan and have not ended: a task of it can be assigned to them."""
    return frozenset(row["handle"] for row in await db.fetch(_ALL_WHO, plan_id))
