"""Recoveries that a person requests for a plan that makes no progress."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations.recovering import ask_recovery, recover_stalled, recover_these
from gateway.routes.answers import json_answer
from gateway.routes.plans import PATH
from gateway.routes.refusals import OF_A_BODY, OF_AN_ACTION
from gateway.shapes.recovery import RecoveryAsk, RecoveryAsked, RecoveryOfMany, RecoveryOfManyAsked


def routes() -> list[BaseRoute]:
    return [
        resource(
            PATH + "/{plan_id}/recovery",
            POST=Operation(ask, Role.OPERATOR, "commands", RecoveryAsked, 202, OF_AN_ACTION),
        )
    ]


def bulk_routes() -> list[BaseRoute]:
    """Return the route that must be matched before /{plan_id}."""
    operation = Operation(ask_many, Role.OPERATOR, "commands", RecoveryOfManyAsked, 202, OF_A_BODY)
    return [resource(PATH + "/recovery", POST=operation)]


async def ask(request: Request, plan_id: UUID, body: RecoveryAsk) -> Response:
    """Have the watchdog recover a plan at once, before its deadline too, and even if automatic recovery is off.

    `recover` begins what fits the cause: the analysis is requested again, Phase 1 is made. `move_on` lets the plan go
    on without what it waits for: the rules analyse the missing channels, or those that are named, in place of the
    agent; a channel that is analysed again keeps its result; Phase 1 is made by the watchdog. Both appear in the
    recovery log and in the plan's history. 409 where the plan waits for nothing that the system does.
    """
    outcome = await ask_recovery(request, plan_id, body.how, body.channels, body.reason)
    return json_answer(RecoveryAsked(plan_id=plan_id, outcome=outcome), 202)


async def ask_many(request: Request, body: RecoveryOfMany) -> Response:
    """Have the watchdog recover many plans at once: those that are named, or all that are stalled.

    As `recover` of one plan. Of the stalled ones those about which somebody has asked already stay as they are,
    and of more than 500 the rest is `left`: the same request once more takes them, too. Each plan has its own outcome.
    """
    done = await (
        recover_stalled(request, body.reason) if body.ids is None else recover_these(request, body.ids, body.reason)
    )
    results = [{"plan_id": plan_id, "outcome": outcome} for plan_id, outcome in done.outcomes.items()]
    return json_answer(RecoveryOfManyAsked.model_validate({"results": results, "left": done.left}), 202)
