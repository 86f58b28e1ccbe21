"""Find the plan that the same file led to before."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gateway.commands.answer import Answer
from gateway.problems.problem import Problem
from gateway.services.services import Services


async def duplicate_of(
    services: Services, answer: Answer, detail: str, channels: Sequence[str] = (), found: Sequence[str] = ()
) -> Problem:
    """Return the problem of a file that led to a plan before, with that plan and where it stands now.

    `channels` are those of the plan, `found` those that the document tells of, where it was read again.
    """
    more = {name: list(value) for name, value in (("channels", channels), ("found", found)) if value}
    path = f"/api/marketplace/analysis/{UUID(answer.plan_id)}"
    return Problem(
        "duplicate",
        detail,
        planId=answer.plan_id,
        currentStatus=await _status_now(services, answer),
        links={"self": path, "events": f"{path}/events", "tasks": f"{path}/tasks"},
        **more,  # type: ignore[arg-type] # members of the body: none of them is `headers`
    )


async def _status_now(services: Services, answer: Answer) -> str:
    """Return where the plan stands: its head follows the log with the next decision only, the read model by itself."""
    status: str | None = await services.reader.fetchval(
        "select p.status from rm.plan p join decide.head h on h.stream = 'plan-' || p.plan_id"
        " where p.plan_id = $1::uuid and p.version >= h.version",
        answer.plan_id,
    )
    return status or answer.status
