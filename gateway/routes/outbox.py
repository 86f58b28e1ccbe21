"""Events that are set aside because they cannot be published: list, read, mend, take out what nobody decided.

There is no way to drop one that was decided: it was acknowledged, and later events of its stream count on its version.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.commands.deciding import expected_version
from gateway.http.door import Operation, resource
from gateway.operations import mending, outbox_removal
from gateway.operations.json_diff import differences
from gateway.routes.answers import json_answer
from gateway.routes.refusals import OF_AN_ACTION
from gateway.shapes.outbox import (
    EventEdit,
    EventEdited,
    EventRemoval,
    EventRemoved,
    SetAsideDetailShape,
    SetAsidePage,
    SetAsideQuery,
)
from projections.reads import set_aside


def routes() -> list[BaseRoute]:
    return [
        resource(
            "/api/outbox/set-aside", GET=Operation(find, Role.OPERATOR, "reads", SetAsidePage, errors=("invalid",))
        ),
        resource(
            "/api/outbox/set-aside/{seq}",
            GET=Operation(read, Role.OPERATOR, "reads", SetAsideDetailShape, errors=("not-found",)),
            PATCH=Operation(
                edit, Role.OPERATOR, "commands", EventEdited, 200, (*OF_AN_ACTION, "version-mismatch", "unavailable")
            ),
        ),
        resource(
            "/api/outbox/set-aside/{seq}/removal",
            POST=Operation(remove, Role.OPERATOR, "commands", EventRemoved, 200, OF_AN_ACTION),
        ),
    ]


async def find(request: Request, query: SetAsideQuery) -> Response:
    """List events that cannot be published as they are, the oldest first, with the reason and how many wait behind."""
    pool = request.state.services.shown
    page = await set_aside.find(pool, plan_id=query.plan, cursor=query.cursor, limit=query.limit)
    return json_answer(SetAsidePage.model_validate(page))


async def read(request: Request, seq: str) -> Response:
    """Read an event that is set aside: its data, why it does not fit its schema, and its edits.

    One that was mended can be read for 90 days.
    """
    found = await mending.read(request, seq)
    return json_answer(detail_shape(found), 200, {"ETag": f'"{found.event.edits}"'})


async def edit(request: Request, seq: str, body: EventEdit) -> Response:
    """Edit an event's data, checked against its schema. It is then published, followed by what waits behind it.

    The original is kept. If-Match guards against a lost update.
    """
    edited = await mending.edit(request, seq, body.data, body.reason, expect=expected_version(request))
    return json_answer(EventEdited.model_validate(edited), 200, {"ETag": f'"{edited.edits}"'})


async def remove(request: Request, seq: str, body: EventRemoval) -> Response:
    """Take an event out of the outbox that nobody of this system decided, so that its version is free again.

    Refused (409) where its seal fits, and where it is a decision that somebody changed. The audit keeps what it was.
    """
    taken = await outbox_removal.take_out(request, seq, body.reason)
    return json_answer(EventRemoved.model_validate(taken))


def detail_shape(found: set_aside.SetAsideDetail) -> SetAsideDetailShape:
    fields = {name: getattr(found.event, name) for name in found.event.__dataclass_fields__}
    return SetAsideDetailShape.model_validate(
        {
            **fields,
            "causation_id": found.causation_id,
            "correlation_id": found.correlation_id,
            "data": found.data,
            "original": found.original,
            "differences": [] if found.original is None else differences(found.original, found.data),
            "history": found.history,
        }
    )
