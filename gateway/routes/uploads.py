"""A document comes in."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.commands.answer import Answer
from gateway.commands.deciding import idempotency_key
from gateway.http.door import Operation, resource
from gateway.http.telling import Say, Telling, wants_lines
from gateway.intake import Progress
from gateway.routes.answers import headers_of, json_answer
from gateway.shapes.goods import GoodsKeptShape
from gateway.shapes.plans import Links, PlanAccepted
from gateway.shapes.upload_accepted import UploadAccepted
from gateway.shapes.uploads import ColumnProposal, UploadPreview
from gateway.uploads.channel_not_told import asks_channel, unnamed_sums
from gateway.uploads.goods_kept import GoodsKept
from gateway.uploads.not_sure import preview
from gateway.uploads.proposing import propose
from gateway.uploads.uploading import Uploaded, accept, arrived, read_arrived, take_upload

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
    "advertising-wrong",
    "other-channels",
    "channel-not-told",
)
_OF_KEEPING: Final = {
    "duplicate",
    "key-reused",
    "columns-not-sure",
    "goods-wrong",
    "advertising-wrong",
    "other-channels",
    "channel-not-told",
}
#: What a look at a document can be refused for.
LOOKING: Final = tuple(kind for kind in ERRORS if kind not in _OF_KEEPING)


def routes() -> list[BaseRoute]:
    operation = Operation(
        upload,
        Role.ANALYST,
        "uploads",
        UploadAccepted,
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
    """Upload a document (PDF, DOCX, XLSX, XLS, ODS, CSV, TXT, Markdown, HTML) and ask for a plan.

    The plan's analysis begins at once; follow it at `links`. The same file for the same channels is answered with 409
    and the plan that it led to, unless `again` is true or its columns are mapped otherwise. A table that looks like
    sales and is not sure is answered with 422 `columns-not-sure`: `mapping` or `map` says what its columns are, and is
    kept for every document with the same header; `anyway` makes a plan without figures of it.

    Costs and stock in the document are kept by SKU, and this and later documents' sales are joined with them. Where it
    tells of nothing else there is no plan: 200 says what was kept.

    Sales that name no channel, of a document that is sent for several, are answered with 422 `channel-not-told`:
    `unnamed` says of which of them they are, and is kept for every document with the same header; `anyway` makes a plan
    without figures of them.

    `narrow`, for one of several files that are uploaded for the same channels: the plan is for those only that the file
    has sales of (for all where it names none); 422 `other-channels` where it has sales of others alone. `found` in the
    answer are all that it tells of: those that were not asked for are analysed at `/{planId}/channels`.

    With `Accept: application/x-ndjson` the answer begins once the file has arrived, with status 200, and is lines of
    JSON: `{"reading": {"stage", "at", "of", "rows"}}` while the file is read (stage: `waiting` for a turn, `sheet` or
    `page` `at` of `of`, `rows`, `figures`; 0 is unknown), and at last `{"status", "headers", "body"}`, which is what
    would have been answered without it.
    """
    if wants_lines(request):
        return await _telling(request)
    return _taken(await take_upload(request))


async def _telling(request: Request) -> Response:
    """Take the file, then answer while it is read. What is wrong with the form itself is refused as ever."""
    idempotency_key(request)
    async with AsyncExitStack() as stack:
        form, wanted = await stack.enter_async_context(arrived(request))
        files = stack.pop_all()

    async def work(say: Say) -> Response:
        def tell(progress: Progress) -> None:
            say({"reading": progress.to_dict()})

        read = await read_arrived(request, form, wanted, wanted.mappings, tell)
        return _taken(await accept(request, form, wanted, read))

    return Telling(request, work, files)


def _taken(taken: Uploaded | GoodsKept) -> Response:
    if isinstance(taken, GoodsKept):
        return goods_answer(taken)
    said = {**_said(taken.answer), "channels": taken.channels, "found": taken.found}
    return json_answer(UploadAccepted.model_validate(said), 202, _headers(taken.answer))


def goods_answer(kept: GoodsKept) -> Response:
    """Return 200 with what was kept."""
    return json_answer(GoodsKeptShape.model_validate(kept))


def on_its_way(answer: Answer) -> Response:
    """Return 202 with the plan that was made, and where to follow it."""
    return json_answer(PlanAccepted.model_validate(_said(answer)), 202, _headers(answer))


def _said(answer: Answer) -> dict[str, object]:
    return {
        "plan_id": answer.plan_id,
        "outcome": answer.outcome,
        "status": answer.status,
        "version": answer.version,
        "links": Links.of(answer.plan_id),
    }


def _headers(answer: Answer) -> dict[str, str]:
    return headers_of(answer, Links.of(answer.plan_id).self_)


async def look(request: Request) -> Response:
    """Tell what an upload would be read as, with the mapping that comes with it.

    Takes what an upload takes. No plan is made, and nothing of the document or the mapping is kept.

    With `propose=true` an agent is asked which column is which, where a table asks; it is told the columns' names and
    their masked cells. `proposal` is what it says, as far as the cells agree: send it as `mapping` to have it used.

    The reader's places and remarks are in Portuguese; with `language=en` in English.
    """
    async with arrived(request) as (form, wanted):
        read = await read_arrived(request, form, wanted, wanted.mappings)
        seen = preview(read, wanted.language)
        unnamed = unnamed_sums(read.facts, wanted.channels)
        is_taken = seen.sure and not asks_channel(read.facts)
        seen = seen.model_copy(update={"unnamed": unnamed, "sure": is_taken})
        if wanted.propose:
            said = await propose(request, form, wanted, read)
            seen = seen.model_copy(update={"proposal": ColumnProposal.model_validate(said)})
    return json_answer(seen)
