"""Erases the document of a plan from the plan's page."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.operations.erasing import erase
from gateway.problems.problem import Problem
from gateway.ui import flash, forms
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import go


async def ask(request: Request, plan_id: UUID) -> Response:
    """Erase the document, and go back to the plan."""
    form = await forms.begin(request)
    back, reason = forms.back(form, f"/plans/{plan_id}"), forms.text(form, "reason")
    if not reason:
        return go(request, back, flash.Flash("fail", _("Say why: everyone who opens the plan reads it.")))
    try:
        done = await erase(request, plan_id, reason)
    except Problem as problem:
        if problem.kind != "wrong-status":
            raise
        working = _("The system still works on the plan: erase its document when the plan waits for a person.")
        return go(request, back, flash.Flash("fail", working))
    if done.outcome == "unchanged":
        return go(request, back, flash.Flash("info", _("The document was erased before.")))
    said = _("The document is erased. The plan and its tasks stay.")
    if done.named_in_log:
        said += " " + _("The plan is older than the encryption of names: the log has them until it is cleared.")
    return go(request, back, flash.Flash("done", said))
