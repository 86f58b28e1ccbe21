"""Analyse more channels of a document that was uploaded before: another plan from its stored figures."""

from __future__ import annotations

import hashlib
import json
from typing import Final
from uuid import UUID, uuid4

from starlette.requests import Request

from gateway.audit.writing import address
from gateway.commands.answer import Answer
from gateway.commands.commands import Upload
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


async def analyse_channels(request: Request, plan_id: UUID, channels: list[str], key: str | None) -> Answer:
    """Put a plan for other channels of a plan's document on its way; the answer is `accepted`.

    Raises Problem: 404, 422, and 409 `duplicate` with the plan that was made for these channels before. The document
    is not read anew: its figures are of all its channels.
    """
    services: Services = request.state.services
    erased_before = await services.pool.fetchval(_ERASED, plan_id)
    plan = await plans.get(services.reader, plan_id)
    document = await documents.of_plan(services.reader, plan_id)
    if document is None:
        raise not_found("document that is kept for the plan", plan_id)
    if plan is None:
        raise not_found("plan", plan_id)
    _demand_figures(document, channels)
    asked = _upload(request, plan, document, channels, key, await team_of(services.pool, plan_id))

    async def demand_kept(db: Db) -> None:
        """Make no plan of what is erased while this is decided."""
        await db.execute(_LOCK, str(plan_id))
        if not await db.fetchval(_KEPT, plan_id):
            raise not_found("document that is kept for the plan", plan_id)
        if await db.fetchval(_ERASED, plan_id) != erased_before:
            raise unavailable("What the document is called was erased meanwhile. Nothing was changed: ask again.")

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


def _upload(
    request: Request, plan: plans.Plan, document: Document, channels: list[str], key: str | None, team: str | None
) -> Upload:
    plan_id, document_id = str(new_plan_id()), str(uuid4())
    asked = [str(plan.plan_id), channels]
    return Upload(
        plan_id=plan_id,
        document_id=document_id,
        sha256=document.sha256,
        channels=channels,
        facts={**document.facts.to_dict(), "team": team},
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
    )
