"""Costs and stock that are kept: see them, and tell them without making a plan."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.routes.answers import json_answer
from gateway.routes.uploads import goods_answer
from gateway.shapes.goods import CostPage, CostQuery, GoodsKeptShape
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
    "no-goods",
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
        )
    ]


async def find(request: Request, query: CostQuery) -> Response:
    """List what goods cost and how many are on hand, by SKU, with the history and who told it.

    Sales of later uploads are joined with it by SKU. It holds for all keys of this system.
    """
    pool = request.state.services.pool
    page = await goods.find(pool, query.q, cursor=query.cursor, limit=query.limit)
    found = {
        "items": page.items,
        "next_cursor": page.next_cursor,
        "total": page.total,
        "version": await goods.version_of(pool),
    }
    return json_answer(CostPage.model_validate(found))


async def tell(request: Request) -> Response:
    """Upload costs or stock (XLSX, CSV, ...) without asking for a plan: no channels are needed.

    A table with SKUs and their costs, or the units on hand. A cost without a date holds from today on; `currency` names
    that of costs that tell none. Rows that are wrong change nothing and are told. Uploading it again changes nothing.
    """
    return goods_answer(await take_goods(request))
