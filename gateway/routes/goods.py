"""Costs, stock and advertising that are kept: see them, and tell them without making a plan."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.commands.deciding import expected_version
from gateway.http.door import Operation, resource
from gateway.routes.answers import json_answer
from gateway.routes.uploads import goods_answer
from gateway.shapes.goods import AdReportList, CostCorrected, CostCorrection, CostPage, CostQuery, GoodsKeptShape
from gateway.uploads import ads_store, goods_correct
from gateway.uploads.goods_correct import Correction
from gateway.uploads.goods_upload import take_goods
from projections.goods import reads as goods

ERRORS: Final = (
    "bad-request",
    "request-timeout",
    "too-large",
    "unsupported-media-type",
    "invalid",
    "columns-not-sure",
    "goods-wrong",
    "advertising-wrong",
    "no-goods",
)

CORRECTION_ERRORS: Final = (
    "bad-request",
    "not-found",
    "version-mismatch",
    "too-large",
    "unsupported-media-type",
    "invalid",
)


def routes() -> list[BaseRoute]:
    telling = Operation(
        tell,
        Role.ANALYST,
        "uploads",
        GoodsKeptShape,
        200,
        ERRORS,
        streams=True,
        takes="multipart/form-data",
    )
    return [
        resource(
            "/api/marketplace/costs",
            GET=Operation(find, Role.VIEWER, "reads", CostPage, errors=("invalid",)),
            POST=telling,
            PATCH=Operation(
                correct, Role.ANALYST, "commands", CostCorrected, errors=CORRECTION_ERRORS, scope=KeyScope.UPLOAD
            ),
        ),
        resource("/api/marketplace/advertising", GET=Operation(reports, Role.VIEWER, "reads", AdReportList)),
        resource(
            "/api/marketplace/advertising/{key}",
            DELETE=Operation(delete_report, Role.ANALYST, "commands", None, 204, ("not-found",), scope=KeyScope.UPLOAD),
        ),
    ]


async def find(request: Request, query: CostQuery) -> Response:
    """List costs and stock by SKU, with their history and who recorded them.

    Sales of later uploads are joined with it by SKU. It holds for all keys of this system.
    """
    pool = request.state.services.shown
    page = await goods.find(pool, query.q, cursor=query.cursor, limit=query.limit)
    found = {
        "items": page.items,
        "next_cursor": page.next_cursor,
        "total": page.total,
        "version": await goods.version_of(pool),
    }
    return json_answer(CostPage.model_validate(found))


async def correct(request: Request, body: CostCorrection) -> Response:
    """Take a cost back, or say that it is in another currency; the amounts stay.

    It holds for documents that are uploaded from then on; plans stay as they are. Where a cost is taken back, the one
    before it is in force again. `If-Match` with the cost's `version` refuses if it has changed.
    """
    wanted = Correction(body.action, body.sku, body.valid_from, body.currency, expected_version(request))
    done = await goods_correct.correct(request, wanted)
    return json_answer(CostCorrected(outcome=done.outcome, version=done.version))


async def reports(request: Request) -> Response:
    """List the reports of advertising that are kept, those of the last days first, at most 200.

    Sales of later uploads are joined with those of their channel and days. It holds for all keys of this system.
    """
    found = await goods.reports(request.state.services.shown)
    return json_answer(AdReportList.model_validate({"items": found}))


async def delete_report(request: Request, key: str) -> Response:
    """Take a report of advertising back: documents that are uploaded from then on are read without it."""
    await ads_store.delete(request, key)
    return Response(status_code=204)


async def tell(request: Request) -> Response:
    """Upload costs, stock or a report of advertising (XLSX, CSV, ...) without asking for a plan.

    A table with SKUs and their costs, or the units on hand; or what advertising cost, by day or with its period:
    `channels` names its channel where the report does not. A cost without a date holds from today on; `currency` names
    that of costs that tell none. Rows that are wrong change nothing and are told. Uploading it again changes nothing.
    """
    return goods_answer(await take_goods(request))
