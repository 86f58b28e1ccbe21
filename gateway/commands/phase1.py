"""Phase 1 before there is one: what an approval would make, and what a person gives in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from gateway.access.authenticate import forbidden
from gateway.access.roles import Principal, Role
from gateway.problems.problem import Problem, wrong_values
from gateway.shapes.phase1 import GivenPhase1
from projections.plans import reads as plans
from projections.reads.rows import Reader
from schemas.lifecycle import PlanStatus
from schemas.phase1 import Phase1, phase1_of

#: Who may give Phase 1: it goes before what the plan and its rules say.
NEEDED: Final = Role.OPERATOR
#: What to do where Phase 1 exists already, by the plan's status.
INSTEAD: Final[dict[str, str]] = {
    PlanStatus.APPROVED: "Its Phase 1 is being made: cancel the tasks that are not wanted as soon as they are there.",
    PlanStatus.EXECUTING: (
        "Its Phase 1 exists: cancel the tasks that are not wanted, or cancel the plan and upload it again."
    ),
    PlanStatus.COMPLETED: "Its Phase 1 is done: upload the document again, with again=true, for another plan.",
}


def preview(plan: plans.Plan) -> Phase1 | None:
    """Return the Phase 1 that an approval would make by the rules, None where no approval is awaited."""
    if plan.status != PlanStatus.AWAITING_APPROVAL:
        return None
    made = phase1_of({"phases": plan.phases, "opportunities": plan.opportunities, "channels": plan.channels})
    concerned = {task["channel"] for task in made.tasks}
    sources = {c.source for c in plan.channel_results if c.status == "analyzed" and c.channel in concerned}
    return replace(made, origin="rules") if made.origin == "agent" and sources == {"rules"} else made


async def approval(
    db: Reader, plan_id: UUID, reason: str, given: GivenPhase1 | None, principal: Principal
) -> dict[str, Any]:
    """Return the payload of the command plan.approve.

    Raises Problem: 403 for a role that may not give Phase 1, 422 where it names what the plan does not have.
    """
    if given is None:
        return {"reason": reason}
    if not principal.role.includes(NEEDED):
        raise forbidden(principal, NEEDED)
    parts = await plans.parts_of(db, plan_id)
    if parts is not None:  # of a plan that is not known the command says so
        wrong = _strange(given, *parts)
        if wrong:
            raise wrong_values(*wrong)
    tasks = [
        {
            "title": task.title,
            "what": task.what,
            "channel": task.channel or "",
            "priority": task.priority,
            "opportunity_id": task.opportunity_id or None,
            **({"also_serves": task.also_serves} if task.also_serves else {}),
        }
        for task in given.tasks
    ]
    phase1 = {
        "name": given.name,
        "weeks": given.weeks,
        "investment": given.investment,
        "expected_impact": given.expected_impact,
        "tasks": tasks,
        "reason": given.reason,
    }
    # only where it says something: a relay of an older version leaves an event with an unknown field waiting
    return {"reason": reason or given.reason, "phase1": phase1}


def _strange(
    given: GivenPhase1, channels: Sequence[str], opportunities: set[str]
) -> list[tuple[tuple[str | int, ...], str]]:
    found: list[tuple[tuple[str | int, ...], str]] = []
    for n, task in enumerate(given.tasks):
        if task.channel is not None and task.channel not in channels:
            message = f"is no channel of this plan: it has {', '.join(channels)}"
            found.append((("phase1", "tasks", n, "channel"), message))
        if task.opportunity_id and task.opportunity_id not in opportunities:
            found.append((("phase1", "tasks", n, "opportunityId"), "is no opportunity of this plan"))
        for m, served in enumerate(task.also_serves):
            if served not in opportunities:
                found.append((("phase1", "tasks", n, "alsoServes", m), "is no opportunity of this plan"))
    return found


def with_advice(problem: Problem, given: GivenPhase1 | None) -> Problem:
    """Return the refusal of an approval, saying what to do instead where Phase 1 came too late."""
    instead = INSTEAD.get(str(problem.extra.get("currentStatus"))) if given is not None else None
    if problem.kind != "wrong-status" or instead is None:
        return problem
    status = problem.extra["currentStatus"]
    return Problem("wrong-status", f"The plan is {status}, so it takes no other Phase 1. {instead}", **problem.extra)
