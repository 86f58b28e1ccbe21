"""A plan that stands still: recovered at once, or moved on, from its page."""

from __future__ import annotations

from typing import get_args
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.operations.recovering import SAYS_WHY, How, ask_recovery
from gateway.problems.problem import Problem, invalid
from gateway.ui import flash, forms
from gateway.ui.i18n import gettext as _
from gateway.ui.rendering import go
from schemas.channels import CHANNELS


async def ask(request: Request, plan_id: UUID) -> Response:
    """Ask for it, and go back to the plan."""
    form = await forms.begin(request)
    back = forms.back(form, f"/plans/{plan_id}")
    wanted = forms.text(form, "how", 20)
    how: How | None = next((one for one in get_args(How) if one == wanted), None)
    channel, reason = forms.text(form, "channel", 40), forms.text(form, "reason")
    if how is None or (channel and channel not in CHANNELS):
        raise invalid(("how", f"is one of {', '.join(get_args(How))}, channel one of the plan's"))
    if how == SAYS_WHY and not reason:
        return go(request, back, flash.Flash("fail", _("Say why: everyone who opens the plan reads it.")))
    try:
        outcome = await ask_recovery(request, plan_id, how, [channel] if channel else [], reason)
    except Problem as problem:
        if problem.kind != "wrong-status":
            raise
        return go(request, back, flash.Flash("info", _("The plan waits for nothing any more: it has moved on.")))
    if outcome == "unchanged":
        return go(request, back, flash.Flash("info", _("That was asked for before: it is about to begin.")))
    return go(request, back, flash.Flash("done", _("Asked for. It begins within a second, and the timeline tells on.")))
