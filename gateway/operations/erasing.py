"""Erases the document of a plan: its figures and excerpt, and what it was called, in the log as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.requests import Request

from gateway.audit.texts import text
from gateway.audit.writing import Entry, audited
from gateway.operations.outcome import Outcome
from gateway.operations.plan_command import row_of
from gateway.problems.problem import Problem, invalid, not_found

_ENCRYPTED: Final = "select exists (select from decide.data_key where plan_id = $1)"


@dataclass(frozen=True, slots=True)
class Erased:
    """The outcome.

    `named_in_log`: the plan predates encryption, so the log holds its document's name until it is cleared.
    """

    outcome: Outcome
    named_in_log: bool


async def erase(request: Request, plan_id: UUID, reason: str) -> Erased:
    """Erase a plan's document for good.

    Raises Problem 404, 409 while the system works on the plan, 422 without a reason.
    """
    if not reason.strip():
        raise invalid(("reason", "say why: it stands in the plan's history, and nothing brings the document back"))
    reason = await text(request, reason)
    row = row_of(request, "plan.erase", plan_id)
    async with audited(request) as telling:
        encrypted: bool = await telling.db.fetchval(_ENCRYPTED, plan_id)
        outcome: str = await telling.db.fetchval("select decide.erase($1::decide.command, $2)", row, reason)
        telling.tell(Entry("plan.erase", "plan", str(plan_id), plan_id, outcome, reason=reason))
    if outcome == "not_found":
        raise not_found("plan", plan_id)
    if outcome == "working":
        what = "The system still works on the plan, and reads its document: ask again when it waits for a person."
        raise Problem("wrong-status", what, actions=[])
    request.state.services.publishing.wake()
    return Erased("accepted" if outcome == "accepted" else "unchanged", not encrypted)
