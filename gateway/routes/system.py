"""Operators' doors: circuit breakers, feature flags, the recovery log. Every change is audited."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations.ending import end_process
from gateway.operations.switching import act_on_breaker, switch_flag
from gateway.routes.answers import json_answer
from gateway.routes.refusals import OF_A_BODY
from gateway.services.services import Services
from gateway.shapes.operations import (
    BreakerAction,
    BreakerList,
    FlagList,
    FlagSwitch,
    ProcessAction,
    RecoveryPage,
    RecoveryQuery,
    Switched,
)
from projections.reads import operations
from projections.recoveries import reads as log


def routes() -> list[BaseRoute]:
    return [
        resource(
            "/api/system/breakers",
            GET=Operation(all_breakers, Role.VIEWER, "reads", BreakerList),
            PATCH=Operation(breaker, Role.OPERATOR, "commands", Switched, 200, (*OF_A_BODY, "not-found")),
        ),
        resource(
            "/api/system/flags",
            GET=Operation(all_flags, Role.VIEWER, "reads", FlagList),
            PATCH=Operation(flag, Role.OPERATOR, "commands", Switched, 200, OF_A_BODY),
        ),
        resource(
            "/api/system/processes",
            PATCH=Operation(process, Role.OPERATOR, "commands", Switched, 200, (*OF_A_BODY, "not-found")),
        ),
        resource(
            "/api/system/recoveries", GET=Operation(recoveries, Role.VIEWER, "reads", RecoveryPage, errors=("invalid",))
        ),
    ]


async def all_breakers(request: Request) -> Response:
    """List the circuit breakers, those that are not closed first."""
    services: Services = request.state.services
    return json_answer(BreakerList.model_validate({"items": await operations.breakers(services.shown)}))


async def breaker(request: Request, body: BreakerAction) -> Response:
    """Trip a breaker (calls are held back, and plans wait, past their deadlines too) or reset it (calls go again)."""
    outcome = await act_on_breaker(request, body.name, body.action, body.reason, body.for_seconds)
    return json_answer(Switched(name=body.name, outcome=outcome))


async def all_flags(request: Request) -> Response:
    """List the feature flags and who switched each last."""
    services: Services = request.state.services
    return json_answer(FlagList.model_validate({"items": await operations.flags(services.shown)}))


async def flag(request: Request, body: FlagSwitch) -> Response:
    """Switch a feature on or off, for every process within a second or two."""
    outcome = await switch_flag(request, body.name, enabled=body.enabled, reason=body.reason)
    return json_answer(Switched(name=body.name, outcome=outcome))


async def process(request: Request, body: ProcessAction) -> Response:
    """Have one process end in order: it takes nothing more, ends or gives back what it has, and is started again.

    `name` is its `source` in the health report. Its supervisor starts it again: exit status 76 asks for that.
    """
    outcome = await end_process(request, body.name, body.reason)
    return json_answer(Switched(name=body.name, outcome=outcome))


async def recoveries(request: Request, query: RecoveryQuery) -> Response:
    """Read the recovery log, newest first: what stalled, why, what was done and whether it helped."""
    services: Services = request.state.services
    page = await log.find(services.shown, plan_id=query.plan, cursor=query.cursor, limit=query.limit)
    return json_answer(RecoveryPage.model_validate(page))
