"""Analyse more channels of a document that was uploaded before: another plan from its stored figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from starlette.requests import Request

from gateway.audit.writing import address
from gateway.commands.answer import Answer
from gateway.commands.commands import Upload, WithIt
from gateway.problems.problem import Problem, invalid, not_found, unavailable
from gateway.services.services import Services
from gateway.uploads.duplicates import duplicate_of
from gateway.uploads.upload_team import closed, team_of
from projections.plans import reads as plans
from projections.reads import documents
from projections.reads.documents import Document
from schemas.process.connection import Db
from schemas.process.places import new_plan_id

#: Whoever erases the document has this lock, and waits until the plan of it is decided, or has been waited for.
_LOCK: Final = "select true from decide.head where stream = 'plan-' || $1 for share"
_KEPT: Final = "select exists (select from decide.document where plan_id = $1)"
#: When the names of a plan's document were erased.
_ERASED: Final = "select erased_at from decide.data_key where plan_id = $1"


@dataclass(frozen=True, slots=True)
class Source:
    """A plan with its document, of which another plan is made. `erased_at`: when their names were erased."""

    plan: plans.Plan
    document: Document
    team: str | None
    erased_at: datetime | None


async def analyse_channels(request: Request, plan_id: UUID, channels: list[str], key: str | None) -> Answer:
    """Put a plan for other channels of a plan's document on its way; the answer is `accepted`.

    Raises Problem: 404, 422, and 409 `duplicate` with the plan that was made for these channels before. The document
    is not read anew: its figures are of all its channels.
    """
    source = await source_of(request.state.services, plan_id)
    _demand_figures(source.document, channels)
    # who the sales are of that name no channel is asked once, where the document was uploaded
    facts = replace(source.document.facts, unnamed=None).to_dict()
    return await decided(request, source, upload_of(request, source, facts, channels, key))


async def source_of(services: Services, plan_id: UUID) -> Source:
    """Return the plan and its document. Raises Problem 404."""
    erased_at = await services.pool.fetchval(_ERASED, plan_id)
    plan = await plans.get(services.reader, plan_id)
    document = await documents.of_plan(services.reader, plan_id)
    if document is None:
        raise not_found("document that is kept for the plan", plan_id)
    if plan is None:
        raise not_found("plan", plan_id)
    return Source(plan, document, await team_of(services.pool, plan_id), erased_at)


async def decided(request: Request, source: Source, asked: Upload, with_it: WithIt | None = None) -> Answer:
    """Make the other plan, and do `with_it` in the same transaction. Raises Problem 404, 409, 422 and 503."""
    services: Services = request.state.services
    plan_id = source.plan.plan_id

    async def demand_kept(db: Db) -> None:
        """Make no plan of what is erased while this is decided."""
        await db.execute(_LOCK, str(plan_id))
        if not await db.fetchval(_KEPT, plan_id):
            raise not_found("document that is kept for the plan", plan_id)
        if await db.fetchval(_ERASED, plan_id) != source.erased_at:
            raise unavailable("What the document is called was erased meanwhile. Nothing was changed: ask again.")
        if with_it is not None:
            await with_it(db)

    answer = await services.commands.upload(asked, demand_kept)
    services.metrics.command("plan.upload", answer.outcome)
    if answer.outcome == "duplicate":
        raise await duplicate_of(services, answer, "These channels of this file have a plan: see it.")
    if answer.outcome == "team_closed":
        raise closed()
    if answer.outcome == "key_reused":
        raise Problem("key-reused", "This Idempotency-Key came with another request before. Take a new key.")
    return answer


def _demand_figures(document: Document, channels: list[str]) -> None:
    there = [facts.channel for facts in document.facts.channels]
    wrong = [c for c in channels if c not in there]
    if wrong:
        known = f"it has {', '.join(there)}" if there else "it has none of any"
        raise invalid(*(("channels", f"the document has no figures of {c}: {known}") for c in wrong))


def upload_of(
    request: Request,
    source: Source,
    facts: Mapping[str, Any],
    channels: list[str],
    key: str | None,
    unnamed: str = "",
) -> Upload:
    """Return the upload of the same document as another plan. `unnamed`: the channel that a person said of it."""
    plan, document = source.plan, source.document
    plan_id, document_id = str(new_plan_id(plan.priority)), str(uuid4())
    asked = [str(plan.plan_id), channels, *([unnamed] if unnamed else [])]
    return Upload(
        plan_id=plan_id,
        document_id=document_id,
        sha256=document.sha256,
        channels=channels,
        facts={**facts, "team": source.team},
        data={
            "plan_id": plan_id,
            "document_id": document_id,
            "title": plan.title,
            "filename": plan.filename,
            "media_type": plan.media_type,
            "size_bytes": plan.size_bytes,
            "sha256": document.sha256,
            "channels": channels,
            "priority": plan.priority,
        },
        actor=request.state.principal.name,
        scope=request.state.principal.caller,
        key=key,
        request_hash=hashlib.sha256(json.dumps(asked).encode()).hexdigest() if key else "",
        causation_id=request.state.request_id,
        traceparent=request.state.traceparent,
        address=address(request),
        unnamed=unnamed,
        of_plan=str(plan.plan_id) if unnamed else "",
    )
