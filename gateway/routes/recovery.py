"""What a person has done about a plan that stands still."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations.recovering import ask_recovery
from gateway.routes.answers import json_answer
from gateway.routes.plans import PATH
from gateway.shapes.recovery import RecoveryAsk, RecoveryAsked

_ERRORS: Final = ("bad-request", "not-found", "wrong-status", "too-large", "unsupported-media-type", "invalid")


def routes() -> list[BaseRoute]:
    return [
        resource(
            PATH + "/{plan_id}/recovery",
            POST=Operation(ask, Role.OPERATOR, "commands", RecoveryAsked, 202, _ERRORS),
        )
    ]


async def ask(request: Request, plan_id: UUID, body: RecoveryAsk) -> Response:
    """Have the watchdog see to a plan at once, whatever its deadline is and whether or not recovery is automatic.

    `recover` begins what fits the cause: the analysis is requested again, Phase 1 is made. `move_on` lets the plan go
    on without what it waits for: the rules analyse the missing channels, or those that are named, in place of the
    agent; a channel that is analysed again keeps its result; Phase 1 is made by the watchdog. Both appear in the
    recovery log and in the plan's history. 409 where the plan waits for nothing that the system does.
    """
    outcome = await ask_recovery(request, plan_id, body.how, body.channels, body.reason)
    return json_answer(RecoveryAsked(plan_id=plan_id, outcome=outcome), 202)
