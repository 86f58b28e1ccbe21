"""Starts the next phase of a plan, which makes its tasks: for the API and for the pages."""

from __future__ import annotations

import time
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request

from gateway.commands import deciding
from gateway.commands.answer import Answer
from gateway.commands.deciding import Asked
from gateway.problems.problem import Problem, not_found
from projections.plans import reads as plans
from schemas.later_phases import next_phase, tasks_of
from schemas.lifecycle import PhaseAction
from schemas.typed.parts import PhaseData

COMMAND: Final = f"plan.phase.{PhaseAction.START}"


async def start(request: Request, asked: Asked, plan_id: UUID, number: int) -> Answer:
    """Decide the command: accepted, or unchanged if that phase has begun already.

    The answer may be a refusal. Raises Problem 404 if the plan or the phase does not exist, 409 if another phase comes
    first.
    """
    plan = await plans.get(request.state.services.reader, plan_id)
    if plan is None:
        raise not_found("plan", plan_id)
    return await deciding.decide(request, asked, COMMAND, plan_id, _data(plan, number))


def _data(plan: plans.Plan, wanted: int) -> dict[str, Any]:
    """Return the fields of the event. For a phase that has begun, the number is enough: the decider knows the rest."""
    if wanted <= plan.phase:
        return {"phase": wanted}
    # the phases are those of the approval: nothing changes them after it
    following = next_phase(plan.phases, plan.phase)
    if following is None or all(phase["number"] != wanted for phase in plan.phases):
        told = "" if following is None else f" after {plan.phase} comes {following['number']}"
        raise not_found(f"phase of plan {plan.plan_id} to begin", f"{wanted};{told}" if told else str(wanted))
    if following["number"] != wanted:
        raise Problem("wrong-status", f"Phase {following['number']} comes before phase {wanted}.", actions=[])
    return {"phase": wanted, **_contents(plan, following)}


def _contents(plan: plans.Plan, phase: PhaseData) -> dict[str, Any]:
    return {
        "name": phase["name"],
        "weeks": phase["weeks"],
        "investment": phase["investment"],
        "expected_impact": phase["expected_impact"],
        "tasks": tasks_of(str(plan.plan_id), phase, time.time_ns() // 1000),
    }


def refusal(answer: Answer, plan_id: UUID) -> Problem | None:
    """Return why the command was refused; None if it was not."""
    if answer.outcome == "wrong_status":
        why = ": a phase begins once every task of the one before has ended."
        return deciding.wrong_status(answer, "plan", why)
    return deciding.refusal(answer, "plan", plan_id, COMMAND)
