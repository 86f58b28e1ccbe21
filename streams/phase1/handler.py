"""Turns an approved plan into Phase 1 and its tasks. Pure."""

from __future__ import annotations

from schemas.events import derive_id, follow
from schemas.phase1 import phase1_of
from schemas.phase_tasks import HANDLER, created_by
from schemas.typed.parts import Phase1TaskData, PhaseTaskData
from schemas.typed.plan import PlanApproved, PlanPhase1Created
from schemas.typed.task import TaskCreated
from schemas.weeks import due_on


def handle(event: PlanApproved) -> tuple[PlanPhase1Created, *tuple[TaskCreated, ...]]:
    """Return plan.phase1.created and one task.created for each of its tasks, for a plan.approved.

    The approval reserved the next version of the plan's stream for plan.phase1.created.
    """
    plan_id = event.data["plan_id"]
    phase1 = phase1_of(event.data, event.actor)
    due = due_on(phase1.weeks, event.occurred_at) or ""
    tasks = [_task(event.event_id, n, task, due) for n, task in enumerate(phase1.tasks, start=1)]
    created: PlanPhase1Created = follow(
        event,
        handler=HANDLER,
        n=0,
        type_="plan.phase1.created",
        stream=f"plan-{plan_id}",
        version=event.version + 1,
        data={
            "plan_id": plan_id,
            "origin": phase1.origin,
            "rule": phase1.rule,
            "name": phase1.name,
            "weeks": phase1.weeks,
            "investment": phase1.investment,
            "expected_impact": phase1.expected_impact,
            "tasks": tasks,
        },
    )
    return created, *created_by(created)


def _task(approval: str, n: int, task: PhaseTaskData, due: str) -> Phase1TaskData:
    made: Phase1TaskData = {
        "task_id": derive_id(approval, "task", n),
        "position": n,
        "title": task["title"],
        "what": task["what"],
        "channel": task["channel"],
        "priority": task["priority"],
        "opportunity_id": task["opportunity_id"],
        "due_on": due,
    }
    if also := task.get("also_serves"):  # only where it says something: an older version knows no such field
        made["also_serves"] = also
    return made
