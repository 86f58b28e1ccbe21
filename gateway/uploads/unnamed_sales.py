"""A person says of which channel those sales of a plan's document are that name none: a plan is made of them, once.

The document is not read anew: the figures of these sales are kept beside those of its channels.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from starlette.requests import Request

from gateway.commands.answer import Answer
from gateway.intake.said_channel import choosable, said_of
from gateway.problems.problem import Problem, invalid, unavailable
from gateway.services.services import Services
from gateway.uploads import mapping_store, sold_store
from gateway.uploads.duplicates import duplicate_of
from gateway.uploads.mapping_store import Said
from gateway.uploads.other_channels import Source, decided, source_of, upload_of
from projections.reads.unnamed import answer_of
from schemas.channels import channel_name
from schemas.lifecycle import PLAN
from schemas.process.connection import Db

#: The first answer stands; another one takes its place once the plan of the first was given up.
_KEEP: Final = """
    insert into decide.unnamed_answer as a (plan_id, channel, made_plan_id) values ($1, $2, $3::uuid)
    on conflict (plan_id) do update
       set channel = excluded.channel, made_plan_id = excluded.made_plan_id, answered_at = now()
     where exists (select from decide.head h where h.stream = 'plan-' || a.made_plan_id and h.status = any ($4))
    returning true"""


class _AnsweredBefore(Exception):  # noqa: N818 - it says what it is
    """Somebody has said of which channel these sales are."""


async def analyse_unnamed(request: Request, plan_id: UUID, channel: str, key: str | None) -> Answer:
    """Put a plan of the sales that name no channel on its way, as those of this one; the answer is `accepted`.

    Raises Problem: 404, 422, and 409 `duplicate` with the plan that was made of them before, as of this channel or
    another one.
    """
    services: Services = request.state.services
    source = await source_of(services, plan_id)
    _demand_unnamed(source, channel)
    facts = sold_store.apart(said_of(source.document.facts, channel))
    asked = upload_of(request, source, facts, [channel], key, unnamed=channel)

    async def keep(db: Db) -> None:
        given_up = [str(status) for status in PLAN.given_up]
        if not await db.fetchval(_KEEP, plan_id, channel, asked.plan_id, given_up):
            raise _AnsweredBefore
        tables = source.document.facts.tables
        said = Said({}, channels={one.header_id: channel for one in tables if one.unnamed and one.header_id})
        await mapping_store.keep(db, said, (), source.plan.filename, asked.actor, source.team)

    try:
        return await decided(request, source, asked, keep)
    except _AnsweredBefore:
        raise await _answered(services, plan_id) from None


async def _answered(services: Services, plan_id: UUID) -> Problem:
    found = await answer_of(services.reader, plan_id)
    if found is None or found.made_plan_id is None:
        return unavailable("The plan of these sales was given up meanwhile. Nothing was changed: ask again.")
    before = Answer("duplicate", found.status, plan_id=str(found.made_plan_id))
    detail = (
        f"These sales were said to be of {channel_name(found.channel)}: see their plan."
        " Another answer takes its place once that plan is rejected or cancelled."
    )
    return await duplicate_of(services, before, detail)


def _demand_unnamed(source: Source, channel: str) -> None:
    facts = source.document.facts
    if facts.unnamed is None:
        raise invalid(("unnamed", "the document has no sales that name no channel"))
    if channel not in choosable(facts.channels):
        joined = f"upload the file again with unnamed={channel}, and they are read together"
        raise invalid(("unnamed", f"the document has other sales of {channel}, and sums do not join: {joined}"))
