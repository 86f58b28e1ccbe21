"""A document that is to be forgotten."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations.erasing import erase
from gateway.routes.answers import json_answer
from gateway.routes.plans import PATH
from gateway.routes.refusals import OF_AN_ACTION
from gateway.shapes.erasure import ErasureAsk, ErasureAsked


def routes() -> list[BaseRoute]:
    return [
        resource(
            PATH + "/{plan_id}/erasure", POST=Operation(ask, Role.ADMIN, "commands", ErasureAsked, 202, OF_AN_ACTION)
        )
    ]


async def ask(request: Request, plan_id: UUID, body: ErasureAsk) -> Response:
    """Erase the document of a plan for good: its figures and excerpt, and what it was called.

    The log has the names encrypted, and their key is erased: no copy of the log can be read any more, and the read
    models can be rebuilt all the same. The plan, its tasks and what was decided stay. A backup that was made before
    has all of it. 409 while the system works on the plan.
    """
    done = await erase(request, plan_id, body.reason)
    return json_answer(ErasureAsked(plan_id=plan_id, outcome=done.outcome, named_in_log=done.named_in_log), 202)
