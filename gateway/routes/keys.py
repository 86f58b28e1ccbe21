"""API keys: for admins."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.operations import keys
from gateway.routes.answers import json_answer
from gateway.routes.refusals import OF_A_BODY, OF_ONE
from gateway.services.services import Services
from gateway.shapes.keys import (
    KeyChange,
    KeyList,
    KeyMade,
    KeyRotate,
    KeyShape,
    KeyWanted,
    LinkMade,
    LinkWanted,
)


def routes() -> list[BaseRoute]:
    return [
        resource(
            "/api/keys",
            GET=Operation(all_keys, Role.ADMIN, "reads", KeyList),
            POST=Operation(create, Role.ADMIN, "commands", KeyMade, 201, OF_A_BODY),
        ),
        resource(
            "/api/keys/{key_id}",
            PATCH=Operation(change, Role.ADMIN, "commands", KeyShape, 200, (*OF_ONE, "wrong-status")),
            DELETE=Operation(revoke, Role.ADMIN, "commands", None, 204, ("not-found", "wrong-status")),
        ),
        resource("/api/keys/{key_id}/rotate", POST=Operation(rotate, Role.ADMIN, "commands", KeyMade, 200, OF_ONE)),
        resource("/api/keys/{key_id}/link", POST=Operation(link, Role.ADMIN, "commands", LinkMade, 201, OF_ONE)),
    ]


async def all_keys(request: Request) -> Response:
    """List the API keys, without their secrets."""
    services: Services = request.state.services
    return json_answer(KeyList.model_validate({"items": await services.access.keys.all()}))


async def create(request: Request, body: KeyWanted) -> Response:
    """Make an API key. Only this answer ever shows it."""
    made = await keys.make(request, body)
    return json_answer(KeyMade.model_validate(made), 201, {"Location": f"/api/keys/{made.key_id}"})


async def change(request: Request, key_id: str, body: KeyChange) -> Response:
    """Change a key's name, role or end. Here it holds at once, in every gateway within 10 s."""
    return json_answer(KeyShape.model_validate(await keys.change(request, key_id, body)))


async def rotate(request: Request, key_id: str, body: KeyRotate) -> Response:
    """Give a key another secret. Only this answer ever shows it.

    The secret before ends at once or works on for `graceSeconds`, and the key's sign-ins with it. Its links end
    at once.
    """
    return json_answer(KeyMade.model_validate(await keys.rotate(request, key_id, body)))


async def revoke(request: Request, key_id: str) -> Response:
    """Revoke a key and its sign-ins. Here it ends at once, in every gateway within 10 s."""
    await keys.revoke(request, key_id)
    return Response(status_code=204)


async def link(request: Request, key_id: str, body: LinkWanted) -> Response:
    """Make a link that signs a browser in once, in the role of this key. The answer is the only place that shows it.

    To open it uses nothing up: the button on its page does.
    """
    return json_answer(LinkMade.model_validate(await keys.link(request, key_id, body)), 201)
