"""The history of jobs: each attempt of a plan, and what failed and was made again everywhere."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.problems.problem import not_found
from gateway.routes.answers import json_answer
from gateway.routes.plans import PATH
from gateway.services.services import Services
from gateway.shapes.attempts import AttemptList, FailedPage, FailedQuery
from projections.plans import reads as plans
from projections.reads import attempts


def routes() -> list[BaseRoute]:
    return [
        resource(
            PATH + "/{plan_id}/attempts",
            GET=Operation(of_plan, Role.VIEWER, "reads", AttemptList, errors=("not-found",)),
        ),
        resource("/api/attempts", GET=Operation(failed, Role.VIEWER, "reads", FailedPage, errors=("invalid",))),
    ]


async def of_plan(request: Request, plan_id: UUID) -> Response:
    """List each attempt at what a plan needed: analyses, Phase 1, tasks and replays, the latest first.

    What ended is told by the events of the plan. Attempts that failed and were made again are kept for 90 days.
    """
    services: Services = request.state.services
    if await plans.get(services.shown, plan_id) is None:
        raise not_found("plan", plan_id)
    found = await attempts.of_plan(services.shown, plan_id)
    return json_answer(AttemptList.model_validate({"plan_id": plan_id, "items": found}))


async def failed(request: Request, query: FailedQuery) -> Response:
    """List attempts that failed and were made again, of every plan, the latest first; kept for 90 days."""
    page = await attempts.failed(
        request.state.services.shown,
        codes=query.code,
        groups=query.group,
        plan=query.plan,
        cursor=query.cursor,
        limit=query.limit,
    )
    return json_answer(FailedPage.model_validate(page))
