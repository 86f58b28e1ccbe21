"""Tasks: list, read, work."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.commands.deciding import asked, decide, decide_many, refusal
from gateway.http.door import Operation, resource
from gateway.problems.problem import not_found
from gateway.routes.answers import headers_of, json_answer, of_many
from gateway.routes.plans import DECISION_ERRORS, WAIT_S
from gateway.routes.refusals import OF_A_BODY
from gateway.services.services import Services
from gateway.shapes.plans import VersionQuery
from gateway.shapes.tasks import (
    ME,
    AssigneeList,
    BulkTaskResult,
    BulkTaskResults,
    BulkWork,
    TaskAccepted,
    TaskDetailShape,
    TaskPage,
    TaskQuery,
    TaskSelection,
    TaskWork,
)
from projections.tasks import reads as tasks
from schemas.lifecycle import TASK

NOBODY = "nobody"


def routes() -> list[BaseRoute]:
    return [
        resource("/api/tasks", GET=Operation(find, Role.VIEWER, "reads", TaskPage, errors=("invalid",))),
        resource(
            "/api/tasks/bulk",
            POST=Operation(work_many, TASK.role, "commands", BulkTaskResults, errors=OF_A_BODY, scope=KeyScope.TASKS),
        ),
        resource("/api/tasks/assignees", GET=Operation(assignees, Role.VIEWER, "reads", AssigneeList)),
        resource(
            "/api/tasks/{task_id}",
            GET=Operation(read, Role.VIEWER, "reads", TaskDetailShape, errors=("not-found", "invalid")),
            PATCH=Operation(work, TASK.role, "commands", TaskAccepted, 202, DECISION_ERRORS, scope=KeyScope.TASKS),
        ),
    ]


async def find(request: Request, query: TaskQuery) -> Response:
    """List tasks, newest first, with filters, search and pages."""
    page = await tasks.find(
        request.state.services.shown,
        wanted(request, query),
        sort=query.sort,
        cursor=query.cursor,
        limit=query.limit,
        count=query.total,
    )
    return json_answer(TaskPage.model_validate(page))


def wanted(request: Request, query: TaskSelection) -> tasks.TaskFilter:
    """Return the filter that a query asks for."""
    named = {NOBODY: "", ME: request.state.principal.name}
    return tasks.TaskFilter(
        statuses=query.status,
        assignees=tuple(named.get(name, name) for name in query.assignee),
        channels=query.channel,
        priorities=query.priority,
        plan_id=query.plan,
        q=query.q,
        due=("overdue",) if query.overdue else query.due,
    )


async def assignees(request: Request) -> Response:
    """List the people who can be assigned to tasks, up to 10 s old. Empty: any name can be assigned."""
    services: Services = request.state.services
    known = await services.access.people.known()
    here = [{"handle": handle, "name": one.name} for handle, one in known.items() if not one.ended]
    return json_answer(AssigneeList.model_validate({"items": here}))


async def read(request: Request, task_id: UUID, query: VersionQuery) -> Response:
    """Read a task with its comments.

    With `min_version` (from a command's answer) it waits up to 2 s until the task is there; if it is not,
    `X-Projection-Lag` says how many versions are missing.
    """
    services: Services = request.state.services
    task = await tasks.get(services.shown, task_id)
    if task is None:
        raise not_found("task", task_id)
    headers = {}
    if query.min_version is not None and task.version < query.min_version:
        await services.live.wait_task(str(task.plan_id), str(task_id), query.min_version, WAIT_S)
        task = await tasks.get(services.shown, task_id) or task
        if task.version < query.min_version:
            headers["X-Projection-Lag"] = str(query.min_version - task.version)
    fields = {name: getattr(task, name) for name in TaskDetailShape.model_fields if name != "actions"}
    shape = TaskDetailShape.model_validate({**fields, "actions": TASK.actions(task.status)})
    return json_answer(shape, 200, {"ETag": f'"{task.version}"', **headers})


async def work(request: Request, task_id: UUID, body: TaskWork) -> Response:
    """Do one thing with a task, such as assigning it or completing it.

    `Idempotency-Key` and `If-Match` are honoured as for plans. The plan ends with its last task.
    """
    answer = await decide(request, asked(request), f"task.{body.action}", task_id, body.data())
    problem = refusal(answer, "task", task_id, body.action)
    if problem is not None:
        raise problem
    accepted = TaskAccepted(
        task_id=task_id,
        plan_id=UUID(answer.plan_id),
        outcome=answer.outcome,  # type: ignore[arg-type] # refusal() is None for these two only
        status=answer.status,
        version=answer.version,
    )
    return json_answer(accepted, 202, headers_of(answer, f"/api/tasks/{task_id}"))


async def work_many(request: Request, body: BulkWork) -> Response:
    """Do one thing with up to 1,000 tasks, such as assigning them.

    Always 200: each task has its own result, in the order of `ids`; `problem` says why one was refused.
    """
    ids = list(dict.fromkeys(body.ids))
    answers = await decide_many(request, asked(request, of_many=True), f"task.{body.action}", ids, body.data())
    results = [
        BulkTaskResult(task_id=task_id, **of_many(answer, refusal(answer, "task", task_id, body.action)))
        for task_id, answer in zip(ids, answers, strict=True)
    ]
    return json_answer(BulkTaskResults(results=results))
