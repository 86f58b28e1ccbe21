"""Lists as files: plans, tasks, attempts, a plan's proposals, events, figures, the objectives, who did what."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.exports import downloads, figures, proposals
from gateway.exports.downloads import Leaving
from gateway.exports.writing import MEDIA, Form
from gateway.http.door import Operation, resource
from gateway.operations import objectives
from gateway.problems.problem import not_found
from gateway.routes import audit, plans, slo, tasks
from gateway.shapes.attempts import TriedSelection
from gateway.shapes.audit import AuditSelection
from gateway.shapes.plans import PlanSelection
from gateway.shapes.query import ONE
from gateway.shapes.shape import Taken
from gateway.shapes.slo import SloQuery
from gateway.shapes.tasks import TaskSelection
from projections.plans import reads as all_plans
from projections.reads import documents

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


class AttemptExport(TriedSelection):
    form: Table = "csv"


class AuditExport(AuditSelection):
    form: Table = "csv"


class EventExport(Taken):
    plan: Annotated[UUID, ONE, Field(description="The plan whose events these are.")]
    form: Table = "csv"


class FigureExport(Taken):
    plan: Annotated[UUID, ONE, Field(description="The plan whose document's figures these are.")]
    table: Annotated[
        figures.Table, ONE, Field(description="All figures, those by month or by product, or the orders that lose.")
    ] = "figures"
    form: Table = "csv"


class ProposalExport(Taken):
    plan: Annotated[UUID, ONE, Field(description="The plan whose opportunities and steps these are.")]
    form: Table = "csv"


class MonthExport(SloQuery):
    form: Table = "csv"


def routes() -> list[BaseRoute]:
    tables = (MEDIA[Form.CSV], MEDIA[Form.XLSX])
    errors = ("invalid", "unavailable")
    file = partial(Operation, limit="reads", errors=errors, files=tables)
    return [
        resource(f"{PATH}/plans", GET=file(of_plans, Role.VIEWER)),
        resource(f"{PATH}/tasks", GET=file(of_tasks, Role.VIEWER, files=(*tables, MEDIA[Form.ICS]))),
        resource(f"{PATH}/attempts", GET=file(of_attempts, Role.VIEWER)),
        resource(f"{PATH}/events", GET=file(of_events, Role.VIEWER, errors=("not-found", *errors))),
        resource(f"{PATH}/figures", GET=file(of_figures, Role.VIEWER, errors=("not-found", *errors))),
        resource(f"{PATH}/proposals", GET=file(of_proposals, Role.VIEWER, errors=("not-found", *errors))),
        resource(f"{PATH}/month", GET=file(of_month, Role.VIEWER)),
        resource(f"{PATH}/audit", GET=file(of_audit, Role.ADMIN)),
    ]


async def of_plans(request: Request, query: PlanExport) -> Response:
    """Take away the plans of a filter as a table.

    Of more than 100,000 the first are in it, and `X-Export-More` says true; `X-Export-Rows` says how many. No text is
    taken for a formula. That it was taken is in the audit.

    Two files of one key, or person, leave at a time (429 with the limit `downloads`), and eight in all (503).
    """
    wanted = plans.wanted(request, query)
    found = partial(downloads.of_plans, request.state.services.shown, wanted, query.sort)
    return await downloads.leave(request, found, Form(query.form), _asked(query))


async def of_tasks(request: Request, query: TaskExport) -> Response:
    """Take away the tasks of a filter as a table, or those with a day as a calendar.

    The same holds as for plans. Of a calendar `X-Export-Without-Day` says how many tasks it leaves out.
    """
    wanted = tasks.wanted(request, query)
    found = partial(downloads.of_tasks, request.state.services.shown, wanted, query.sort, Form(query.form))
    return await downloads.leave(request, found, Form(query.form), _asked(query))


async def of_attempts(request: Request, query: AttemptExport) -> Response:
    """Download attempts of every plan as a table, the latest first: those of one outcome, as of `GET /api/attempts`.

    The same holds as for plans. What ends while it is sent is not in it.
    """
    found = partial(downloads.of_attempts, request.state.services.shown, query.outcome, query.wanted())
    return await downloads.leave(request, found, Form(query.form), _asked(query))


async def of_audit(request: Request, query: AuditExport) -> Response:
    """Download the audit as a table, newest first.

    The same holds as for plans. What is written while it is sent is not in it.
    """
    found = partial(downloads.of_audit, request.state.services.shown, audit.wanted(query))
    return await downloads.leave(request, found, Form(query.form), _asked(query))


async def of_events(request: Request, query: EventExport) -> Response:
    """Take away the events of a plan and of its tasks as a table, oldest first.

    The same holds as for plans.
    """
    services = request.state.services

    async def found() -> Leaving:
        events = await downloads.of_events(services.shown, query.plan)
        if not events.count:
            await plans.demand(services, query.plan)
        return events

    return await downloads.leave(request, found, Form(query.form), {})


async def of_figures(request: Request, query: FigureExport) -> Response:
    """Take away the figures of a plan's document as a table: all of them, by month, by product, or orders that lose.

    An empty cell is unknown, never zero; `why` says why, in all tables but that of orders. The same holds as for plans.
    """

    async def found() -> Leaving:
        document = await documents.of_plan(request.state.services.shown, query.plan)
        if document is None:
            raise not_found("document that is kept for the plan", query.plan)
        return figures.of_figures(document, query.plan, query.table)

    return await downloads.leave(request, found, Form(query.form), {})


async def of_proposals(request: Request, query: ProposalExport) -> Response:
    """Take away what a plan proposes: each opportunity with its worth and evidence, and below it the steps by phase.

    Amounts stand in the rows of opportunities alone, so that a sum counts each once. The same holds as for plans.
    """

    async def found() -> Leaving:
        plan = await all_plans.get(request.state.services.shown, query.plan)
        if plan is None:
            raise not_found("plan", query.plan)
        return proposals.of_plan(plan)

    return await downloads.leave(request, found, Form(query.form), {})


async def of_month(request: Request, query: MonthExport) -> Response:
    """Download how each objective stands as a table: for a calendar month, or for the last 30 days.

    The same holds as for plans.
    """
    services = request.state.services

    async def found() -> Leaving:
        now = datetime.now(UTC)
        period = objectives.period_of(query.month or "", now)
        standings = await objectives.standings(services.reader, period, now)
        return downloads.of_month([slo.shape(one) for one in standings], period.month)

    return await downloads.leave(request, found, Form(query.form), {})


def _asked(query: PlanExport | TaskExport | AttemptExport | AuditExport) -> dict[str, object]:
    return query.model_dump(mode="json", by_alias=True, exclude_defaults=True)
