"""From a request to who is asking."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from gateway.access.keys import ApiKeys
from gateway.access.limits import RateLimiter
from gateway.access.roles import Principal, Role
from gateway.access.sessions import Session, Sessions, cookie_name
from gateway.problems import Problem, rate_limited

_HOW = "Send an API key as 'Authorization: Bearer mrs_<id>_<secret>', or sign in at /login."


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking. `session` is None where the key itself came with the request."""

    principal: Principal
    session: Session | None


def address(request: Request) -> str:
    """Return the caller's address, the name under which strangers are counted."""
    return request.client.host if request.client else "unknown"


class Access:
    def __init__(self, keys: ApiKeys, sessions: Sessions, limiter: RateLimiter) -> None:
        self.keys = keys
        self.sessions = sessions
        self._limiter = limiter
        self.failures = 0

    async def identify(self, request: Request) -> Identity | None:
        """Return who is asking, None where nothing was shown. Raises Problem where what was shown is wrong."""
        header = request.headers.get("authorization")
        if header is not None:
            scheme, _, key = header.partition(" ")
            if scheme.lower() != "bearer":
                raise self.refuse(request, f"The scheme of Authorization is not Bearer. {_HOW}")
            return Identity(await self.check_key(request, key.strip()), None)
        token = request.cookies.get(cookie_name(https=request.scope["scheme"] == "https"))
        if token is None:
            return None
        session = await self.sessions.verify(token)
        return None if session is None else Identity(session.principal, session)

    async def check_key(self, request: Request, key: str) -> Principal:
        """Return who a key stands for. Raises Problem: 401 where it is wrong, 429 after too many wrong ones."""
        remembered = self.keys.remembered(key)
        if remembered is not None:
            return remembered
        wait = self._limiter.empty("failures", address(request))
        if wait > 0:
            raise rate_limited(wait, "failures")
        principal = await self.keys.verify(key)
        if principal is None:
            raise self.refuse(request, f"The API key is not valid, or it was revoked. {_HOW}")
        return principal

    def refuse(self, request: Request, detail: str) -> Problem:
        """Count a failure of this address and return the 401."""
        self.failures += 1
        self._limiter.take("failures", address(request))
        return Problem(
            "unauthenticated", detail, headers={"WWW-Authenticate": 'Bearer realm="marketplace", error="invalid_token"'}
        )


def anonymous() -> Problem:
    """Return the 401 for a request that showed nothing."""
    return Problem("unauthenticated", _HOW, headers={"WWW-Authenticate": 'Bearer realm="marketplace"'})


def forbidden(principal: Principal, needed: Role) -> Problem:
    """Return the 403 for a role that is too low."""
    detail = f"This needs the role {needed}; the key '{principal.name}' has the role {principal.role}."
    return Problem("forbidden", detail, neededRole=needed.value)
