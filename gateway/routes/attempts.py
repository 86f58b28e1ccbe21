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
from gateway.shapes.attempts import AttemptPage, AttemptQuery, TriedPage, TriedQuery
from projections.plans import reads as plans
from projections.reads import plan_attempts
from projections.reads import tried as reads


def routes() -> list[BaseRoute]:
    return [
        resource(
            PATH + "/{plan_id}/attempts",
            GET=Operation(of_plan, Role.VIEWER, "reads", AttemptPage, errors=("not-found", "invalid")),
        ),
        resource("/api/attempts", GET=Operation(tried, Role.VIEWER, "reads", TriedPage, errors=("invalid",))),
    ]


async def of_plan(request: Request, plan_id: UUID, query: AttemptQuery) -> Response:
    """List each attempt at what a plan needed, running ones first, then the latest: analyses, Phase 1, tasks, replays.

    What ended is told by the events of the plan. Attempts that failed and were made again are kept for 90 days.
    """
    services: Services = request.state.services
    if await plans.get(services.shown, plan_id) is None:
        raise not_found("plan", plan_id)
    page = await plan_attempts.find(services.shown, plan_id, cursor=query.cursor, limit=query.limit)
    found = {"items": page.items, "next_cursor": page.next_cursor, "total": page.total}
    return json_answer(AttemptPage.model_validate({"plan_id": plan_id, **found}))


async def tried(request: Request, query: TriedQuery) -> Response:
    """List attempts of every plan, the latest first: that failed and were made again, failed for good, or ended well.

    Those that were made again are kept for 90 days. What failed for good is a dead letter, a channel without a result
    or a task that failed. Those that ended well are told by the events of plans, with begin and duration.
    """
    page = await reads.find(
        request.state.services.shown, query.outcome, query.wanted(), cursor=query.cursor, limit=query.limit
    )
    return json_answer(TriedPage.model_validate(page))
