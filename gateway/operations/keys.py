"""Admins' actions on API keys, for the API and the page. Each is in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from gateway.access.api_keys import KeyInfo, NewKey
from gateway.access.key_changes import Change, NameTaken, NoSuchPerson, expiry
from gateway.access.last_admin import LastAdmin
from gateway.access.links import NewLink
from gateway.access.roles import Role
from gateway.access.scopes import KeyScope, in_order
from gateway.audit.writing import who
from gateway.problems.problem import Problem, invalid, not_found
from gateway.services.services import Services
from gateway.shapes.keys import KeyChange, KeyRotate, KeyWanted, LinkWanted

#: `currentStatus` of the refusal to let the last admin key go.
LAST_ADMIN = "last-admin"


async def make(request: Request, wanted: KeyWanted) -> NewKey:
    """Make a key. Only the returned value ever shows it. Raises Problem 422."""
    services: Services = request.state.services
    with _owner_refused():
        return await services.access.keys.create(
            wanted.name, wanted.role, who(request), expiry(wanted.days), wanted.person, in_order(wanted.scopes)
        )


async def change(request: Request, key_id: str, wanted: KeyChange) -> KeyInfo:
    """Change a key's name, role, expiry or owner.

    Raises Problem 404 without such an active key, 409 for the last admin, 422 without such a person.
    """
    services: Services = request.state.services
    scopes = None if wanted.scopes is None else in_order(wanted.scopes)
    to_be = Change(wanted.name, wanted.role, expiry(wanted.days), wanted.lasting, wanted.person, scopes)
    try:
        with _owner_refused():
            done = await services.access.keys.change(key_id, to_be, who(request))
    except LastAdmin:
        raise last_admin() from None
    found = await _find(services, key_id) if done else None
    if found is None:
        raise _unknown(key_id)
    services.access.sign_ins.forget(key_id)
    if scopes is not None:
        services.streams.end(key_id)  # who may still listen comes back
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
    scopes = in_order(map(KeyScope, found.scopes))
    return NewKey(key_id, found.name, Role(found.role), key, found.expires_at, found.person, scopes)


async def revoke(request: Request, key_id: str) -> None:
    """End a key and its sign-ins. Raises Problem 404 without such an active key, 409 for the last admin."""
    services: Services = request.state.services
    try:
        done = await services.access.keys.revoke(key_id, who(request))
    except LastAdmin:
        raise last_admin() from None
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


@contextmanager
def _owner_refused() -> Iterator[None]:
    """Turn the refusal of a key's owner or name into Problem 422."""
    try:
        yield
    except NoSuchPerson:
        raise invalid(("person", "nobody who has not ended has this handle")) from None
    except NameTaken:
        raise invalid(("name", "it is a person's handle: say that the key is theirs, or take another name")) from None


def last_admin() -> Problem:
    """Return the refusal of a change that would lock all admins out."""
    return Problem(
        "wrong-status",
        "It is the last admin key that does not end by itself: nobody could make keys then. Make another one first.",
        currentStatus=LAST_ADMIN,
        actions=[],
    )
