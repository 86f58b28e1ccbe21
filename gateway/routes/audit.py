"""Who did what, from where: for admins."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.routes.answers import json_answer
from gateway.services.services import Services
from gateway.shapes.audit import AuditPage, AuditQuery, AuditSelection
from projections.reads import audit
from projections.reads.audit import AuditFilter

PATH: Final = "/api/audit"


def routes() -> list[BaseRoute]:
    return [resource(PATH, GET=Operation(find, Role.ADMIN, "reads", AuditPage, errors=("invalid",)))]


async def find(request: Request, query: AuditQuery) -> Response:
    """List who did what, from where, newest first: commands, sign-ins, keys, exports, and what was read of raw data.

    An entry is written in the transaction of what it tells of, and never changed. `marketplace verify` finds what
    was changed, removed or put in all the same.
    """
    services: Services = request.state.services
    page = await audit.find(services.shown, wanted(query), cursor=query.cursor, limit=query.limit)
    return json_answer(AuditPage.model_validate(page))


def wanted(query: AuditSelection) -> AuditFilter:
    """Return the filter that a query asks for."""
    return AuditFilter(
        query.actor,
        query.action,
        UUID(query.plan) if query.plan else None,
        query.address,
        date.fromisoformat(query.day) if query.day else None,
    )
