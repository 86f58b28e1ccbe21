"""The later phases of a plan."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.scopes import KeyScope
from gateway.commands import phases
from gateway.commands.deciding import asked
from gateway.http.door import Operation, resource
from gateway.routes.plans import DECISION_ERRORS, PATH
from gateway.routes.uploads import on_its_way
from gateway.shapes.phases import StartPhase
from gateway.shapes.plans import PlanAccepted
from schemas.lifecycle import RULES


def routes() -> list[BaseRoute]:
    return [
        resource(
            PATH + "/{plan_id}/phases",
            POST=Operation(
                start,
                RULES[phases.COMMAND].role,
                "commands",
                PlanAccepted,
                202,
                DECISION_ERRORS,
                scope=KeyScope.APPROVE,
            ),
        )
    ]


async def start(request: Request, plan_id: UUID, body: StartPhase) -> Response:
    """Have the next phase of a plan begin: its steps become tasks.

    `nextPhase` of the plan says which one that is. It can begin once every task of the phase before has ended, which is
    when the plan is completed; with its tasks the plan is executing again. Asked twice, there are no other tasks.
    `Idempotency-Key` and `If-Match` are honoured as for decisions.
    """
    answer = await phases.start(request, asked(request), plan_id, body.number)
    problem = phases.refusal(answer, plan_id)
    if problem is not None:
        raise problem
    return on_its_way(answer)
