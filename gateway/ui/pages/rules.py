"""`/rules`: what the rules of the analysis look for, what they need, and how often they were right."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.operations import rules
from gateway.ui import i18n
from gateway.ui.rendering import render


async def show(request: Request) -> Response:
    """Show every rule."""
    return await render(request, "rules.html", in_words=i18n.raw, rules=await rules.read(request.state.services.shown))
