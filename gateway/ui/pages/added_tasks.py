"""Adds a task from a plan's page, and changes what a task says from its own."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.commands import added_tasks
from gateway.problems.problem import Problem
from gateway.shapes.added_tasks import AddedTask, ChangedText
from gateway.ui import flash, forms, landing
from gateway.ui.actions import said_of
from gateway.ui.i18n import gettext as _
from gateway.ui.pages.tasks import Text, page_of
from gateway.ui.phase1_form import complaints
from gateway.ui.rendering import go

#: Longer than any field may be: what is too long is told, not cut.
_READ: Final = 10_000


async def add(request: Request, plan_id: UUID) -> Response:
    """Add the task, and go back to the plan."""
    form = await forms.begin(request)
    back = forms.back(form, f"/plans/{plan_id}")
    written = {name: forms.text(form, name, _READ) for name in ("title", "what", "channel", "priority", "reason")}
    others = {"opportunityId": forms.text(form, "opportunity") or None, "dueOn": forms.text(form, "due_on") or None}
    if not written["reason"]:
        return go(request, back, flash.Flash("fail", _("Say why: everyone who opens the plan reads it.")))
    try:
        given = AddedTask.model_validate({**written, "channel": written["channel"] or None, **others})
        answer = await added_tasks.add(request, forms.asked(form), plan_id, given)
    except ValidationError as error:
        told = " ".join(complaints(error.errors(include_url=False)))
        return go(request, back, flash.Flash("fail", _("No task was added. %(why)s", why=told)))
    except Problem as problem:
        if problem.kind != "invalid":
            raise
        told = _("The plan does not have this channel or opportunity any more.")
        return go(request, back, flash.Flash("fail", _("No task was added. %(why)s", why=told)))
    seen = not answer.task_id or await landing.task_seen(request, UUID(answer.task_id), answer)
    return go(request, back, said_of(added_tasks.ADD, answer, seen=seen))


async def show(_request: Request, task_id: UUID) -> Response:
    """Redirect to the task: after an invalid form the browser has this address."""
    return RedirectResponse(f"/tasks/{task_id}", 303)


async def change(request: Request, task_id: UUID) -> Response:
    """Change what the task says; what cannot be taken comes back as it was written, and why."""
    form = await forms.begin(request)
    written = Text(*(forms.text(form, name, _READ) for name in ("title", "what", "reason")))
    if not written.reason:
        return await page_of(request, task_id, written, _("Say why: everyone who opens the plan reads it."))
    try:
        given = ChangedText.model_validate({"title": written.title, "what": written.what, "reason": written.reason})
    except ValidationError as error:
        return await page_of(request, task_id, written, " ".join(complaints(error.errors(include_url=False))))
    answer = await added_tasks.change(request, forms.asked(form), task_id, given)
    said = said_of(added_tasks.CHANGE, answer, seen=await landing.task_seen(request, task_id, answer))
    if answer.outcome in ("version_mismatch", "wrong_status"):
        return await page_of(request, task_id, written, said.text, status=409)
    return go(request, forms.back(form, f"/tasks/{task_id}"), said)
