"""The objectives, and how they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations import objectives
from gateway.operations.objectives import Standing
from gateway.routes.answers import json_answer
from gateway.services.services import Services
from gateway.shapes.slo import ObjectiveShape, SloQuery, SloReport
from schemas.slo import BEYOND_MS, Kind

PATH: Final = "/api/slo"


def routes() -> list[BaseRoute]:
    return [resource(PATH, GET=Operation(read, Role.VIEWER, "reads", SloReport, errors=("invalid",)))]


async def read(request: Request, query: SloQuery) -> Response:
    """Read how each objective stands: over the last 30 days, or over a calendar month.

    It is counted from the events, by the hour. What nothing was measured of is unknown; of what too few were measured,
    the figures are shown and not judged. Both say why.
    """
    services: Services = request.state.services
    now = datetime.now(UTC)
    period = objectives.period_of(query.month or "", now)
    found = await objectives.standings(services.reader, period, now)
    return json_answer(
        SloReport(
            as_of=now,
            since=period.since,
            until=period.until,
            month=period.month or None,
            objectives=[shape(standing) for standing in found],
        )
    )


def shape(standing: Standing) -> ObjectiveShape:
    """Return a standing as the API gives it."""
    objective = standing.objective
    beyond = standing.at_most_ms == BEYOND_MS
    return ObjectiveShape.model_validate(
        {
            "name": objective.name,
            "title": objective.title,
            "measured": objective.measured,
            "share": objective.share,
            "least": objective.least,
            "limit_ms": objective.limit_ms if objective.kind is Kind.WITHIN else None,
            "state": standing.state,
            "why": objectives.why(standing),
            "good": standing.good,
            "at_most_ms": None if beyond else standing.at_most_ms,
            "beyond": beyond,
            "budget_left": standing.budget_left,
            "spent": standing.spent,
            "windows": list(standing.windows),
            "worst": list(standing.worst),
        }
    )
