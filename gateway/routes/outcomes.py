"""What became of opportunities, and what changed between documents."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.problems.problem import not_found
from gateway.routes import plans
from gateway.routes.answers import json_answer
from gateway.services.services import Services
from gateway.shapes.outcomes import HitRates, PlanOutcomes
from projections.outcomes import reads as outcomes
from projections.plans.reads import version_of

PATH: Final = "/api/marketplace/hit-rates"


def routes() -> list[BaseRoute]:
    return [
        resource(
            plans.PATH + "/{plan_id}/outcomes",
            GET=Operation(of_plan, Role.VIEWER, "reads", PlanOutcomes, errors=("not-found",)),
        ),
        resource(PATH, GET=Operation(hit_rates, Role.VIEWER, "reads", HitRates)),
    ]


async def of_plan(request: Request, plan_id: UUID) -> Response:
    """Read what changed since the document before, and what became of this plan's and of earlier opportunities.

    It is found once, when a document is analysed that is later than another one of the same channel.
    """
    services: Services = request.state.services
    if await version_of(services.shown, plan_id) is None:
        raise not_found("plan", plan_id)
    return json_answer(PlanOutcomes.model_validate(await outcomes.of_plan(services.shown, plan_id)))


async def hit_rates(request: Request) -> Response:
    """Read how often the opportunities of each rule and of each agent's model improved."""
    services: Services = request.state.services
    return json_answer(HitRates.model_validate({"items": await outcomes.hit_rates(services.shown)}))
