"""Find the caller of a request, by API key or by the cookie of a sign-in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog
from starlette.requests import Request

from gateway.access.api_keys import ApiKeys
from gateway.access.identities import Company
from gateway.access.key_text import claimed, split
from gateway.access.limits import EVERYBODY, OF_KEY, RateLimiter
from gateway.access.links import Links
from gateway.access.people import People
from gateway.access.recorded_failures import RecordedFailures
from gateway.access.roles import Principal, Role
from gateway.access.scopes import KeyScope
from gateway.access.sign_ins import SignIn, SignIns, cookie_name, digest_of
from gateway.access.teams import Teams
from gateway.audit.writing import Entry, Who, address, who, write
from gateway.problems.problem import Problem, rate_limited
from schemas.process.database_away import DATABASE_FAILS

log = structlog.get_logger("gateway")

_HOW = "Send an API key as 'Authorization: Bearer mrs_<id>_<secret>', or sign in at /login."


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller of a request. `sign_in` is None if the key itself came with the request."""

    principal: Principal
    sign_in: SignIn | None


class Access:
    def __init__(
        self,
        keys: ApiKeys,
        people: People,
        sign_ins: SignIns,
        links: Links,
        limiter: RateLimiter,
        *,
        company: Company | None = None,
        proxied: bool = False,
    ) -> None:
        self.keys = keys
        self.people = people
        self.sign_ins = sign_ins
        self.links = links
        self.teams = Teams(keys.pool)
        self.company = company
        self._limiter = limiter
        self._proxied = proxied
        self._recorded = RecordedFailures()
        self.failures = 0

    async def identify(self, request: Request) -> Identity | None:
        """Return the caller's identity, None without a key or a cookie. Raises Problem for a key that is not valid."""
        if not self._proxied and "x-forwarded-for" in request.headers:
            self._proxied = True  # said once
            log.warning(
                "requests come through a proxy that is not declared, so its callers are counted as one address:"
                " name it in MARKETPLACE_TRUSTED_PROXIES",
                address=address(request),
            )
        header = request.headers.get("authorization")
        if header is not None:
            scheme, _, key = header.partition(" ")
            if scheme.lower() != "bearer":
                raise await self.refuse(request, f"The scheme of Authorization is not Bearer. {_HOW}")
            return Identity(await self.check_key(request, key.strip()), None)
        token = request.cookies.get(cookie_name(https=request.scope["scheme"] == "https"))
        if token is None:
            return None
        sign_in = await self.sign_ins.verify(token)
        return None if sign_in is None else Identity(sign_in.principal, sign_in)

    async def lasts(self, request: Request, principal: Principal) -> bool:
        """Return whether a caller still has access, with the same role, limits and teams.

        Nothing is counted: it is the gateway that asks. Raises the errors of the database.
        """
        header = request.headers.get("authorization")
        if header is not None:
            return (await self.keys.find(header.partition(" ")[2].strip())).principal == principal
        sign_in = await self.sign_ins.verify(request.cookies[cookie_name(https=request.scope["scheme"] == "https")])
        return sign_in is not None and sign_in.principal == principal

    def shown(self, request: Request) -> str:
        """Return the stored form of an identified caller's credential: the digest of the secret, or of the token."""
        header = request.headers.get("authorization")
        if header is not None:
            return split(header.partition(" ")[2].strip())[1]
        return digest_of(request.cookies[cookie_name(https=request.scope["scheme"] == "https")])

    def forget_all(self) -> None:
        """Drop all remembered callers, because visibility of plans has changed."""
        self.keys.forget_all()
        self.sign_ins.forget_all()

    async def check_key(self, request: Request, key: str) -> Principal:
        """Return the caller of a key. Raises Problem: 401 for a wrong key, 429 after too many wrong ones.

        Wrong ones are counted by their address, and by the key whose id they name. A right key is never refused for
        either: behind the address may stand an office, and the id is no secret.
        """
        remembered = self.keys.remembered(key)
        if remembered is not None:
            return remembered
        found = await self.keys.find(key)
        if found.principal is not None:
            return found.principal
        counted = _counted(request, claimed(key), named=found.named)
        wait = max(self._limiter.empty("failures", caller) for caller in counted)
        if wait > 0:
            await self._write_down(request, claimed(key), within=False, named=found.named)
            await asyncio.sleep(max(self._limiter.take("failures", caller).pause for caller in counted))
            raise rate_limited(wait, "failures")
        detail = f"The API key is not valid, or it was revoked. {_HOW}"
        raise await self.refuse(request, detail, claimed(key), named=found.named)

    async def refuse(self, request: Request, detail: str, key_id: str = "", *, named: bool = False) -> Problem:
        """Count and audit a failure, and return the 401. Beyond a limit few failures are audited.

        `named`: there is a key of this id, whose failures are counted, too. Where failures come from many addresses,
        and were as many more as the limit of them all has at once, each waits for its answer: to give one costs time
        that others wait for.
        """
        self.failures += 1
        everywhere = self._limiter.take("guesses", EVERYBODY)
        waits = [self._limiter.take("failures", one).wait for one in _counted(request, key_id, named=named)]
        await self._write_down(request, key_id, within=not any(waits) and everywhere.wait == 0, named=named)
        await asyncio.sleep(everywhere.pause)
        return Problem(
            "unauthenticated", detail, headers={"WWW-Authenticate": 'Bearer realm="marketplace", error="invalid_token"'}
        )

    async def _write_down(self, request: Request, key_id: str, *, within: bool, named: bool) -> None:
        by = who(request)
        if within:
            self._recorded.within(by.address)
        elif not self._recorded.beyond(by.address, key_id if named else ""):
            return
        told = Entry("sign-in.failed", "key", key_id, outcome="refused", after={"path": request.url.path[:200]})
        try:
            await write(self.keys.pool, Who("", key_id, by.address, by.request_id), [told])
        except DATABASE_FAILS as error:
            # it is refused all the same: whoever has no key learns nothing of our state
            log.warning("a failed sign-in is not written down", error=f"{type(error).__name__}: {error}"[:200])


def _counted(request: Request, key_id: str, *, named: bool) -> list[str]:
    """Return the counters of a wrong key: its address, and the id of the key if such a key exists."""
    return [address(request), OF_KEY + key_id] if named else [address(request)]


def anonymous() -> Problem:
    """Return the 401 for a request without credentials."""
    return Problem("unauthenticated", _HOW, headers={"WWW-Authenticate": 'Bearer realm="marketplace"'})


def forbidden(principal: Principal, needed: Role) -> Problem:
    """Return the 403 for a role that is too low."""
    what = "person" if principal.person_id else "key"
    detail = f"This needs the role {needed}; the {what} '{principal.name}' has the role {principal.role}."
    return Problem("forbidden", detail, neededRole=needed.value)


def out_of_scope(principal: Principal, needed: KeyScope) -> Problem:
    """Return the 403 for a key that is limited to other scopes."""
    scopes = ", ".join(sorted(principal.scopes))
    detail = f"This needs the scope {needed}; the key '{principal.key_id}' is limited to {scopes}."
    return Problem("forbidden", detail, neededScope=needed.value)
