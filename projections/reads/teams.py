"""Whose plans are: the team of each of some plans, and the names of teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from projections.reads.rows import Reader


@dataclass(frozen=True, slots=True)
class Team:
    """A team as plans name it; `closed`: it takes no more of them."""

    team_id: UUID
    name: str
    closed: bool = False


async def every(db: Reader) -> list[Team]:
    """Return the teams that the reader knows, by name, the closed ones last: of all, or the reader's own."""
    rows = await db.fetch(
        "select team_id, name, closed_at is not null as closed from access.team"
        " order by closed_at is not null, lower(name), team_id"
    )
    return [Team(**row) for row in rows]


async def of_plans(db: Reader, plans: Sequence[UUID]) -> dict[UUID, Team]:
    """Return the team of each of these plans that has one."""
    rows = await db.fetch(
        "select pt.plan_id, t.team_id, t.name, t.closed_at is not null as closed"
        "  from decide.plan_team pt join access.team t on t.team_id = pt.team_id where pt.plan_id = any ($1::uuid[])",
        list(plans),
    )
    return {row["plan_id"]: Team(row["team_id"], row["name"], row["closed"]) for row in rows}
