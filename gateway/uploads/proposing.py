"""An agent proposes which column is which, where a person asks for it: checked against the cells, shown, and confirmed.

It is never applied by itself. What leaves are the columns' names and their masked cells, as the page shows them. The
runner asks, so that deadline, breaker, budget and costs are those of every call to an agent.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.requests import Request

from gateway.audit.writing import Entry, tell
from gateway.intake import Mappings
from gateway.intake.fields import GOODS_LABELS, IGNORE, PROPOSED, SHARED, choosable_fields
from gateway.intake.refused import Refused
from gateway.services.services import Services
from gateway.uploads.document_read import DocumentRead
from gateway.uploads.multipart import Form
from gateway.uploads.uploading import read_arrived
from gateway.uploads.wanted import Wanted
from projections.reads.processes import has_agent
from schemas.facts import TableRead

#: How long a person waits for a proposal, in seconds.
WAIT_S: Final = 45.0
LOOK_S: Final = 0.2
#: Tables of one document that an agent is asked about, and columns of each.
MAX_TABLES: Final = 3
MAX_COLUMNS: Final = 120
_ASK: Final = """
    insert into flow.column_proposal (question, until, request_id, traceparent)
    values ($1, now() + make_interval(secs => $2), $3, $4) returning proposal_id"""
_LOOK: Final = "select answer from flow.column_proposal where proposal_id = $1"
_GIVE_UP: Final = "update flow.column_proposal set until = now() where proposal_id = $1 and taken_at is null"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A part of an answer that does not count: `why` is unknown_field, unknown_column, twice, or cells."""

    column: str
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An agent's proposal for columns, and the parts that were dropped; or `code`: why there is none."""

    agent: str = ""
    columns: Mappings = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)
    code: str = ""  # "" where something is proposed
    reason: str = ""


async def offered(request: Request) -> bool:
    """Say whether there is an agent to ask."""
    services: Services = request.state.services
    return await has_agent(services.pool)


async def propose(request: Request, form: Form, wanted: Wanted, read: DocumentRead) -> Proposal:
    """Ask an agent about the tables that ask, and hold its answer to the fields and the cells. Raises Silent.

    `read` is the document without a mapping. Whatever the agent does, this answers, within `WAIT_S`.
    """
    tables = [table for table in read.facts.tables if table.asks][:MAX_TABLES]
    if not tables:
        return Proposal(code="nothing-to-ask")
    if not await offered(request):
        return Proposal(code="no-agent")
    said = await asyncio.gather(*(_ask(request, _question(table, wanted)) for table in tables))
    answers = {table.header_id: answer for table, answer in zip(tables, said, strict=True)}
    failed = next((answer for answer in said if "columns" not in answer), {})
    good = {header_id: answer for header_id, answer in answers.items() if answer.get("columns")}
    agent = next((str(answer["agent"]) for answer in said if answer.get("agent")), "")
    after = {"agent": agent, "tables": len(tables), "columns": sum(len(answer["columns"]) for answer in good.values())}
    outcome = "accepted" if good else str(failed.get("code", "unexpected"))
    await tell(request, Entry("mapping.propose", "document", form.sha256, outcome=outcome, after=after))
    if not good:
        return Proposal(agent, code=str(failed.get("code", "unexpected")), reason=str(failed.get("reason", "")))
    dropped = [Dropped(**one) for answer in good.values() for one in answer["dropped"]]
    marked = {
        header_id: {c: f"{PROPOSED}{f}" for c, f in answer["columns"].items()} for header_id, answer in good.items()
    }
    return await _without_contradicted(request, form, wanted, Proposal(agent, marked, dropped))


async def _without_contradicted(request: Request, form: Form, wanted: Wanted, proposal: Proposal) -> Proposal:
    """Return the proposal without what the cells contradict: the document is read by it, as it would be."""
    try:
        seen = await read_arrived(request, form, wanted, proposal.columns)
    except Refused as refused:
        return Proposal(proposal.agent, code="unreadable", reason=refused.code)
    kept: Mappings = {}
    dropped = list(proposal.dropped)
    for table in seen.facts.tables:
        taken = {column.header: column.field for column in table.columns if column.by == "agent"}
        for column, name in proposal.columns.get(table.header_id, {}).items():
            plain = name.removeprefix(PROPOSED)
            if taken.get(column) == plain:
                kept.setdefault(table.header_id, {})[column] = plain
            else:
                dropped.append(Dropped(column, plain, "cells"))
    return Proposal(proposal.agent, kept, dropped, "" if kept else "nothing-holds")


def _question(table: TableRead, wanted: Wanted) -> dict[str, Any]:
    """Return what an agent is told: names of columns, masked cells, and the fields in words. Nothing else."""
    of_goods = {*SHARED, *GOODS_LABELS}
    fields = [one for one in choosable_fields() if wanted.channels or one["field"] in of_goods]
    return {
        "columns": [{"column": one.header, "cells": one.samples} for one in table.columns[:MAX_COLUMNS]],
        "fields": [{"field": one["field"], "means": one["en"]} for one in fields if one["field"] != IGNORE],
    }


async def _ask(request: Request, question: dict[str, Any]) -> dict[str, Any]:
    """Return the runner's answer, or why there is none."""
    said = request.state
    pool = said.services.pool
    proposal_id = await pool.fetchval(_ASK, orjson.dumps(question).decode(), WAIT_S, said.request_id, said.traceparent)
    try:
        async with asyncio.timeout(WAIT_S):
            while True:
                answer = await pool.fetchval(_LOOK, proposal_id)
                if answer is not None:
                    found: dict[str, Any] = orjson.loads(answer)
                    return found
                await asyncio.sleep(LOOK_S)
    except TimeoutError:
        return {"agent": "", "code": "agent-timeout", "reason": f"nobody answered within {WAIT_S:.0f} s"}
    finally:
        await pool.execute(_GIVE_UP, proposal_id)
