"""Requests another analysis of one channel from the plan's page."""

from __future__ import annotations

from typing import get_args
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.commands.again import COMMAND, analyse_again
from gateway.problems.problem import invalid
from gateway.ui import forms, landing
from gateway.ui.actions import said_of
from gateway.ui.rendering import go
from schemas.plan import Source


async def ask(request: Request, plan_id: UUID, channel: str) -> Response:
    """Request the analysis, and go back to the channel."""
    form = await forms.begin(request)
    wanted = forms.text(form, "with", 20)
    analyst: Source | None = next((one for one in get_args(Source) if one == wanted), None)
    if analyst is None:
        raise invalid(("with", f"is one of {', '.join(get_args(Source))}"))
    answer = await analyse_again(request, forms.asked(form), plan_id, channel, analyst)
    seen = await landing.plan_seen(request, plan_id, answer)
    return go(request, forms.back(form, f"/plans/{plan_id}"), said_of(COMMAND, answer, seen=seen))
