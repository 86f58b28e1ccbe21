"""A person's request that the watchdog recovers waiting plans at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from starlette.requests import Request

from gateway.audit.texts import text
from gateway.audit.writing import Entry, audited
from gateway.operations.outcome import Outcome
from gateway.operations.plan_command import row_of
from gateway.problems.problem import Problem, invalid, not_found
from gateway.services.services import Services
from gateway.shapes.recovery import MOST
from projections.reads.stalled_plans import unasked
from schemas.process import telemetry

How = Literal["recover", "move_on"]
#: It needs a reason, because the plan lacks for good what it goes on without.
SAYS_WHY: Final[How] = "move_on"
#: Plans whose recovery one transaction requests.
_CHUNK: Final = 50
_ASK: Final = """
    select decide.ask_recovery(($1::decide.command[])[n], 'recover', '{}'::text[], $2::text)
      from generate_subscripts($1::decide.command[], 1) n order by n"""


@dataclass(frozen=True, slots=True)
class Recovered:
    """The outcome for each plan, and how many stalled plans still have no request.

    An outcome is accepted, unchanged, not_waiting or not_found.
    """

    outcomes: dict[UUID, str]
    left: int = 0


async def recover_stalled(request: Request, reason: str, among: Sequence[UUID] | None = None) -> Recovered:
    """Request the recovery of every stalled plan, or of those `among` the given: at most `MOST`, the latest first.

    An earlier request for a plan stays as it is. The next call goes on with the plans that are left.
    """
    ids, left = await unasked(request.state.services.pool, MOST, among)
    return Recovered((await recover_these(request, ids, reason)).outcomes, left)


async def recover_these(request: Request, ids: Sequence[UUID], reason: str) -> Recovered:
    """Request the recovery of these plans, several in one transaction, with an audit entry for each.

    A repeated request begins no second recovery. After a failure midway the earlier requests stand.
    """
    outcomes: dict[UUID, str] = {}
    reason = await text(request, reason)
    ordered = sorted(set(ids))  # whoever locks several does so in one order
    for at in range(0, len(ordered), _CHUNK):
        some = ordered[at : at + _CHUNK]
        rows = [row_of(request, "plan.recover", plan_id) for plan_id in some]
        async with audited(request) as telling:
            told = [row[0] for row in await telling.db.fetch(_ASK, rows, reason)]
            outcomes |= zip(some, told, strict=True)
            for plan_id, outcome in zip(some, told, strict=True):
                after: dict[str, list[str]] = {"channels": []}
                telling.tell(Entry("plan.recover", "plan", str(plan_id), plan_id, outcome, None, after, reason))
        request.state.services.publishing.wake()
    return Recovered({plan_id: outcomes[plan_id] for plan_id in ids})


async def ask_recovery(request: Request, plan_id: UUID, how: How, channels: Sequence[str], reason: str) -> Outcome:
    """Request a plan's recovery. Raises Problem 404, 409 if it does not wait for the system, 422 without a reason."""
    if how == SAYS_WHY and not reason.strip():
        raise invalid(("reason", "say why: it stands in the plan's history"))
    services: Services = request.state.services
    reason = await text(request, reason)
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
