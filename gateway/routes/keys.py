"""API keys: for admins."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from gateway.access.key_changes import Change, LastAdmin, expiry
from gateway.access.keys import KeyInfo
from gateway.access.roles import Role
from gateway.audit.writing import who
from gateway.http.door import Operation, resource
from gateway.problems import Problem, not_found
from gateway.routes.answers import json_answer
from gateway.services import Services
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

ERRORS = ("bad-request", "too-large", "unsupported-media-type", "invalid")


def routes() -> list[BaseRoute]:
    known = ("not-found", *ERRORS)
    return [
        resource(
            "/api/keys",
            GET=Operation(all_keys, Role.ADMIN, "reads", KeyList),
            POST=Operation(create, Role.ADMIN, "commands", KeyMade, 201, ERRORS),
        ),
        resource(
            "/api/keys/{key_id}",
            PATCH=Operation(change, Role.ADMIN, "commands", KeyShape, 200, (*known, "wrong-status")),
            DELETE=Operation(revoke, Role.ADMIN, "commands", None, 204, ("not-found", "wrong-status")),
        ),
        resource("/api/keys/{key_id}/rotate", POST=Operation(rotate, Role.ADMIN, "commands", KeyMade, 200, known)),
        resource("/api/keys/{key_id}/link", POST=Operation(link, Role.ADMIN, "commands", LinkMade, 201, known)),
    ]


async def all_keys(request: Request) -> Response:
    """List the API keys, without their secrets."""
    services: Services = request.state.services
    return json_answer(KeyList.model_validate({"items": await services.access.keys.all()}))


async def create(request: Request, body: KeyWanted) -> Response:
    """Make an API key. The answer is the only place where it is ever shown."""
    services: Services = request.state.services
    made = await services.access.keys.create(body.name, body.role, who(request), expiry(body.days))
    return json_answer(KeyMade.model_validate(made), 201, {"Location": f"/api/keys/{made.key_id}"})


async def change(request: Request, key_id: str, body: KeyChange) -> Response:
    """Change a key's name, role or end. Here it holds at once, in every gateway within 10 s."""
    services: Services = request.state.services
    wanted = Change(body.name, body.role, expiry(body.days), body.lasting)
    try:
        done = await services.access.keys.change(key_id, wanted, who(request))
    except LastAdmin:
        raise _last_admin() from None
    found = await _find(request, key_id) if done else None
    if found is None:
        raise _unknown(key_id)
    services.access.sign_ins.forget(key_id)
    return json_answer(KeyShape.model_validate(found))


async def rotate(request: Request, key_id: str, body: KeyRotate) -> Response:
    """Give a key another secret: the answer is the only place where it is ever shown.

    The secret before ends at once or works on for `graceSeconds`, and the key's sign-ins with it. Its links end
    at once.
    """
    services: Services = request.state.services
    key = await services.access.keys.rotate(key_id, body.grace_seconds, who(request))
    found = await _find(request, key_id) if key is not None else None
    if key is None or found is None:
        raise _unknown(key_id)
    services.access.sign_ins.forget(key_id)
    if body.grace_seconds <= 0:
        services.streams.end(key_id)
    made = {"key_id": key_id, "name": found.name, "role": found.role, "key": key, "expires_at": found.expires_at}
    return json_answer(KeyMade.model_validate(made))


async def revoke(request: Request, key_id: str) -> Response:
    """Revoke a key and its sign-ins. Here it ends at once, in every gateway within 10 s."""
    services: Services = request.state.services
    try:
        done = await services.access.keys.revoke(key_id, who(request))
    except LastAdmin:
        raise _last_admin() from None
    if not done:
        raise _unknown(key_id)
    services.access.sign_ins.forget(key_id)
    services.streams.end(key_id)
    return Response(status_code=204)


async def link(request: Request, key_id: str, body: LinkWanted) -> Response:
    """Make a link that signs a browser in once, in the role of this key. The answer is the only place that shows it.

    To open it uses nothing up: the button on its page does.
    """
    services: Services = request.state.services
    made = await services.access.links.make(key_id, body.minutes, who(request))
    if made is None:
        raise _unknown(key_id)
    return json_answer(LinkMade.model_validate(made), 201)


async def _find(request: Request, key_id: str) -> KeyInfo | None:
    services: Services = request.state.services
    return next((one for one in await services.access.keys.all() if one.key_id == key_id), None)


def _unknown(key_id: str) -> Problem:
    return not_found("active key", f"'{key_id[:80]}'")


def _last_admin() -> Problem:
    return Problem(
        "wrong-status",
        "It is the last admin key that does not end by itself: nobody could make keys then. Make another one first.",
        currentStatus="last-admin",
        actions=[],
    )
