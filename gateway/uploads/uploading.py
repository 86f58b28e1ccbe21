"""From an uploaded document to an accepted plan: for the API and for the pages alike."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from starlette.requests import Request

from gateway.access.csrf import FIELD, HEADER, demand_token
from gateway.audit.writing import address
from gateway.commands.answer import Answer
from gateway.commands.commands import Upload
from gateway.commands.deciding import idempotency_key
from gateway.intake import Mappings, read_contents
from gateway.intake.goods import Goods
from gateway.intake.limits import DEFAULT_LIMITS
from gateway.intake.progress import Tell, tell_nobody
from gateway.intake.reader import asked_by
from gateway.problems.problem import Problem, Silent, invalid
from gateway.services.services import Services
from gateway.uploads import goods_kept, goods_store, mapping_store, sold_store
from gateway.uploads.channel_not_told import ChannelNotTold, asks_channel
from gateway.uploads.document_read import DocumentRead, SaidBefore, read_mapped
from gateway.uploads.duplicates import duplicate_of
from gateway.uploads.goods_kept import GoodsKept
from gateway.uploads.mapping_store import Said
from gateway.uploads.multipart import MAX_FIELDS, Form, received
from gateway.uploads.not_sure import ColumnsNotSure
from gateway.uploads.upload_team import closed, for_a_team
from gateway.uploads.wanted import Wanted, channels_for, found_in, wanted_of
from schemas.facts import DocumentFacts
from schemas.process.connection import Db
from schemas.process.places import new_plan_id

KNOWN: Final = (
    "This very file was uploaded for these channels before. See its plan, or send again=true for a second one."
)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """An upload that was taken: the channels of its plan, and those that the document tells of."""

    answer: Answer
    channels: list[str]
    found: list[str]


async def take_upload(request: Request) -> Uploaded | GoodsKept:
    """Read the request's form and document, and put a plan on its way; the answer is `accepted`.

    Costs and stock in it are kept. A document that tells of nothing else makes no plan: the answer says what was kept.

    Raises Problem: 400, 403, 408, 413, 415, 422, and 409 `duplicate` with the plan that the file led to before;
    `other-channels` where it was to be narrowed to what it has none of; ColumnsNotSure where a person has to say which
    column is which.
    Whatever happens, nothing stays behind but what was accepted.
    """
    idempotency_key(request)  # a key that cannot be kept is refused before anything is read
    async with arrived(request) as (form, wanted):
        read = await read_arrived(request, form, wanted, wanted.mappings)
        return await accept(request, form, wanted, read)


async def accept(request: Request, form: Form, wanted: Wanted, read: DocumentRead) -> Uploaded | GoodsKept:
    """Put a plan for a document that was read on its way, and keep its mappings with it: both, or neither.

    Raises as `take_upload` does.
    """
    services: Services = request.state.services
    if not read.sure and not wanted.anyway:
        raise ColumnsNotSure(read, form.filename, wanted)
    only = goods_kept.only_goods(read.facts, read.goods)
    if only:
        goods_kept.demand_some(read.goods, wanted.language)
    elif not wanted.channels:
        raise invalid(("channels", "names no channel: at least one is needed for sales"))
    channels = [] if only else channels_for(wanted, read.facts)  # what is refused is kept nothing of
    if asks_channel(read.facts) and not wanted.anyway:
        raise ChannelNotTold(read.facts, wanted.channels)
    facts = read.facts_for(channels)
    kept = await goods_kept.keep(request, form, read.goods, wanted.language) if read.goods else None

    async def keep_mappings(db: Db) -> None:
        told = read.told_currencies if wanted.currency else {}
        said = Said(read.given, told, read.told_channels if wanted.unnamed else {})
        who = request.state.principal.name
        await mapping_store.keep(db, said, read.kept, form.filename, who, wanted.team or None)

    if only and kept is not None:
        await mapping_store.in_one_go(services.pool, keep_mappings)
        return kept
    key = idempotency_key(request)
    asked = _upload(request, form, wanted, channels, facts, key)
    answer = await services.commands.upload(asked, keep_mappings if read.sure else None)
    services.metrics.command("plan.upload", answer.outcome)
    if answer.outcome == "duplicate":
        raise await duplicate_of(services, answer, KNOWN, channels=channels, found=found_in(read.facts))
    if answer.outcome == "team_closed":
        raise closed()
    if answer.outcome == "key_reused":
        raise Problem(
            "key-reused", "This Idempotency-Key came with another upload before. Take a new key for a new upload."
        )
    return Uploaded(answer, channels, found_in(read.facts))


@asynccontextmanager
async def arrived(
    request: Request, max_parts: int = MAX_FIELDS, *, lenient: bool = False, of_sales: bool = True
) -> AsyncIterator[tuple[Form, Wanted]]:
    """Give the form with its document on the disk, and what it asks for. Raises as `take_upload` does.

    `lenient`: a mapping without sense is told in `Wanted.complaints`, and left out. `of_sales`: channels are needed.
    """
    settings = request.state.services.settings
    async with received(
        request,
        settings.max_upload_bytes,
        settings.upload_timeout,
        lambda form: _check_csrf(request, form),
        max_parts,
    ) as form:
        # what is refused on a page comes back as it was written; the file has to be chosen again
        request.state.written = [(name, value) for name, values in form.fields.items() for value in values]
        if not form.has_file:
            raise invalid(("file", "is missing: send the document in a part named 'file'"))
        wanted = wanted_of(form, lenient=lenient, of_sales=of_sales)
        # of costs alone no plan is made: it is no team's
        of_plan = of_sales or wanted.channels
        yield form, (await for_a_team(request, wanted) if of_plan else replace(wanted, team=""))


def _check_csrf(request: Request, form: Form) -> None:
    sign_in = request.state.sign_in
    if sign_in is not None and request.headers.get(HEADER) is None:
        # before the file is taken: the token's field has to stand first in the form
        demand_token(sign_in, form.one(FIELD))


async def read_arrived(
    request: Request, form: Form, wanted: Wanted, mappings: Mappings, tell: Tell = tell_nobody
) -> DocumentRead:
    """Read the document, or stop reading when the client leaves: it would not hear of its plan."""
    services: Services = request.state.services
    kept = await goods_store.find(services.pool, wanted.currency, form.sha256, wanted.team or None)
    limits = replace(DEFAULT_LIMITS, max_bytes=services.settings.max_upload_bytes)

    async def read(said: Mappings, before: SaidBefore) -> tuple[DocumentFacts, Goods]:
        known = replace(kept, currencies=before.currencies, channel=wanted.unnamed, channels=before.channels)
        with asked_by(request.state.principal.caller):
            return await read_contents(
                form.path, form.filename, wanted.channels, limits=limits, mappings=said or None, kept=known, tell=tell
            )

    who = request.state.principal.name
    reading = asyncio.ensure_future(read_mapped(services.pool, read, mappings, who, wanted.team or None))
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not reading.done():
            raise Silent
        return reading.result()
    finally:
        for task in (reading, leaving):
            task.cancel()
        # the file may only go once nobody reads it
        await asyncio.gather(reading, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _upload(
    request: Request, form: Form, wanted: Wanted, channels: list[str], facts: DocumentFacts, key: str | None
) -> Upload:
    plan_id, document_id = new_plan_id(wanted.priority), uuid4()
    title = wanted.title or facts.title.strip()[:200] or form.filename
    asked: list[object] = [form.sha256, wanted.channels, wanted.priority, wanted.title, wanted.again]
    if wanted.mappings or wanted.anyway or wanted.narrow:
        asked += [wanted.mappings, wanted.anyway]  # without them the hash is that of earlier versions
    if wanted.currency:
        asked.append(wanted.currency)
    if wanted.narrow:
        asked.append("narrow")
    if wanted.team:
        asked.append(wanted.team)
    if wanted.unnamed:
        asked.append({"unnamed": wanted.unnamed})
    return Upload(
        plan_id=str(plan_id),
        document_id=str(document_id),
        sha256=form.sha256,
        channels=channels,
        facts={**sold_store.apart(facts), "team": wanted.team or None},
        data={
            "plan_id": str(plan_id),
            "document_id": str(document_id),
            "title": title,
            "filename": form.filename,
            "media_type": facts.media_type,
            "size_bytes": form.size,
            "sha256": form.sha256,
            "channels": channels,
            "priority": wanted.priority,
        },
        actor=request.state.principal.name,
        scope=request.state.principal.caller,
        again=wanted.again,
        key=key,
        request_hash=hashlib.sha256(json.dumps(asked).encode()).hexdigest() if key else "",
        causation_id=request.state.request_id,
        traceparent=request.state.traceparent,
        address=address(request),
        unnamed=wanted.unnamed,
    )
