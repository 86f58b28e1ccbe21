"""Counts requests against the caller's limits; a command counts once for each plan, task or record that it names."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request

from gateway.audit.writing import address
from gateway.problems.problem import rate_limited
from gateway.shapes.shape import Taken

#: Members of bodies that name a command's targets. A test compares them with the shapes of requests.
NAMING: Final = frozenset({"ids", "plan_ids", "record_ids", "delivery_ids"})
#: The field of forms that names them.
FIELD: Final = "id"


def named_in(body: Taken) -> int:
    """Return how many plans, tasks or records a body names; at least 1."""
    members = [getattr(body, name, None) for name in NAMING]
    return max(1, sum(len(found) for found in members if isinstance(found, list | tuple)))


def named_in_form(form: FormData) -> int:
    """Return how many plans, tasks or records a form names; at least 1."""
    return max(1, len(form.getlist(FIELD)))


async def count(request: Request, limit: str, units: int, headers: list[tuple[bytes, bytes]]) -> None:
    """Count against the caller's limit, and put the rest of it into the answer's `headers`. Raises Problem 429."""
    principal = request.state.principal
    caller = principal.caller if principal else address(request)
    grant = request.state.services.limiter.take(limit, caller, units)
    headers[:] = grant.headers
    if grant.wait > 0:
        await asyncio.sleep(grant.pause)
        raise rate_limited(grant.wait, limit)


async def count_named(request: Request, limit: str | None, named: int, headers: list[tuple[bytes, bytes]]) -> None:
    """Count what a command names beyond its first target, before the command is decided."""
    if named > 1 and limit is not None:
        await count(request, limit, named - 1, headers)
