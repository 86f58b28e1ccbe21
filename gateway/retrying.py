"""Operators' commands to records that wait for another attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from gateway.errors import Problem, not_found
from gateway.services import Services


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one record; `problem` says why nothing did."""

    record_id: str
    outcome: str
    problem: Problem | None


async def retry_now(request: Request, ids: Sequence[str]) -> list[Result]:
    """Send records on their way at once."""
    state = request.state
    return await _ask(request, "select flow.retry_now($1, $2, $3)", ids, state.principal.name, state.request_id)


async def give_up(request: Request, ids: Sequence[str], reason: str) -> list[Result]:
    """Make dead letters of records."""
    state = request.state
    return await _ask(
        request, "select flow.give_up($1, $2, $3, $4)", ids, reason, state.principal.name, state.request_id
    )


async def _ask(request: Request, sql: str, ids: Sequence[str], *more: str) -> list[Result]:
    services: Services = request.state.services
    answers = await services.pool.fetchval(sql, list(ids), *more)
    services.publishing.wake()
    return [_result(orjson.loads(answer)) for answer in answers]


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
