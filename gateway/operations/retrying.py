"""Operators' actions on records that wait for another attempt: retry now, give up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.requests import Request

from gateway.audit.texts import text
from gateway.audit.writing import Entry, Telling, audited
from gateway.problems.problem import Problem, not_found
from gateway.services.services import Services
from schemas.process import telemetry

#: The most records to whose traces the request's span is linked.
LINKED: Final = 32


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome for one record; `problem` says why nothing changed."""

    record_id: str
    outcome: str
    problem: Problem | None


async def retry_now(request: Request, ids: Sequence[str]) -> list[Result]:
    """Make parked records due at once."""
    state = request.state
    return await _ask(
        request, "retry.now", "", "select flow.retry_now($1, $2, $3)", ids, state.principal.name, state.request_id
    )


async def give_up(request: Request, ids: Sequence[str], reason: str) -> list[Result]:
    """Give parked records up: each becomes a dead letter."""
    state = request.state
    reason = await text(request, reason)
    return await _ask(
        request,
        "retry.give-up",
        reason,
        "select flow.give_up($1, $2, $3, $4)",
        ids,
        reason,
        state.principal.name,
        state.request_id,
    )


@asynccontextmanager
async def sending_again(request: Request, ids: Sequence[str]) -> AsyncIterator[Telling]:
    """Open a transaction that links the request's span with those of the records that it sends again."""
    services: Services = request.state.services
    async with audited(request) as telling:
        await telling.db.execute("select set_config('marketplace.request_trace', $1, true)", request.state.traceparent)
        yield telling
        if telemetry.enabled():
            for row in await telling.db.fetch(
                "select distinct traceparent from flow.parked where record_id = any($1) limit $2", list(ids), LINKED
            ):
                telemetry.link(row["traceparent"])
    services.publishing.wake()


async def _ask(request: Request, action: str, reason: str, sql: str, ids: Sequence[str], *more: str) -> list[Result]:
    async with sending_again(request, ids) as telling:
        answers = [orjson.loads(answer) for answer in await telling.db.fetchval(sql, list(ids), *more)]
        for said in answers:
            telling.tell(Entry(action, "record", said["record_id"], outcome=said["outcome"], reason=reason))
    return [_result(said) for said in answers]


def _result(said: dict[str, Any]) -> Result:
    record_id, outcome = said["record_id"], said["outcome"]
    problem: Problem | None = None
    match outcome:
        case "not_found":
            problem = not_found("waiting record", f"'{record_id[:120]}'")
        case "behind":
            problem = Problem(
                "wrong-status",
                f"It waits behind {said['behind']}, which came before it: decide about that one first.",
                currentStatus="behind",
                behind=said["behind"],
            )
        case "resolved":
            done = "was handled in the meantime" if said["state"] == "done" else "is a dead letter by now"
            problem = Problem("wrong-status", f"The record {done}.", currentStatus=said["state"])
    return Result(record_id, outcome, problem)
