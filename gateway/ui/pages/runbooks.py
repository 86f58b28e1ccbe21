"""`/runbooks`: what to do about a finding, step by step."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.ui import preferences
from gateway.ui.rendering import render
from gateway.ui.runbooks import Runbook, runbooks


async def show_all(request: Request) -> Response:
    """List them."""
    return await render(request, "runbooks.html", runbooks=_read(request).values())


async def show(request: Request, name: str) -> Response:
    """Show one."""
    found = _read(request).get(name)
    if found is None:
        return await render(request, "missing.html", status=404)
    return await render(request, "runbook.html", runbook=found)


def _read(request: Request) -> dict[str, Runbook]:
    return runbooks(preferences.read(request).language)
