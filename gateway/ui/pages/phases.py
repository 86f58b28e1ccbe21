"""Starts the next phase of a plan from the plan's page."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.commands.phases import COMMAND
from gateway.commands.phases import start as start_phase
from gateway.problems.problem import invalid
from gateway.ui import forms, landing
from gateway.ui.actions import said_of
from gateway.ui.rendering import go


async def start(request: Request, plan_id: UUID) -> Response:
    """Start the phase, and go back to the plan."""
    form = await forms.begin(request)
    number = forms.text(form, "number", 4)
    if not (number.isascii() and number.isdigit()):
        raise invalid(("number", "is the number of a phase"))
    answer = await start_phase(request, forms.asked(form), plan_id, int(number))
    seen = await landing.plan_seen(request, plan_id, answer)
    return go(request, forms.back(form, f"/plans/{plan_id}"), said_of(COMMAND, answer, seen=seen))
