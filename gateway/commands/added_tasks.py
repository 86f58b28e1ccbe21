"""Adds a task to a plan that is being worked on, and changes what a task says: for the API and for the pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID, uuid4

from starlette.requests import Request

from gateway.commands import deciding
from gateway.commands.answer import Answer
from gateway.commands.deciding import Asked
from gateway.problems.problem import Problem, wrong_values
from gateway.shapes.added_tasks import AddedTask, ChangedText
from projections.plans import reads as plans
from schemas.lifecycle import AddedAction, PlanStatus, TextAction
from schemas.plan import ADDED_TASK_LIMIT

ADD: Final = f"plan.task.{AddedAction.ADD}"
CHANGE: Final = f"task.text.{TextAction.CHANGE}"
#: What to do where a plan takes no task, by its status.
INSTEAD: Final[dict[str, str]] = {
    PlanStatus.ANALYZING: "Nothing of it is decided yet: wait for its analysis.",
    PlanStatus.AWAITING_APPROVAL: "Approve it first, with tasks of your own if you like.",
    PlanStatus.APPROVED: "Its Phase 1 is being made: try again in a moment.",
    PlanStatus.COMPLETED: "It has ended. If it has another phase, start that one; else upload the document again.",
}


async def add(request: Request, asked: Asked, plan_id: UUID, given: AddedTask) -> Answer:
    """Decide the command; an accepted answer names the task. Raises Problem 422 for what the plan does not have."""
    parts = await plans.parts_of(request.state.services.reader, plan_id)
    if parts is not None and (wrong := not_of_plan(given, *parts)):
        raise wrong_values(*wrong)
    channels = parts[0] if parts is not None else []  # of a plan that is not known the command says so
    data = {
        "task_id": str(uuid4()),
        "title": given.title,
        "what": given.what,
        "channel": given.channel or next(iter(channels), ""),
        "priority": given.priority,
        "opportunity_id": given.opportunity_id or None,
        "due_on": given.due_on.isoformat() if given.due_on else None,
        "reason": given.reason,
    }
    return await deciding.decide(request, asked, ADD, plan_id, data)


async def change(request: Request, asked: Asked, task_id: UUID, given: ChangedText) -> Answer:
    """Decide the command. The answer may be a refusal."""
    data = {"title": given.title, "what": given.what, "reason": given.reason}
    return await deciding.decide(request, asked, CHANGE, task_id, data)


def refusal_to_add(answer: Answer, plan_id: UUID) -> Problem | None:
    """Return why a task was not added; None if it was."""
    if answer.outcome == "wrong_status":
        instead = INSTEAD.get(answer.status, "Nothing can be done with it any more.")
        return deciding.wrong_status(answer, "plan", f", so it takes no further task. {instead}")
    if answer.outcome == "too_many_tasks":
        return Problem(
            "too-many-tasks",
            f"People have added {ADDED_TASK_LIMIT} tasks to this plan, the most that it takes, those that ended"
            " included. Write what is left into a task that is open: change its text, or comment on it. What is more"
            " than this plan's belongs to another one: upload the newer document.",
            limit=ADDED_TASK_LIMIT,
            currentStatus=answer.status,
            version=answer.version,
        )
    return deciding.refusal(answer, "plan", plan_id, ADD)


def refusal_to_change(answer: Answer, task_id: UUID) -> Problem | None:
    """Return why what a task says was not changed; None if it was."""
    if answer.outcome == "wrong_status":
        return deciding.wrong_status(answer, "task", ", so what it says stays as it is. Comment on it instead.")
    return deciding.refusal(answer, "task", task_id, CHANGE)


def not_of_plan(
    given: AddedTask, channels: Sequence[str], opportunities: Collection[str]
) -> list[tuple[tuple[str | int, ...], str]]:
    """Return what a task names that the plan does not have: where it stands, and what is wrong."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    if given.channel is not None and given.channel not in channels:
        found.append((("channel",), f"is no channel of this plan: it has {', '.join(channels)}"))
    if given.opportunity_id and given.opportunity_id not in opportunities:
        found.append((("opportunityId",), "is no opportunity of this plan"))
    return found
