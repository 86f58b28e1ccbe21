"""What a person has the watchdog do about one plan that waits for the system, at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal
from uuid import UUID

from starlette.requests import Request

from gateway.audit.writing import Entry, audited
from gateway.operations.plan_command import row_of
from gateway.problems.problem import Problem, invalid, not_found
from gateway.services.services import Services
from schemas.process import telemetry

How = Literal["recover", "move_on"]
Outcome = Literal["accepted", "unchanged"]
#: Who asks for it has to say why: what the plan goes on without is missing for good.
SAYS_WHY: Final[How] = "move_on"


async def ask_recovery(request: Request, plan_id: UUID, how: How, channels: Sequence[str], reason: str) -> Outcome:
    """Ask for it. Raises Problem 404, 409 for a plan that waits for nothing of the system's, 422 without a reason."""
    if how == SAYS_WHY and not reason.strip():
        raise invalid(("reason", "say why: it stands in the plan's history"))
    services: Services = request.state.services
    row = row_of(request, f"plan.{how}", plan_id)
    asked = sorted(set(channels))
    async with audited(request) as telling:
        outcome: str = await telling.db.fetchval(
            "select decide.ask_recovery($1::decide.command, $2, $3::text[], $4)", row, how, asked, reason
        )
        after = {"channels": asked}
        telling.tell(Entry(f"plan.{how}", "plan", str(plan_id), plan_id, outcome, None, after, reason))
    if outcome == "not_found":
        raise not_found("plan", plan_id)
    if outcome == "not_waiting":
        raise Problem("wrong-status", "The plan waits for nothing that the system does.", actions=[])
    services.publishing.wake()
    telemetry.link(
        await services.pool.fetchval("select traceparent from decide.head where stream = 'plan-' || $1::uuid", plan_id)
    )
    return "accepted" if outcome == "accepted" else "unchanged"
