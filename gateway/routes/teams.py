"""Teams: made, changed and filled by admins."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations import teams
from gateway.routes.answers import json_answer
from gateway.routes.plans import PATH as PLANS
from gateway.routes.refusals import OF_A_BODY, OF_ONE
from gateway.services.services import Services
from gateway.shapes.teams import (
    MemberWanted,
    OwnTeams,
    PlanMove,
    PlanMoved,
    PlanMoves,
    PlansMoved,
    TeamList,
    TeamShape,
    TeamWanted,
)
from gateway.uploads.upload_team import open_teams

PATH: Final = "/api/teams"


def routes() -> list[BaseRoute]:
    one = PATH + "/{team_id}"
    return [
        resource(
            PATH,
            GET=Operation(every, Role.ADMIN, "reads", TeamList),
            POST=Operation(make, Role.ADMIN, "commands", TeamShape, 201, OF_A_BODY),
        ),
        resource(f"{PATH}/mine", GET=Operation(mine, Role.VIEWER, "reads", OwnTeams)),
        resource(f"{PATH}/moves", POST=Operation(move_many, Role.ADMIN, "commands", PlansMoved, 200, OF_A_BODY)),
        resource(
            one,
            PATCH=Operation(rename, Role.ADMIN, "commands", TeamShape, 200, OF_ONE),
            DELETE=Operation(close, Role.ADMIN, "commands", None, 204, ("not-found",)),
        ),
        resource(f"{one}/members", POST=Operation(add, Role.ADMIN, "commands", TeamShape, 200, OF_ONE)),
        resource(
            f"{one}/members/{{kind}}/{{member}}",
            DELETE=Operation(remove, Role.ADMIN, "commands", None, 204, ("not-found",)),
        ),
        resource(PLANS + "/{plan_id}/team", PATCH=Operation(move, Role.ADMIN, "commands", PlanMoved, 200, OF_ONE)),
    ]


async def every(request: Request) -> Response:
    """List the teams with their members; closed ones come last.

    Where there is no team, everybody sees every plan.
    """
    found = request.state.services.access.teams
    told = {"items": await found.all(), "seeing_all": await found.seeing_all()}
    return json_answer(TeamList.model_validate(told))


async def mine(request: Request) -> Response:
    """List the teams that you can upload for, and say whether you see the plans of your teams alone."""
    services: Services = request.state.services
    principal = request.state.principal
    there = await open_teams(services, principal.teams, any_team=not principal.confined)
    items = [{"team_id": team_id, "name": name} for team_id, name in there.items()]
    return json_answer(OwnTeams.model_validate({"items": items, "confined": principal.confined}))


async def make(request: Request, body: TeamWanted) -> Response:
    """Make a team. Nobody sees less by that: a plan is seen by fewer once it belongs to a team."""
    made = await teams.make(request, body)
    return json_answer(TeamShape.model_validate(made), 201, {"Location": f"{PATH}/{made.team_id}"})


async def rename(request: Request, team_id: UUID, body: TeamWanted) -> Response:
    """Give a team another name."""
    return json_answer(TeamShape.model_validate(await teams.rename(request, team_id, body)))


async def close(request: Request, team_id: UUID) -> Response:
    """Close a team: it takes no more plans and members. Its members see its plans until they are taken out."""
    await teams.close(request, team_id)
    return Response(status_code=204)


async def add(request: Request, team_id: UUID, body: MemberWanted) -> Response:
    """Put a person, or a key without a person, into a team. It holds here at once, in every gateway within 10 s.

    A key of a person sees what the person sees.
    """
    return json_answer(TeamShape.model_validate(await teams.add(request, team_id, body)))


async def remove(request: Request, team_id: UUID, kind: str, member: str) -> Response:
    """Take a person (`kind` person, by the handle) or a key (`key`, by its id) out of a team.

    Here it holds at once, in every gateway within 10 s.
    """
    await teams.remove(request, team_id, kind, member)
    return Response(status_code=204)


async def move(request: Request, plan_id: UUID, body: PlanMove) -> Response:
    """Move a plan to another team, or to none. People outside that team no longer see it.

    What other plans say of it, where they were compared with it before, stays.
    """
    await teams.move(request, plan_id, body)
    return json_answer(PlanMoved(plan_id=plan_id, team=body.team))


async def move_many(request: Request, body: PlanMoves) -> Response:
    """Move up to 1,000 plans to another team, or to none: the named plans, or the plans of a team.

    All of them move, or none. Of a team with more plans, ask again until none is `left`.
    """
    return json_answer(PlansMoved.model_validate(await teams.move_many(request, body)))
