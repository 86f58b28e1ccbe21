"""API keys: for admins."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.roles import Role
from gateway.http.door import Operation, resource
from gateway.problems import not_found
from gateway.routes.answers import json_answer
from gateway.services import Services
from gateway.shapes.system import KeyList, KeyMade, KeyWanted


def routes() -> list[BaseRoute]:
    errors = ("bad-request", "too-large", "unsupported-media-type", "invalid")
    return [
        resource(
            "/api/keys",
            GET=Operation(all_keys, Role.ADMIN, "reads", KeyList),
            POST=Operation(create, Role.ADMIN, "commands", KeyMade, 201, errors),
        ),
        resource("/api/keys/{key_id}", DELETE=Operation(revoke, Role.ADMIN, "commands", None, 204, ("not-found",))),
    ]


async def all_keys(request: Request) -> Response:
    """List the API keys, without their secrets."""
    services: Services = request.state.services
    return json_answer(KeyList.model_validate({"items": await services.access.keys.all()}))


async def create(request: Request, body: KeyWanted) -> Response:
    """Make an API key. The answer is the only place where it is ever shown."""
    services: Services = request.state.services
    made = await services.access.keys.create(body.name, body.role, request.state.principal.name)
    return json_answer(KeyMade.model_validate(made), 201, {"Location": f"/api/keys/{made.key_id}"})


async def revoke(request: Request, key_id: str) -> Response:
    """Revoke a key and its sign-ins. Here it ends at once, in every gateway within 10 s."""
    services: Services = request.state.services
    if not await services.access.keys.revoke(key_id):
        raise not_found("active key", f"'{key_id[:80]}'")
    services.access.sign_ins.forget(key_id)
    return Response(status_code=204)
