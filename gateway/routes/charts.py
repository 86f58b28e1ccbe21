"""The charts of the overview, in numbers."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations import charts
from gateway.operations.charts import Chart, Line
from gateway.routes.answers import json_answer
from gateway.services.services import Services
from gateway.shapes.charts import ChartShape, ChartsQuery, ChartsReport, LineShape

PATH: Final = "/api/system/charts"


def routes() -> list[BaseRoute]:
    return [resource(PATH, GET=Operation(read, Role.VIEWER, "reads", ChartsReport, errors=("invalid",)))]


async def read(request: Request, query: ChartsQuery) -> Response:
    """Read what came, was made and waited in the last hour by the minute, or in the last day or week by the hour.

    The alert engine records it once a minute. What it did not watch is unknown. The charts of the overview draw this.
    """
    services: Services = request.state.services
    now, hours = datetime.now(UTC), query.hours
    return json_answer(
        ChartsReport(
            as_of=now,
            hours=hours,
            since=charts.since(now, hours),
            until=charts.until(now, hours),
            step_seconds=int(charts.step(hours).total_seconds()),
            charts=[_shape(one) for one in await charts.read(services.shown, now, hours)],
        )
    )


def _shape(chart: Chart) -> ChartShape:
    return ChartShape(
        name=chart.name, title=chart.title, unit=chart.unit, how=chart.how, lines=[_line(line) for line in chart.lines]
    )


def _line(line: Line) -> LineShape:
    return LineShape(
        name=line.name,
        title=line.title,
        values=[_counted(value) for value in line.values],
        beyond=[n for n, value in enumerate(line.values) if value == math.inf],
        whole=_counted(line.whole),
        at_least=line.least,
    )


def _counted(value: float | None) -> float | None:
    return None if value == math.inf else value
