"""Downloads lists as files: the rows of the page's filter, with column names in the reader's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.exports import downloads, figures, proposals
from gateway.exports.downloads import Leaving
from gateway.exports.writing import Form
from gateway.problems.problem import not_found
from gateway.ui import i18n, lists, preferences
from gateway.ui.pages import attempts, audit, plans, tasks
from gateway.ui.sheets import DELIMITER
from gateway.ui.words import calendar_words
from gateway.ui.words.column_words import heads
from gateway.ui.words.figure_words import LANGUAGE
from projections.plans import reads as all_plans
from projections.reads import documents
from projections.tasks import reads as all_tasks

TABLES: Final = (Form.CSV, Form.XLSX)
#: The tables of a document's figures, as their files are called.
FIGURES: Final[dict[str, figures.Table]] = {name: name for name in figures.COLUMNS}
TASKS: Final = tuple(Form)


async def of_plans(request: Request) -> Response:
    """Download the plans of the page's filter."""
    view = lists.of_plans(request.query_params)
    wanted = plans.wanted(request, view)
    found = partial(downloads.of_plans, request.state.services.shown, wanted, view.sort or all_plans.DEFAULT_ORDER)
    return await _leave(request, found, view.asked())


async def of_tasks(request: Request) -> Response:
    """Download the tasks of the page's filter."""
    view = lists.of_tasks(request.query_params)
    wanted = tasks.wanted(view, request.state.principal.name)
    found = partial(
        downloads.of_tasks, request.state.services.shown, wanted, view.sort or all_tasks.DEFAULT_ORDER, _form(request)
    )
    return await _leave(request, found, view.asked())


async def of_audit(request: Request) -> Response:
    """Download the audit entries of the page's filter."""
    view = audit.read(request.query_params)
    found = partial(downloads.of_audit, request.state.services.shown, view.wanted())
    return await _leave(request, found, view.asked())


async def of_attempts(request: Request) -> Response:
    """Download the attempts of the page's filter."""
    view = attempts.read(request.query_params)
    found = partial(downloads.of_attempts, request.state.services.shown, view.shown, view.wanted())
    return await _leave(request, found, view.asked())


async def of_figures(request: Request, plan_id: UUID) -> Response:
    """Download a table of the figures of a plan's document, in the reader's language."""
    table = FIGURES[request.url.path.rpartition("/")[2].partition(".")[0]]

    async def found() -> Leaving:
        document = await documents.of_plan(request.state.services.shown, plan_id)
        if document is None:
            raise not_found("document that is kept for the plan", plan_id)
        return figures.of_figures(document, plan_id, table, LANGUAGE)

    return await _leave(request, found, {})


async def of_proposals(request: Request, plan_id: UUID) -> Response:
    """Download what a plan proposes, for people who act on it without this page."""

    async def found() -> Leaving:
        plan = await all_plans.get(request.state.services.shown, plan_id)
        if plan is None:
            raise not_found("plan", plan_id)
        return proposals.of_plan(plan)

    return await _leave(request, found, {})


async def _leave(request: Request, found: Callable[[], Awaitable[Leaving]], asked: dict[str, str]) -> Response:
    i18n.use(preferences.read(request).language)
    form = _form(request)
    words = calendar_words.now()
    return await downloads.leave(request, found, form, asked, heads=heads, delimiter=DELIMITER, words=words)


def _form(request: Request) -> Form:
    return Form(request.url.path.rpartition(".")[2])
