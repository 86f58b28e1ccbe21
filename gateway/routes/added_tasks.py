"""Tasks that people add to a plan, and what they have a task say."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.commands import added_tasks
from gateway.commands.answer import Answer
from gateway.commands.deciding import asked
from gateway.http.door import Operation, resource
from gateway.routes.answers import headers_of, json_answer
from gateway.routes.plans import DECISION_ERRORS, PATH, plan_tasks
from gateway.shapes.added_tasks import AddedTask, ChangedText
from gateway.shapes.tasks import TaskAccepted, TaskList
from schemas.lifecycle import RULES


def routes() -> list[BaseRoute]:
    return [
        resource(
            PATH + "/{plan_id}/tasks",
            GET=Operation(plan_tasks, Role.VIEWER, "reads", TaskList, errors=("not-found",)),
            POST=Operation(
                add,
                RULES[added_tasks.ADD].role,
                "commands",
                TaskAccepted,
                202,
                (*DECISION_ERRORS, "too-many-tasks"),
                scope=KeyScope.TASKS,
            ),
        ),
        resource(
            "/api/tasks/{task_id}/text",
            PUT=Operation(
                change,
                RULES[added_tasks.CHANGE].role,
                "commands",
                TaskAccepted,
                202,
                DECISION_ERRORS,
                scope=KeyScope.TASKS,
            ),
        ),
    ]


async def add(request: Request, plan_id: UUID, body: AddedTask) -> Response:
    """Add a task to a plan that is being worked on.

    It belongs to the phase under way, stands behind that phase's other tasks, and the plan is completed when it has
    ended, too. A plan whose Phase 1 is not made yet, or that has ended, takes none (409). One that people have added
    100 tasks to takes no more (409, `too-many-tasks`). `Idempotency-Key` and `If-Match` (of the plan) are honoured as
    for decisions; without a key two requests are two tasks.
    """
    answer = await added_tasks.add(request, asked(request), plan_id, body)
    problem = added_tasks.refusal_to_add(answer, plan_id)
    if problem is not None:
        raise problem
    return _accepted(answer, UUID(answer.task_id))


async def change(request: Request, task_id: UUID, body: ChangedText) -> Response:
    """Give a task another title and text, as long as it has not ended.

    Both are given: what the task says from then on. The history keeps what it said before. `Idempotency-Key` and
    `If-Match` are honoured as for other actions on tasks.
    """
    answer = await added_tasks.change(request, asked(request), task_id, body)
    problem = added_tasks.refusal_to_change(answer, task_id)
    if problem is not None:
        raise problem
    return _accepted(answer, task_id)


def _accepted(answer: Answer, task_id: UUID) -> Response:
    accepted = TaskAccepted(
        task_id=task_id,
        plan_id=UUID(answer.plan_id),
        outcome=answer.outcome,  # type: ignore[arg-type] # a refusal was raised before
        status=answer.status,
        version=answer.version,
    )
    return json_answer(accepted, 202, headers_of(answer, f"/api/tasks/{task_id}"))
