"""The rules of the analysis."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.figures.catalogue import METRICS
from gateway.http.door import Operation, resource
from gateway.operations import rules
from gateway.operations.rules import Known
from gateway.routes.answers import json_answer
from gateway.services.services import Services
from gateway.shapes.outcomes import HitRateShape
from gateway.shapes.rules import JudgedShape, RuleList, RuleShape

PATH: Final = "/api/marketplace/rules"


def routes() -> list[BaseRoute]:
    return [resource(PATH, GET=Operation(read, Role.VIEWER, "reads", RuleList))]


async def read(request: Request) -> Response:
    """Read each rule of the analysis: what it looks for, what a document has to tell, how often it was right."""
    services: Services = request.state.services
    return json_answer(RuleList(items=[_shape(one) for one in await rules.read(services.shown)]))


def _shape(known: Known) -> RuleShape:
    return RuleShape(
        rule=known.name,
        title=known.rule.title,
        when=known.rule.when,
        formula=known.formula or None,
        figures=[
            JudgedShape(
                metric=one.metric,
                title=METRICS[one.metric].title,
                formula=METRICS[one.metric].formula,
                needs=[list(way) for way in one.needs],
            )
            for one in known.judges
        ],
        hit_rate=None if known.rate is None else HitRateShape.model_validate(known.rate),
    )
