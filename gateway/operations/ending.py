"""Ends one process in order at an operator's request; its supervisor starts it again."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from gateway.audit.writing import Entry, audited
from gateway.operations.outcome import Outcome
from gateway.problems.problem import invalid, not_found

_ASK: Final = "select flow.worker_ask($1, $2, $3, $4)"


async def end_process(request: Request, source: str, reason: str) -> Outcome:
    """Ask a process to end. Raises Problem 404 where none of this name lives, and 422 without a reason."""
    if not reason.strip():
        raise invalid(("reason", "say why: everybody sees it, and it stays in the audit"))
    async with audited(request) as telling:
        outcome: str = await telling.db.fetchval(
            _ASK, source, reason, request.state.request_id, request.state.principal.name
        )
        telling.tell(Entry("process.end", "process", source, outcome=outcome, reason=reason))
    if outcome == "not_found":
        raise not_found("running process", f"'{source[:80]}'")
    return "accepted" if outcome == "accepted" else "unchanged"
