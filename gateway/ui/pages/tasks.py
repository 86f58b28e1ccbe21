"""`/tasks` as a list or a board, and `/tasks/{id}`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.shapes.tasks import ME
from gateway.ui import forms, lists, signed_in
from gateway.ui.rendering import go, render
from projections.plans import reads as plans
from projections.reads import paging
from projections.reads.due import DUE
from projections.tasks import reads as tasks
from projections.timeline import reads as timeline
from schemas.lifecycle import TASK, TEXT, TaskStatus, TextAction

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


@dataclass(frozen=True, slots=True)
class Text:
    """What a person wrote into the form for what a task says."""

    title: str
    what: str
    reason: str = ""


async def show_one(request: Request, task_id: UUID) -> Response:
    """Show one task with its comments and its history."""
    return await page_of(request, task_id)


async def menu(request: Request, task_id: UUID) -> Response:
    """Show the forms of one task alone: the menu of its row, whose page is in the address (`back`)."""
    task = await tasks.get(request.state.services.shown, task_id)
    if task is None:
        return await render(request, "missing.html", status=404)
    here = forms.own_path(request.query_params.get("back", ""), f"/tasks/{task_id}")
    return await render(request, "task_menu.html", tasks_of=task.plan_id, task=task, here=here)


async def page_of(
    request: Request, task_id: UUID, written: Text | None = None, wrong: str = "", *, status: int = 422
) -> Response:
    """Return the page of a task; with what somebody wrote that could not be taken, it comes back with why (`wrong`)."""
    db = request.state.services.shown
    task = await tasks.get(db, task_id)
    if task is None:
        return await render(request, "missing.html", status=404)
    own = await timeline.of_stream(db, task.plan_id, f"task-{task_id}")
    return await render(
        request,
        "task.html",
        tasks_of=task.plan_id,
        status=status if wrong else 200,
        task=task,
        events=own,
        assignees=await tasks.assignees(db),
        may_reword=signed_in.may_work(request) and task.status in TEXT[TextAction.CHANGE].needs,
        text=written or Text(task.title, task.what),
        wrong=wrong,
    )


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
        due=tuple(one for one in DUE if one == view.due),
    )


def _with_status(filtered: tasks.TaskFilter, status: str) -> tasks.TaskFilter:
    return replace(filtered, statuses=(status,))
