"""`/runbooks`: what to do about a finding, step by step."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from gateway.ui.rendering import render
from gateway.ui.runbooks import runbooks


async def show_all(request: Request) -> Response:
    """List them."""
    return await render(request, "runbooks.html", runbooks=runbooks().values())


async def show(request: Request, name: str) -> Response:
    """Show one."""
    found = runbooks().get(name)
    if found is None:
        return await render(request, "missing.html", status=404)
    return await render(request, "runbook.html", runbook=found)
