"""The figures of a plan's document, and a plan for those of its channels that were not chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.audit.writing import Entry
from gateway.commands.deciding import idempotency_key
from gateway.http.door import Operation, resource
from gateway.operations.figures import figures_of, unnamed_shape
from gateway.problems.problem import not_found
from gateway.routes.answers import json_answer
from gateway.routes.plans import PATH
from gateway.routes.uploads import on_its_way
from gateway.services.services import Services
from gateway.shapes.figures import FigureQuery, FiguresShape
from gateway.shapes.plans import OtherChannels, PlanAccepted
from gateway.uploads.in_language import facts_in
from gateway.uploads.other_channels import analyse_channels
from gateway.uploads.unnamed_sales import analyse_unnamed
from projections.plans import reads as plans
from projections.reads import documents
from projections.reads.compared import found_later
from projections.reads.unnamed import answer_of

ERRORS: Final = (
    "bad-request",
    "not-found",
    "duplicate",
    "too-large",
    "unsupported-media-type",
    "invalid",
    "key-reused",
)


def routes() -> list[BaseRoute]:
    return [
        resource(
            PATH + "/{plan_id}/figures",
            GET=Operation(read, Role.VIEWER, "reads", FiguresShape, errors=("not-found", "invalid")),
        ),
        resource(
            PATH + "/{plan_id}/channels",
            POST=Operation(analyse, Role.ANALYST, "uploads", PlanAccepted, 202, ERRORS),
        ),
    ]


async def read(request: Request, plan_id: UUID, query: FigureQuery) -> Response:
    """Read the figures of a plan's document, each with its formula and the rows that it is made of.

    They are computed from the document, whoever wrote the plan. What is unknown stands in `unknown`, with the reason:
    it is never zero. Rows are told by order number, table and row; nothing of a buyer is kept. `worths` has the formula
    of each worth that a rule computed, with its figures; not where metrics are asked for. The reader's places and
    remarks are in Portuguese; with `language=en` in English.
    """
    document = await documents.of_plan(request.state.services.shown, plan_id)
    if document is None:
        raise not_found("document that is kept for the plan", plan_id)
    services: Services = request.state.services
    await services.readings.tell(request, Entry("document.read", "document", str(plan_id), plan_id))
    plan = await plans.get(services.shown, plan_id)
    told = replace(document, facts=facts_in(query.language, document.facts))
    shown = figures_of(told, query, await found_later(services.shown, plan_id), plan)
    answer = await answer_of(services.shown, plan_id) if document.facts.unnamed else None
    return json_answer(shown.model_copy(update={"unnamed": unnamed_shape(document, answer)}))


async def analyse(request: Request, plan_id: UUID, body: OtherChannels) -> Response:
    """Analyse other channels of a plan's document, in a plan of their own.

    Nothing is uploaded again: the figures of all channels are kept. The same channels of the same file are answered
    with 409 and the plan that they led to; `Idempotency-Key` gives the first answer again.

    `unnamed` in place of `channels` says of which channel those sales are that name none (`unnamed` of the figures):
    they become a plan of it, once. Another answer is 409 with that plan, until it is rejected or cancelled.
    """
    key = idempotency_key(request)
    if body.unnamed is not None:
        return on_its_way(await analyse_unnamed(request, plan_id, body.unnamed, key))
    return on_its_way(await analyse_channels(request, plan_id, body.channels or [], key))
