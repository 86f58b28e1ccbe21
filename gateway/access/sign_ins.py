"""Sign-ins of browsers: a random token in a cookie, kept as its SHA-256, bound to the API key that signed in."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
from starlette.responses import Response

from gateway.access.keys import split
from gateway.access.links import Links
from gateway.access.roles import Principal, Role
from gateway.audit.writing import Entry, Who, write
from schemas.process.connection import Db

LIFETIME_S: Final = 12 * 3600
#: Seconds for which a verified sign-in is remembered, like keys.
REMEMBER_S: Final = 10.0
REMEMBER_LIMIT: Final = 10_000
COOKIE: Final = "marketplace_session"
#: The prefix makes browsers refuse the cookie from any other host, path or without TLS.
SECURE_COOKIE: Final = "__Host-marketplace_session"


@dataclass(frozen=True, slots=True)
class SignIn:
    """`csrf` is the token that every write from this sign-in carries."""

    principal: Principal
    csrf: str
    expires_at: datetime


class SignIns:
    def __init__(
        self, pool: asyncpg.Pool, remember: float = REMEMBER_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = pool
        self._remember = remember
        self._clock = clock
        self._known: dict[str, tuple[float, SignIn]] = {}

    async def open(self, principal: Principal, by: Who | None = None, key: str = "") -> str:
        """Begin a sign-in and return its token, for the cookie. `by` says from where, `key` is what it was given.

        One with a secret that was replaced lasts no longer than that.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            secret = split(key)[1] if key else ""
            return await _open(connection, principal, by or Who(principal.name, principal.key_id), "key", secret)

    async def open_by_link(self, links: Links, secret: str, by: Who) -> str | None:
        """Use a link up and begin its sign-in: both, or neither. None where the link is none, too old or used up."""
        async with self._pool.acquire() as connection, connection.transaction():
            principal = await links.use(connection, secret)
            if principal is None:
                return None
            whose = Who(principal.name, principal.key_id, by.address, by.request_id)
            return await _open(connection, principal, whose, "link")

    async def verify(self, token: str) -> SignIn | None:
        """Return the sign-in, None where it has ended or its key was revoked."""
        digest = _digest(token)
        known = self._known.get(digest)
        if known is not None and known[0] > self._clock():
            return known[1]
        row = await self._pool.fetchrow(
            "update access.session s set seen_at = now() from access.api_key k"
            " where s.session_sha256 = $1 and s.expires_at > now() and k.key_id = s.key_id and k.revoked_at is null"
            " and (k.expires_at is null or k.expires_at > now())"
            " returning s.key_id, k.name, k.role, s.csrf, s.expires_at",
            digest,
        )
        if row is None:
            self._known.pop(digest, None)
            return None
        sign_in = SignIn(Principal(row["key_id"], row["name"], Role(row["role"])), row["csrf"], row["expires_at"])
        if len(self._known) >= REMEMBER_LIMIT:
            self._known.clear()
        self._known[digest] = (self._clock() + self._remember, sign_in)
        return sign_in

    async def close(self, token: str, by: Who) -> None:
        """End a sign-in: at once here, within the remembered seconds in other gateways."""
        digest = _digest(token)
        self._known.pop(digest, None)
        async with self._pool.acquire() as connection, connection.transaction():
            gone = await connection.execute("delete from access.session where session_sha256 = $1", digest)
            if gone.endswith("1"):
                await write(connection, by, [Entry("sign-out", "key", by.key_id)])

    def forget(self, key_id: str) -> None:
        """Drop the remembered sign-ins of a key."""
        self._known = {d: known for d, known in self._known.items() if known[1].principal.key_id != key_id}

    async def sweep(self) -> None:
        """Delete the sign-ins that have expired."""
        await self._pool.execute("delete from access.session where expires_at < now()")


async def _open(db: Db, principal: Principal, by: Who, how: str, secret: str = "") -> str:
    token = secrets.token_urlsafe(32)
    await db.execute(
        "insert into access.session (session_sha256, key_id, csrf, expires_at)"
        " values ($1, $2, $3, least(now() + make_interval(secs => $4), (select previous_until from access.api_key"
        " where key_id = $2 and previous_sha256 = $5)))",
        _digest(token),
        principal.key_id,
        secrets.token_urlsafe(24),
        LIFETIME_S,
        secret,
    )
    after = {"role": principal.role.value, "by": how}
    await write(db, by, [Entry("sign-in", "key", principal.key_id, after=after)])
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def cookie_name(*, https: bool) -> str:
    return SECURE_COOKIE if https else COOKIE


def set_cookie(response: Response, token: str, *, https: bool) -> None:
    """Give the browser its sign-in."""
    response.set_cookie(
        cookie_name(https=https), token, max_age=LIFETIME_S, path="/", secure=https, httponly=True, samesite="strict"
    )


def clear_cookie(response: Response, *, https: bool) -> None:
    response.delete_cookie(cookie_name(https=https), path="/", secure=https, httponly=True, samesite="strict")
