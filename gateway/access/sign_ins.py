"""Sign-ins of browsers: a random token in a cookie, kept as its SHA-256, bound to the key or person that signed in."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from starlette.responses import Response

from gateway.access.callers import COLUMNS, OWNERS, OWNERS_MAY, principal_of
from gateway.access.key_text import split
from gateway.access.links import Links
from gateway.access.logout_tokens import SignedOut
from gateway.access.oidc_sign_in import Claimed
from gateway.access.roles import Principal
from gateway.audit.writing import Entry, Who, write
from schemas.process.connection import Db

LIFETIME_S: Final = 12 * 3600
#: Seconds for which a verified sign-in is remembered, like keys.
REMEMBER_S: Final = 10.0
REMEMBER_LIMIT: Final = 10_000
COOKIE: Final = "marketplace_session"
#: The prefix makes browsers refuse the cookie from any other host, path or without TLS.
SECURE_COOKIE: Final = "__Host-marketplace_session"
_VERIFY: Final = f"""
    update access.session s set seen_at = now() from access.session o {OWNERS}
     where s.session_sha256 = $1 and o.session_sha256 = $1 and s.expires_at > now() and {OWNERS_MAY}
    returning {COLUMNS}, s.csrf, s.expires_at, s.sign_in_id"""  # noqa: S608 - constants only
#: A sign-in `o` is the caller's own: of the key, or of the person with all their keys.
_OWN: Final = """
    case when $2 = '' then o.key_id = $1
         else o.person_id = $2 or o.key_id in (select key_id from access.api_key where person_id = $2) end"""

_LIST: Final = f"""
    select o.sign_in_id, coalesce(o.key_id, '') as key_id, o.opened_by, o.address, o.created_at, o.seen_at, o.expires_at
      from access.session o where o.expires_at > now() and {_OWN}
     order by o.seen_at desc, o.sign_in_id"""  # noqa: S608 - constants only
_BY_KEY: Final = """
    select o.key_id, count(*) as n from access.session o
     where o.expires_at > now() and o.key_id is not null group by 1"""
_END: Final = f"""
    delete from access.session o where o.sign_in_id = $3 and {_OWN}
    returning o.session_sha256, coalesce(o.key_id, '') as key_id"""  # noqa: S608 - constants only
_WORKING: Final = f"""
    select o.session_sha256 from access.session o {OWNERS}
     where o.session_sha256 = any ($1::text[]) and o.expires_at > now() and {OWNERS_MAY}"""  # noqa: S608 - constants only

_FIRST: Final = "insert into flow.hook_heard (hook, event_id) values ('oidc', $1) on conflict do nothing returning true"
#: Of an account, or of one sign-in of it ($3); those from before migration 0297 by whose the account is.
_END_AT_PROVIDER: Final = """
    with ended as (
        delete from access.session o
         where o.issuer = $1 and case when $2 = '' then o.provider_sign_in = $3
                                      else o.subject = $2 and ($3 = '' or coalesce(o.provider_sign_in, $3) = $3) end
            or $2 <> '' and o.issuer is null and o.opened_by = 'oidc'
               and o.person_id in (select person_id from access.person_identity where issuer = $1 and subject = $2)
        returning o.person_id)
    select e.person_id, p.handle, count(*) as ended from ended e join access.person p using (person_id) group by 1, 2"""


@dataclass(frozen=True, slots=True)
class SignIn:
    """`csrf` is the token that every write from this sign-in carries."""

    principal: Principal
    csrf: str
    expires_at: datetime
    sign_in_id: UUID


@dataclass(frozen=True, slots=True)
class SignInInfo:
    """A sign-in as its owner sees it. `opened_by` is `key`, `link` or `oidc`; `key_id` is empty without one."""

    sign_in_id: UUID
    key_id: str
    opened_by: str
    address: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class SignIns:
    def __init__(
        self, pool: asyncpg.Pool, remember: float = REMEMBER_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = pool
        self._remember = remember
        self._clock = clock
        self._known: dict[str, tuple[float, SignIn]] = {}
        self._forgot = 0  # how often all was forgotten: what was asked before is not remembered after

    async def open(self, principal: Principal, by: Who | None = None, key: str = "") -> str:
        """Begin a sign-in and return its token, for the cookie. `by`: its origin; `key`: the key that was entered.

        A sign-in with a secret that was rotated away ends when that secret does.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            return await _open(connection, principal, by or Who(), "key", split(key)[1] if key else "")

    async def open_by_link(self, links: Links, secret: str, by: Who) -> str | None:
        """Use up a link and begin its sign-in, in one transaction. None if the link is unknown, expired or used."""
        async with self._pool.acquire() as connection, connection.transaction():
            principal = await links.use(connection, secret)
            if principal is None:
                return None
            return await _open(connection, principal, by, "link")

    async def open_within(self, db: Db, principal: Principal, by: Who, account: Claimed) -> str:
        """Begin a sign-in by a company's account within the caller's transaction, and return its token."""
        return await _open(db, principal, by, "oidc", account=account)

    async def verify(self, token: str) -> SignIn | None:
        """Return the sign-in; None if it has ended or its key was revoked."""
        digest = digest_of(token)
        known = self._known.get(digest)
        if known is not None and known[0] > self._clock():
            return known[1]
        forgot = self._forgot
        row = await self._pool.fetchrow(_VERIFY, digest)
        if row is None:
            self._known.pop(digest, None)
            return None
        sign_in = SignIn(principal_of(row), row["csrf"], row["expires_at"], row["sign_in_id"])
        if len(self._known) >= REMEMBER_LIMIT:
            self._known.clear()
        if forgot == self._forgot:
            self._known[digest] = (self._clock() + self._remember, sign_in)
        return sign_in

    async def close(self, token: str, principal: Principal, by: Who) -> str:
        """End a sign-in: at once here, within the remembered seconds in other gateways.

        Return what it was opened by, empty where there is no such sign-in.
        """
        digest = digest_of(token)
        self._known.pop(digest, None)
        async with self._pool.acquire() as connection, connection.transaction():
            opened_by: str | None = await connection.fetchval(
                "delete from access.session where session_sha256 = $1 returning opened_by", digest
            )
            if opened_by is not None:
                await write(connection, by, [Entry("sign-out", principal.kind, principal.target)])
        return opened_by or ""

    async def of(self, principal: Principal) -> list[SignInInfo]:
        """Return the caller's own sign-ins that have not ended, the one that was seen last first."""
        rows = await self._pool.fetch(_LIST, principal.key_id, principal.person_id)
        return [SignInInfo(**row) for row in rows]

    async def by_key(self) -> dict[str, int]:
        """Count the open sign-ins of each key; keys without any are left out."""
        return {row["key_id"]: row["n"] for row in await self._pool.fetch(_BY_KEY)}

    async def end(self, principal: Principal, sign_in_id: UUID, by: Who) -> str | None:
        """End one of the caller's own sign-ins: at once here, within the remembered seconds in other gateways.

        Return the caller of that sign-in, whose live connections end; None if it is another's.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(_END, principal.key_id, principal.person_id, sign_in_id)
            if row is None:
                return None
            ended = replace(principal, key_id=row["key_id"])
            await write(connection, by, [Entry("sign-in.end", ended.kind, ended.target)])
        self._known.pop(row["session_sha256"], None)
        return ended.caller

    async def end_at_provider(self, about: SignedOut, by: Who) -> list[str]:
        """End the sign-ins of an account, or that one of its sign-ins: at once here, as `end` does elsewhere.

        Return the ids of these people. A sign-in for which the provider never gave a name ends, too.
        A token ends sign-ins once; it is noted in the same transaction.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            if not await connection.fetchval(_FIRST, about.token):
                return []  # its provider repeats it where our answer was lost
            rows = await connection.fetch(_END_AT_PROVIDER, about.issuer, about.subject, about.sign_in)
            told = [
                Entry("sign-in.end", "person", row["handle"], after={"by": "oidc", "rows": row["ended"]})
                for row in rows
            ]
            await write(connection, by, told)
        people = [row["person_id"] for row in rows]
        for one in people:
            self.forget_person(one)
        return people

    async def working(self, digests: Collection[str]) -> set[str]:
        """Return which of these digests belong to sign-ins that have not ended."""
        if not digests:
            return set()
        return {row["session_sha256"] for row in await self._pool.fetch(_WORKING, list(digests))}

    def forget_one(self, digest: str) -> None:
        """Drop a remembered sign-in."""
        self._known.pop(digest, None)

    def forget(self, key_id: str) -> None:
        """Drop the remembered sign-ins of a key."""
        self._known = {d: known for d, known in self._known.items() if known[1].principal.key_id != key_id}

    def forget_person(self, person_id: str) -> None:
        """Drop the remembered sign-ins of a person, with whatever key."""
        self._known = {d: known for d, known in self._known.items() if known[1].principal.person_id != person_id}

    def forget_all(self) -> None:
        """Drop all remembered sign-ins, and the results of look-ups in flight."""
        self._known = {}
        self._forgot += 1

    async def sweep(self) -> None:
        """Delete the sign-ins that have expired."""
        await self._pool.execute("delete from access.session where expires_at < now()")


