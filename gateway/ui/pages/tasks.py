"""`/tasks` as a list or a board, and `/tasks/{id}`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.shapes.tasks import ME
from gateway.ui import lists
from gateway.ui.rendering import go, render
from projections.plans import reads as plans
from projections.reads import paging
from projections.tasks import reads as tasks
from projections.timeline import reads as timeline
from schemas.lifecycle import TASK, TaskStatus

PAGE = 50
#: Cards of one column of the board; the list shows the rest.
COLUMN = 30
NOBODY = "-"


async def show(request: Request) -> Response:
    """Show a page of tasks, or the board, by the filters in the URL."""
    db = request.state.services.shown
    view = lists.of_tasks(request.query_params)
    filtered = wanted(view, request.state.principal.name)
    context: dict[str, Any] = {
        "view": view,
        "states": tuple(TaskStatus),
        "assignees": await tasks.assignees(db),
        "me": ME,
        "nobody": NOBODY,
        "looked_at": tasks.WORDS_AMONG,
    }
    if view.plan:
        context["plan"] = await plans.get(db, UUID(view.plan))
    sort = view.sort or tasks.DEFAULT_ORDER
    try:
        if view.view == "board":
            columns = {
                s: await tasks.find(
                    db, _with_status(filtered, s), sort=sort, limit=COLUMN, count=True, most=paging.COUNTED
                )
                for s in TaskStatus
            }
            return await render(request, "board.html", columns=columns, **context)
        page = await tasks.find(
            db, filtered, sort=sort, cursor=view.cursor or None, limit=PAGE, count=True, most=paging.COUNTED
        )
    except paging.BadCursor:
        return go(request, view.url())
    return await render(request, "tasks.html", page=page, **context)


async def show_one(request: Request, task_id: UUID) -> Response:
    """Show one task with its comments and its history."""
    db = request.state.services.shown
    task = await tasks.get(db, task_id)
    if task is None:
        return await render(request, "missing.html", status=404)
    own = await timeline.of_stream(db, task.plan_id, f"task-{task_id}")
    return await render(request, "task.html", task=task, events=own, assignees=await tasks.assignees(db))


def wanted(view: lists.ListView, me: str) -> tasks.TaskFilter:
    """Return the filter that the URL asks for, by whom it calls `me`."""
    statuses = TASK.going if view.status == "active" else (view.status,) if view.status else ()
    assignee = {NOBODY: "", ME: me}.get(view.assignee, view.assignee)
    return tasks.TaskFilter(
        statuses=statuses,
        assignees=(assignee,) if view.assignee else (),
        channels=(view.channel,) if view.channel else (),
        priorities=(view.priority,) if view.priority else (),
        plan_id=UUID(view.plan) if view.plan else None,
        q=view.q,
        overdue=bool(view.overdue),
    )


def _with_status(filtered: tasks.TaskFilter, status: str) -> tasks.TaskFilter:
    return replace(filtered, statuses=(status,))
