"""Operators' commands that are no plan's and no task's: breakers and flags. Each leaves a trace of who did it."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request

from gateway.errors import not_found
from gateway.services import Services

Outcome = Literal["accepted", "unchanged"]


async def act_on_breaker(
    request: Request, name: str, action: Literal["trip", "reset"], reason: str, for_seconds: float | None = None
) -> Outcome:
    """Open or close a breaker. Raises Problem 404 where there is none to close."""
    services: Services = request.state.services
    actor, request_id = request.state.principal.name, request.state.request_id
    async with services.pool.acquire() as connection, connection.transaction():
        if action == "trip":
            said = reason or f"opened by {actor}"
            changed = await connection.fetchval(
                "select flow.breaker_trip($1, $2, $3, $4)", name, said, for_seconds, actor
            )
        else:
            if not await connection.fetchval("select exists (select 1 from flow.breaker where name = $1)", name):
                raise not_found("circuit breaker", f"'{name[:80]}'")
            said = reason or f"closed by {actor}"
            changed = await connection.fetchval("select flow.breaker_reset($1, $2, $3)", name, said, actor)
        outcome: Outcome = "accepted" if changed else "unchanged"
        await connection.execute(
            "select flow.audit($1, $2, $3, $4, $5, $6)",
            f"breaker:{name}",
            f"breaker.{action}",
            name,
            outcome,
            request_id,
            actor,
        )
    services.publishing.wake()
    return outcome


async def switch_flag(request: Request, name: str, *, enabled: bool, reason: str) -> Outcome:
    """Switch a feature. Raises Problem 404 for one that does not exist."""
    services: Services = request.state.services
    outcome: str = await services.pool.fetchval(
        "select flow.flag_switch($1, $2, $3, $4, $5)",
        name,
        enabled,
        reason,
        request.state.request_id,
        request.state.principal.name,
    )
    if outcome == "not_found":
        raise not_found("flag", f"'{name[:80]}'")
    services.publishing.wake()
    return "accepted" if outcome == "accepted" else "unchanged"
