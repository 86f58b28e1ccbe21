"""Another analysis of one channel of a plan."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.scopes import KeyScope
from gateway.commands import again
from gateway.commands.deciding import asked
from gateway.http.door import Operation, resource
from gateway.routes.plans import DECISION_ERRORS, PATH
from gateway.routes.uploads import on_its_way
from gateway.shapes.plans import AnalyseAgain, PlanAccepted
from schemas.lifecycle import RULES


def routes() -> list[BaseRoute]:
    return [
        resource(
            PATH + "/{plan_id}/channels/{channel}/analysis",
            POST=Operation(
                analyse,
                RULES[again.COMMAND].role,
                "commands",
                PlanAccepted,
                202,
                DECISION_ERRORS,
                scope=KeyScope.APPROVE,
            ),
        )
    ]


async def analyse(request: Request, plan_id: UUID, channel: str, body: AnalyseAgain) -> Response:
    """Analyse one channel of a plan again, with the agent or by the rules, while the plan awaits approval.

    Nothing is uploaded: the figures are kept. The channel keeps its result until another one is there, and for good
    where the analysis fails (`kept` of the channel says why). The plan's version rises with the request and with the
    result, and from then on an approval has to name the version that was read, with `If-Match`. A decision on the plan
    ends the analysis: what comes of it then is dropped. A second request for the channel takes the place of the first.
    """
    answer = await again.analyse_again(request, asked(request), plan_id, channel, body.with_)
    problem = again.refusal(answer, plan_id, channel)
    if problem is not None:
        raise problem
    return on_its_way(answer)
