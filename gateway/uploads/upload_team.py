"""Choose the team of an uploaded plan: the uploader's team, the team that the uploader names, or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from uuid import UUID

from starlette.requests import Request

from gateway.problems.problem import Problem, invalid
from gateway.services.services import Services
from gateway.uploads.wanted import Wanted
from projections.reads.rows import Reader
from projections.reads.seen import NOBODYS

#: Open teams that somebody may upload for: their own, or any if they see every plan.
_OPEN: Final = """
    select team_id::text, name from access.team
     where closed_at is null and ($2 or team_id = any ($1::uuid[])) order by lower(name)"""


async def open_teams(services: Services, teams: tuple[str, ...], *, any_team: bool) -> dict[str, str]:
    """Return the teams that take plans, id -> name: these of them, or any."""
    rows = await services.pool.fetch(_OPEN, list(teams), any_team)
    return {row["team_id"]: row["name"] for row in rows}


async def for_a_team(request: Request, wanted: Wanted) -> Wanted:
    """Return what is asked for with the id of the team.

    Without a named team or one of the uploader, the plan is of no team, and everybody sees it. Raises Problem 422 if
    the named team is not theirs, they have several, or theirs is closed: what they upload for it is not for everybody.
    """
    principal = request.state.principal
    if not principal.teams and not wanted.team:
        return wanted
    services: Services = request.state.services
    there = await open_teams(services, principal.teams, any_team=not principal.confined)
    if wanted.team:
        named = [one for one, name in there.items() if wanted.team in (one, name) or _same(wanted.team, name)]
        if not named:
            raise invalid(("team", f"is none that you can upload for{_known(there.values())}"))
        return replace(wanted, team=named[0])
    own = [one for one in there if one in principal.teams]
    if len(own) > 1:
        raise invalid(("team", f"you belong to several, so say whose the plan is{_known(there[one] for one in own)}"))
    if not own:
        raise invalid(("team", "yours is closed, and takes no more plans: an admin puts you into another one"))
    return replace(wanted, team=own[0])


def closed() -> Problem:
    """Return why a plan is not taken whose team was closed before it was there."""
    return invalid(("team", "is closed, and takes no more plans"))


async def team_of(db: Reader, plan_id: UUID) -> str | None:
    """Return the id of the team that a plan belongs to, None where it is of none."""
    found: str | None = await db.fetchval("select team_id::text from decide.plan_team where plan_id = $1", plan_id)
    return None if found == NOBODYS else found


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _known(names: Iterable[str]) -> str:
    told = ", ".join(names)
    return f": there are {told}" if told else ": there is none"
