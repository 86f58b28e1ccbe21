"""Operators' actions on circuit breakers and flags. Each is in the audit."""

from __future__ import annotations

from typing import Any, Final, Literal

import asyncpg
from starlette.requests import Request

from gateway.audit.texts import text
from gateway.audit.writing import Entry, audited
from gateway.operations.outcome import Outcome
from gateway.problems.problem import Problem, invalid, not_found
from gateway.services.services import Services

#: The most names that a refusal lists.
LISTED: Final = 40
_EXISTS: Final = """
    select exists (select 1 from flow.breaker where name = $1)
        or ($1 like 'plan:%' and exists (select 1 from decide.head where stream = 'plan-' || substr($1, 6)))
"""


async def act_on_breaker(
    request: Request, name: str, action: Literal["trip", "reset"], reason: str, for_seconds: float | None = None
) -> Outcome:
    """Open or close a breaker. Raises Problem 404 where there is none."""
    services: Services = request.state.services
    actor, request_id = request.state.principal.name, request.state.request_id
    reason = await text(request, reason)
    async with audited(request) as telling:
        connection = telling.db
        await _must_exist(connection, name)
        before = await connection.fetchval("select state from flow.breaker where name = $1 for update", name)
        if action == "trip":
            said = reason or f"opened by {actor}"
            changed = await connection.fetchval(
                "select flow.breaker_trip($1, $2, $3, $4)", name, said, for_seconds, actor
            )
        else:
            said = reason or f"closed by {actor}"
            changed = await connection.fetchval("select flow.breaker_reset($1, $2, $3)", name, said, actor)
        outcome: Outcome = "accepted" if changed else "unchanged"
        await connection.execute(
            "select flow.audit($1, $2, $3, $4, $5, $6, $7)",
            f"breaker:{name}",
            f"breaker.{action}",
            name,
            outcome,
            request_id,
            actor,
            reason,
        )
        telling.tell(
            Entry(
                f"breaker.{action}",
                "breaker",
                name,
                outcome=outcome,
                before={"state": before or "closed"},
                after={"state": "open" if action == "trip" else "closed", "for_seconds": for_seconds},
                reason=reason,
            )
        )
    services.publishing.wake()
    return outcome


async def _must_exist(connection: asyncpg.Connection | asyncpg.pool.PoolConnectionProxy[Any], name: str) -> None:
    """Raise Problem 404 for a name that nobody asks: its breaker would open and hold nothing back."""
    if await connection.fetchval(_EXISTS, name):
        return
    rows = await connection.fetch(
        "select name from flow.breaker where name like 'agent:%' order by name limit $1", LISTED
    )
    known = ", ".join(row["name"] for row in rows) or "none yet, a runner with an agent makes its own known"
    detail = f"There is no circuit breaker '{name[:80]}'. There are: {known}; and plan:<id> of each plan."
    raise Problem("not-found", detail, code="no-such-breaker")


async def switch_flag(request: Request, name: str, *, enabled: bool, reason: str) -> Outcome:
    """Switch a feature on or off. Raises Problem 404 for one that does not exist, 422 for off without a reason."""
    services: Services = request.state.services
    if not enabled and not reason.strip():
        raise invalid(("reason", "say why: everybody is told while it is off"))
    reason = await text(request, reason)
    async with audited(request) as telling:
        outcome: str = await telling.db.fetchval(
            "select flow.flag_switch($1, $2, $3, $4, $5)",
            name,
            enabled,
            reason,
            request.state.request_id,
            request.state.principal.name,
        )
        was = enabled if outcome == "unchanged" else not enabled
        telling.tell(
            Entry(
                "flag.on" if enabled else "flag.off",
                "flag",
                name,
                outcome=outcome,
                before=None if outcome == "not_found" else {"enabled": was},
                after=None if outcome == "not_found" else {"enabled": enabled},
                reason=reason,
            )
        )
    if outcome == "not_found":
        raise not_found("flag", f"'{name[:80]}'")
    services.publishing.wake()
    return "accepted" if outcome == "accepted" else "unchanged"