async def _open(
    db: Db, principal: Principal, by: Who, how: str, secret: str = "", account: Claimed | None = None
) -> str:
    """Store a sign-in of this principal; `by` says from where."""
    token = secrets.token_urlsafe(32)
    await db.execute(
        "insert into access.session"
        " (session_sha256, key_id, person_id, csrf, address, opened_by, expires_at, issuer, subject, provider_sign_in)"
        " values ($1, $2, $3, $4, $5, $6, least(now() + make_interval(secs => $7),"
        " (select previous_until from access.api_key where key_id = $2 and previous_sha256 = $8)), $9, $10, $11)",
        digest_of(token),
        principal.key_id or None,
        None if principal.key_id else principal.person_id,
        secrets.token_urlsafe(24),
        by.address,
        how,
        LIFETIME_S,
        secret,
        account and account.issuer,
        account and account.subject,
        (account.sign_in or None) if account else None,
    )
    whose = Who(principal.name, principal.caller, by.address, by.request_id)
    after = {"role": principal.role.value, "by": how}
    await write(db, whose, [Entry("sign-in", principal.kind, principal.target, after=after)])
    return token


def digest_of(token: str) -> str:
    """Return the digest under which a sign-in's token is stored."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def cookie_name(*, https: bool) -> str:
    return SECURE_COOKIE if https else COOKIE


def set_cookie(response: Response, token: str, *, https: bool) -> None:
    """Set the sign-in's cookie."""
    response.set_cookie(
        cookie_name(https=https), token, max_age=LIFETIME_S, path="/", secure=https, httponly=True, samesite="strict"
    )


def clear_cookie(response: Response, *, https: bool) -> None:
    response.delete_cookie(cookie_name(https=https), path="/", secure=https, httponly=True, samesite="strict")
