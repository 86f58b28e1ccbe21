"""Lists as files: plans, tasks, and who did what."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.exports import leaving
from gateway.exports.writing import MEDIA, Form
from gateway.http.door import Operation, resource
from gateway.routes import audit, plans, tasks
from gateway.shapes.audit import AuditSelection
from gateway.shapes.plans import PlanSelection
from gateway.shapes.query import ONE
from gateway.shapes.tasks import TaskSelection

PATH: Final = "/api/exports"
Table = Annotated[
    Literal["csv", "xlsx"], ONE, Field(description="A table as text with commas, or a workbook of one sheet.")
]


class PlanExport(PlanSelection):
    form: Table = "csv"


class TaskExport(TaskSelection):
    form: Annotated[
        Literal["csv", "xlsx", "ics"], ONE, Field(description="As for plans; ics: a calendar of those with a day.")
    ] = "csv"


class AuditExport(AuditSelection):
    form: Table = "csv"


def routes() -> list[BaseRoute]:
    tables = (MEDIA[Form.CSV], MEDIA[Form.XLSX])
    return [
        resource(f"{PATH}/plans", GET=Operation(of_plans, Role.VIEWER, "reads", errors=("invalid",), files=tables)),
        resource(
            f"{PATH}/tasks",
            GET=Operation(of_tasks, Role.VIEWER, "reads", errors=("invalid",), files=(*tables, MEDIA[Form.ICS])),
        ),
        resource(f"{PATH}/audit", GET=Operation(of_audit, Role.ADMIN, "reads", errors=("invalid",), files=tables)),
    ]


async def of_plans(request: Request, query: PlanExport) -> Response:
    """Take away the plans of a filter as a table.

    Of more than 100,000 the first are in it, and `X-Export-More` says true; `X-Export-Rows` says how many. No text is
    taken for a formula. That it was taken is in the audit.
    """
    wanted = plans.wanted(request, query)
    found = await leaving.of_plans(request.state.services.pool, wanted, query.sort)
    return await leaving.leave(request, found, Form(query.form), _asked(query))


async def of_tasks(request: Request, query: TaskExport) -> Response:
    """Take away the tasks of a filter as a table, or those with a day as a calendar.

    The same holds as for plans. Of a calendar `X-Export-Without-Day` says how many tasks it leaves out.
    """
    wanted = tasks.wanted(request, query)
    found = await leaving.of_tasks(request.state.services.pool, wanted, query.sort, Form(query.form))
    return await leaving.leave(request, found, Form(query.form), _asked(query))


async def of_audit(request: Request, query: AuditExport) -> Response:
    """Take away who did what as a table, newest first.

    The same holds as for plans. What is written while it is sent is not in it.
    """
    found = await leaving.of_audit(request.state.services.pool, audit.wanted(query))
    return await leaving.leave(request, found, Form(query.form), _asked(query))


def _asked(query: PlanExport | TaskExport | AuditExport) -> dict[str, object]:
    return query.model_dump(mode="json", by_alias=True, exclude_defaults=True)
