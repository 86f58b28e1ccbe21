"""A document comes in."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.commands.commands import Answer
from gateway.http.door import Operation, resource
from gateway.routes.answers import json_answer
from gateway.shapes.goods import GoodsKeptShape
from gateway.shapes.plans import Links, PlanAccepted
from gateway.shapes.uploads import UploadPreview
from gateway.uploads.goods_kept import GoodsKept
from gateway.uploads.not_sure import preview
from gateway.uploads.uploading import arrived, read_arrived, take_upload

PATH: Final = "/api/marketplace/analysis/upload"
ERRORS: Final = (
    "bad-request",
    "request-timeout",
    "duplicate",
    "too-large",
    "unsupported-media-type",
    "invalid",
    "key-reused",
    "columns-not-sure",
    "goods-wrong",
)
#: What a look at a document can be refused for.
LOOKING: Final = tuple(
    kind for kind in ERRORS if kind not in ("duplicate", "key-reused", "columns-not-sure", "goods-wrong")
)


def routes() -> list[BaseRoute]:
    operation = Operation(
        upload,
        Role.ANALYST,
        "uploads",
        PlanAccepted,
        202,
        ERRORS,
        streams=True,
        takes="multipart/form-data",
        also=(200, GoodsKeptShape, "The document tells of costs or stock alone: they are kept, and there is no plan."),
    )
    looking = Operation(
        look, Role.ANALYST, "uploads", UploadPreview, 200, LOOKING, streams=True, takes="multipart/form-data"
    )
    return [resource(PATH, POST=operation), resource(f"{PATH}/preview", POST=looking)]


async def upload(request: Request) -> Response:
    """Upload a document (PDF, DOCX, XLSX, CSV, TXT, Markdown, HTML) and ask for a plan.

    The plan's analysis begins at once; follow it at `links`. The same file for the same channels is answered with 409
    and the plan that it led to, unless `again` is true or its columns are mapped otherwise. A table that looks like
    sales and is not sure is answered with 422 `columns-not-sure`: `mapping` or `map` says what its columns are, and is
    kept for every document with the same header; `anyway` makes a plan without figures of it.

    Costs and stock in the document are kept by SKU, and this and later documents' sales are joined with them. Where it
    tells of nothing else there is no plan: 200 says what was kept.
    """
    answer = await take_upload(request)
    return goods_answer(answer) if isinstance(answer, GoodsKept) else on_its_way(answer)


def goods_answer(kept: GoodsKept) -> Response:
    """Return 200 with what was kept."""
    return json_answer(GoodsKeptShape.model_validate(kept))


def on_its_way(answer: Answer) -> Response:
    """Return 202 with the plan that was made, and where to follow it."""
    links = Links.of(answer.plan_id)
    headers = {"Location": links.self_, "ETag": f'"{answer.version}"'}
    if answer.repeated:
        headers["Idempotent-Replayed"] = "true"
    accepted = PlanAccepted.model_validate(
        {
            "plan_id": answer.plan_id,
            "outcome": answer.outcome,
            "status": answer.status,
            "version": answer.version,
            "links": links,
        }
    )
    return json_answer(accepted, 202, headers)


async def look(request: Request) -> Response:
    """Tell what an upload would be read as, with the mapping that comes with it.

    Takes what an upload takes. No plan is made, and nothing of the document or the mapping is kept.
    """
    async with arrived(request) as (form, wanted):
        read = await read_arrived(request, form, wanted, wanted.mappings)
    return json_answer(preview(read))
