"""What admins do with API keys, from the API and from the page alike. Each of it is audited."""

from __future__ import annotations

from starlette.requests import Request

from gateway.access.key_changes import Change, LastAdmin, expiry
from gateway.access.keys import KeyInfo, NewKey
from gateway.access.links import NewLink
from gateway.access.roles import Role
from gateway.audit.writing import who
from gateway.problems.problem import Problem, not_found
from gateway.services.services import Services
from gateway.shapes.keys import KeyChange, KeyRotate, KeyWanted, LinkWanted

#: `currentStatus` of the refusal to let the last admin key go.
LAST_ADMIN = "last-admin"


async def make(request: Request, wanted: KeyWanted) -> NewKey:
    """Make a key: what is returned is the only place where it is ever shown."""
    services: Services = request.state.services
    return await services.access.keys.create(wanted.name, wanted.role, who(request), expiry(wanted.days))


async def change(request: Request, key_id: str, wanted: KeyChange) -> KeyInfo:
    """Change a key's name, role or end. Raises Problem 404 without such an active key, 409 for the last admin."""
    services: Services = request.state.services
    to_be = Change(wanted.name, wanted.role, expiry(wanted.days), wanted.lasting)
    try:
        done = await services.access.keys.change(key_id, to_be, who(request))
    except LastAdmin:
        raise _last_admin() from None
    found = await _find(services, key_id) if done else None
    if found is None:
        raise _unknown(key_id)
    services.access.sign_ins.forget(key_id)
    return found


async def rotate(request: Request, key_id: str, wanted: KeyRotate) -> NewKey:
    """Give a key another secret. Raises Problem 404 without such an active key."""
    services: Services = request.state.services
    key = await services.access.keys.rotate(key_id, wanted.grace_seconds, who(request))
    found = await _find(services, key_id) if key is not None else None
    if key is None or found is None:
        raise _unknown(key_id)
    services.access.sign_ins.forget(key_id)
    if wanted.grace_seconds <= 0:
        services.streams.end(key_id)
    return NewKey(key_id, found.name, Role(found.role), key, found.expires_at)


async def revoke(request: Request, key_id: str) -> None:
    """End a key and its sign-ins. Raises Problem 404 without such an active key, 409 for the last admin."""
    services: Services = request.state.services
    try:
        done = await services.access.keys.revoke(key_id, who(request))
    except LastAdmin:
        raise _last_admin() from None
    if not done:
        raise _unknown(key_id)
    services.access.sign_ins.forget(key_id)
    services.streams.end(key_id)


async def link(request: Request, key_id: str, wanted: LinkWanted) -> NewLink:
    """Make a link that signs a browser in once, in the role of a key. Raises Problem 404 without such an active key."""
    services: Services = request.state.services
    made = await services.access.links.make(key_id, wanted.minutes, who(request))
    if made is None:
        raise _unknown(key_id)
    return made


async def _find(services: Services, key_id: str) -> KeyInfo | None:
    return next((one for one in await services.access.keys.all() if one.key_id == key_id), None)


def _unknown(key_id: str) -> Problem:
    return not_found("active key", f"'{key_id[:80]}'")


def _last_admin() -> Problem:
    return Problem(
        "wrong-status",
        "It is the last admin key that does not end by itself: nobody could make keys then. Make another one first.",
        currentStatus=LAST_ADMIN,
        actions=[],
    )
