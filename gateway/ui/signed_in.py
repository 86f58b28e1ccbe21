"""Who is here: what the pages need of the gateway's access control."""

from __future__ import annotations

from starlette.requests import Request

from gateway.access.roles import Principal, Role


def principal(request: Request) -> Principal | None:
    """Return the person who is signed in, None for a stranger."""
    found: Principal | None = getattr(request.state, "principal", None)
    return found


def may_act(request: Request) -> bool:
    """Say whether the reader may upload, decide and work on tasks."""
    who = principal(request)
    return who is not None and who.role.includes(Role.ANALYST)


def may_operate(request: Request) -> bool:
    """Say whether the reader may act on records, alerts and the system itself."""
    who = principal(request)
    return who is not None and who.role.includes(Role.OPERATOR)


def may_administer(request: Request) -> bool:
    """Say whether the reader may give and take access, and erase."""
    who = principal(request)
    return who is not None and who.role.includes(Role.ADMIN)


def csrf(request: Request) -> str:
    """Return the sign-in's token for forms, empty for a stranger."""
    return str(getattr(request.state, "csrf", ""))


def is_https(request: Request) -> bool:
    """Say whether cookies are to be marked Secure."""
    return bool(request.scope["scheme"] == "https")
