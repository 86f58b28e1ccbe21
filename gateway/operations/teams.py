"""Admins' actions on teams, for the API and the pages. Each is in the audit.

A change takes effect at once in this gateway, in the others within the seconds for which they cache who is who.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from starlette.requests import Request

from gateway.access.teams import Moves, NameTaken, NoSuchMember, NotOpen, TeamInfo
from gateway.audit.texts import text
from gateway.audit.writing import who
from gateway.problems.problem import Problem, invalid, not_found
from gateway.services.services import Services
from gateway.shapes.teams import MemberWanted, PlanMove, PlanMoves, TeamWanted


async def make(request: Request, wanted: TeamWanted) -> TeamInfo:
    """Make a team. Raises Problem 422 where another one has the name."""
    services: Services = request.state.services
    try:
        team_id = await services.access.teams.make(wanted.name, who(request))
    except NameTaken:
        raise _taken() from None
    return await _anew(services, team_id)


async def rename(request: Request, team_id: UUID, wanted: TeamWanted) -> TeamInfo:
    """Give a team another name. Raises Problem 404 without an open one, 422 where another one has the name."""
    services: Services = request.state.services
    try:
        done = await services.access.teams.rename(team_id, wanted.name, who(request))
    except NameTaken:
        raise _taken() from None
    return await _anew(services, team_id, done=done)


async def close(request: Request, team_id: UUID) -> None:
    """Close a team. Raises Problem 404 without an open one."""
    services: Services = request.state.services
    await _anew(services, team_id, done=await services.access.teams.close(team_id, who(request)))


async def add(request: Request, team_id: UUID, wanted: MemberWanted) -> TeamInfo:
    """Put a person or a key into a team. Raises Problem 404 without an open team, 422 without such a member."""
    services: Services = request.state.services
    kind, member = ("person", wanted.person) if wanted.person is not None else ("key", wanted.key or "")
    try:
        done = await services.access.teams.add(team_id, kind, member, who(request))
    except NoSuchMember:
        what = "nobody who has not ended has this handle" if kind == "person" else "there is no such key of nobody's"
        raise invalid((kind, what)) from None
    return await _anew(services, team_id, done=done)


async def remove(request: Request, team_id: UUID, kind: str, member: str) -> None:
    """Take a person or a key out of a team. Raises Problem 404 for who is not in it."""
    services: Services = request.state.services
    known = kind in ("person", "key")
    if not known or not await services.access.teams.remove(team_id, kind, member, who(request)):
        raise not_found("member of this team", f"'{member[:80]}'")
    _forget(services)


async def move(request: Request, plan_id: UUID, wanted: PlanMove) -> None:
    """Give a plan to another team, or to none. Raises Problem 404 without such a plan, 422 without such a team."""
    if (await _move(request, wanted, plans=[plan_id])).unknown:
        raise not_found("plan", plan_id)


async def move_many(request: Request, wanted: PlanMoves) -> Moves:
    """Give plans to another team, or to none. Raises Problem 422 without such a team."""
    if wanted.of_team is not None and wanted.of_team == wanted.team:
        return Moves(0, [], 0)  # they are its plans already
    return await _move(request, wanted, plans=wanted.plan_ids or (), of=wanted.of_team)


async def _move(request: Request, wanted: PlanMove, *, plans: Sequence[UUID], of: UUID | None = None) -> Moves:
    services: Services = request.state.services
    reason = await text(request, wanted.reason)
    try:
        moves = await services.access.teams.move(wanted.team, reason, who(request), plans=plans, of=of)
    except NotOpen:
        raise invalid(("team", "is no open team")) from None
    if moves.moved:
        _forget(services)
    return moves


async def _anew(services: Services, team_id: UUID, *, done: bool = True) -> TeamInfo:
    found = await services.access.teams.find(team_id) if done else None
    if found is None:
        raise not_found("open team", team_id)
    _forget(services)
    return found


def _forget(services: Services) -> None:
    """Authenticate everybody again: who sees which plans may have changed."""
    services.access.forget_all()
    services.views.forget()
    services.streams.end_all()


def _taken() -> Problem:
    return invalid(("name", "another open team has it"))
