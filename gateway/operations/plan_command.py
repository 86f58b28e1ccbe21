"""A person's request about one plan that is no step of its lifecycle, in the database's form."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request


def row_of(request: Request, command: str, plan_id: UUID) -> tuple[Any, ...]:
    """Return a command to a plan as a row of the database's `decide.command`; it carries no text.

    A command to something else has an id of its own in the plan's place.
    """
    state, event_id = request.state, str(uuid4())
    return (
        command,
        str(plan_id),
        state.principal.caller,
        None,
        None,
        None,
        event_id,
        time.time_ns() // 1000,
        state.request_id or event_id,
        state.principal.name,
        state.traceparent,
        None,
    )
