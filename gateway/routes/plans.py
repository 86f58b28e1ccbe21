"""Plans: list, read, decide, follow."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.commands import deciding, phase1
from gateway.commands.deciding import asked, refusal
from gateway.http.door import Operation, resource
from gateway.operations import plan_verdict
from gateway.problems.problem import not_found, unavailable
from gateway.routes.answers import headers_of, json_answer, of_many
from gateway.routes.refusals import OF_A_BODY
from gateway.services.services import Services
from gateway.shapes.many_plans import BulkDecision, BulkPlanResult, BulkPlanResults
from gateway.shapes.plans import (
    EventPage,
    EventQuery,
    OnePlanQuery,
    PlanAccepted,
    PlanDecision,
    PlanPage,
    PlanQuery,
    PlanSelection,
    PlanShape,
)
from gateway.shapes.tasks import TaskList
from gateway.uploads.in_language import reading_in
from projections.plans import reads as plans
from projections.reads import documents
from projections.tasks import reads as tasks
from projections.timeline import reads as timeline
from schemas.lifecycle import PLAN

#: How long a read waits for the read model to catch up.
WAIT_S: Final = 2.0
PATH: Final = "/api/marketplace/analysis"
#: Members of a plan's answer that do not come from its row.
_MADE_HERE: Final = ("actions", "phase1_preview", "reading", "verdict")
DECISION_ERRORS: Final = (
    "bad-request",
    "not-found",
    "four-eyes",
    "wrong-status",
    "version-mismatch",
    "too-large",
    "unsupported-media-type",
    "invalid",
    "key-reused",
)


def routes() -> list[BaseRoute]:
    return [
        resource(
            PATH + "/{plan_id}",
            PATCH=Operation(decide, PLAN.role, "commands", PlanAccepted, 202, DECISION_ERRORS, scope=KeyScope.APPROVE),
            GET=Operation(read, Role.VIEWER, "reads", PlanShape, errors=("not-found", "invalid")),
        ),
        resource(PATH, GET=Operation(find, Role.VIEWER, "reads", PlanPage, errors=("invalid",))),
        resource(
            PATH + "/{plan_id}/events",
            GET=Operation(events, Role.VIEWER, "reads", EventPage, errors=("not-found", "invalid")),
        ),
    ]


def bulk_routes() -> list[BaseRoute]:
    """Return the routes that must be matched before /{plan_id}."""
    return [
        resource(
            PATH + "/bulk",
            POST=Operation(
                decide_many, PLAN.role, "commands", BulkPlanResults, errors=OF_A_BODY, scope=KeyScope.APPROVE
            ),
        )
    ]


async def decide(request: Request, plan_id: UUID, body: PlanDecision) -> Response:
    """Decide on a plan, such as approving it.

    Answers at once; what follows appears at `links`. Doing the same twice is harmless. `Idempotency-Key` makes a
    repeated request have one effect and the first answer; `If-Match` with the plan's ETag refuses if it has changed.
    Once a channel of it was analysed again, a plan is approved with `If-Match` alone: nobody else says what was read.

    Where four eyes are asked for (`MARKETPLACE_FOUR_EYES`), who uploaded the plan does not approve it.

    With approve, role operator, `phase1` gives Phase 1 in place of the plan's or the fallback's (`phase1Preview` of the
    plan shows those): 1 to 20 tasks, and the reason. It is refused with 409 once Phase 1 follows from an approval.
    """
    services: Services = request.state.services
    data = await phase1.approval(services.shown, plan_id, body.reason, body.phase1, request.state.principal)
    answer = await deciding.decide(request, asked(request), f"plan.{body.action}", plan_id, data)
    problem = refusal(answer, "plan", plan_id, body.action)
    if problem is not None:
        raise phase1.with_advice(problem, body.phase1)
    accepted = PlanAccepted.written(plan_id, answer.outcome, answer.status, answer.version)
    return Response(accepted, 202, headers_of(answer, f"{PATH}/{plan_id}"), "application/json")


async def decide_many(request: Request, body: BulkDecision) -> Response:
    """Decide on up to 1,000 plans at once.

    Always 200: each plan has its own result, in the order of `ids`; `problem` says why one was refused. `versions` says
    which version of a plan was read, as `If-Match` does for one: a plan that has changed since is refused.
    """
    ids = list(dict.fromkeys(body.ids))
    answers = await deciding.decide_many(
        request, asked(request, of_many=True), f"plan.{body.action}", ids, {"reason": body.reason}, body.versions
    )
    results = [
        BulkPlanResult(plan_id=plan_id, **of_many(answer, refusal(answer, "plan", plan_id, body.action)))
        for plan_id, answer in zip(ids, answers, strict=True)
    ]
    return json_answer(BulkPlanResults(results=results))


async def find(request: Request, query: PlanQuery) -> Response:
    """List plans, newest first, with filters, search and pages.

    `overdue=true`: those that have waited for a decision for longer than `MARKETPLACE_DECISION_DUE_HOURS`.
    """
    pool = request.state.services.shown
    page = await plans.find(
        pool, wanted(request, query), sort=query.sort, cursor=query.cursor, limit=query.limit, count=query.total
    )
    return json_answer(PlanPage.model_validate(page))


def wanted(request: Request, query: PlanSelection) -> plans.PlanFilter:
    """Return the filter that a query asks for."""
    undecided_s = request.state.services.settings.decision_due_s if query.overdue else None
    return plans.PlanFilter(
        query.status,
        query.channel,
        query.priority,
        query.q,
        undecided_s,
        query.partial,
        tuple(map(str, query.team)),
        query.stalled,
        query.next_phase,
        query.origin,
    )


async def read(request: Request, plan_id: UUID, query: OnePlanQuery) -> Response:
    """Read a plan: what each channel's analysis found, phases, Phase 1, the count of its tasks.

    With `min_version` (from a command's answer) it waits up to 2 s until the plan is there; if it is not,
    `X-Projection-Lag` says how many versions are missing. The reader's places and remarks are in Portuguese; with
    `language=en` in English.
    """
    services: Services = request.state.services
    if query.min_version is not None:
        await services.live.wait_version(str(plan_id), query.min_version, WAIT_S)
    plan = await plans.get(services.shown, plan_id) or await _arriving(services, plan_id)
    headers = {"ETag": f'"{plan.version}"'}
    if query.min_version is not None and plan.version < query.min_version:
        headers["X-Projection-Lag"] = str(query.min_version - plan.version)
    told = await documents.reading_of_plan(services.shown, plan_id)
    made = {
        "actions": PLAN.actions(plan.status),
        "phase1_preview": phase1.preview(plan),
        "reading": None if told is None else reading_in(query.language, told),
        "verdict": plan_verdict.shape(await plan_verdict.verdict_on(services, plan)),
    }
    shape = PlanShape.model_validate({**_fields(plan), **made})
    return json_answer(shape, 200, headers)


async def events(request: Request, plan_id: UUID, query: EventQuery) -> Response:
    """Read the history of a plan and of its tasks, oldest first."""
    pool = request.state.services.shown
    page = await timeline.of_plan(pool, plan_id, cursor=query.cursor, limit=query.limit)
    if not page.items and query.cursor is None:
        await demand(request.state.services, plan_id)
    return json_answer(EventPage.model_validate(page))


async def plan_tasks(request: Request, plan_id: UUID) -> Response:
    """Read the tasks of a plan, in its order; none before Phase 1 exists."""
    found = await tasks.of_plan(request.state.services.shown, plan_id)
    if not found:
        await demand(request.state.services, plan_id)
    return json_answer(TaskList.model_validate({"items": found}))


async def demand(services: Services, plan_id: UUID) -> None:
    """Tell an empty list of a plan from the list of no plan."""
    if not await _decided(services, plan_id) and await plans.version_of(services.shown, plan_id) is None:
        raise not_found("plan", plan_id)


async def _decided(services: Services, plan_id: UUID) -> bool:
    found: bool = await services.shown.fetchval(
        "select exists (select 1 from decide.head where stream = 'plan-' || $1::uuid)", plan_id
    )
    return found


async def _arriving(services: Services, plan_id: UUID) -> plans.Plan:
    """Wait for a plan that was accepted and that the read model does not show yet."""
    if not await _decided(services, plan_id):
        raise not_found("plan", plan_id)
    await services.live.wait_version(str(plan_id), 1, WAIT_S)
    plan = await plans.get(services.shown, plan_id)
    if plan is None:
        raise unavailable("This plan was accepted and is safe, but cannot be shown yet.", retry_after=1)
    return plan


def _fields(plan: plans.Plan) -> dict[str, object]:
    return {name: getattr(plan, name) for name in PlanShape.model_fields if name not in _MADE_HERE}
