"""Links that sign a browser in once: `/login?link=<secret>`, good for some minutes.

A link carries 256 random bits, kept as their SHA-256 only. To look at it uses nothing up, since programs look at links
before people do; the button on its page does, and of two who press it at the same moment one gets in.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from gateway.access.callers import COLUMNS, KEY_WORKS, OWNERS, OWNERS_MAY, principal_of
from gateway.access.roles import Principal
from gateway.audit.writing import Entry, Who, write

#: Minutes for which a link works where nobody says so, and at most.
MINUTES: Final = 15
MOST_MINUTES: Final = 24 * 60
PARAMETER: Final = "link"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
#: Whom a link can be made for: a key that is in use, a person who has not ended.
_KEY: Final = f"""
    select {COLUMNS}, k.expires_at from access.api_key k left join access.person p using (person_id)
     where k.key_id = $1 and {KEY_WORKS} and p.ended_at is null"""  # noqa: S608 - constants only
_PERSON: Final = """
    select null as key_id, null as name, null as role, null::text[] as scopes, p.person_id, p.handle,
           p.role as person_role, null::timestamptz as expires_at, false as teamed, '{}'::text[] as teams
      from access.person p where p.handle = $1 and p.ended_at is null"""  # whom it is for; what he sees is asked then
_GOOD: Final = f"l.link_sha256 = $1 and l.used_at is null and l.expires_at > now() and {OWNERS_MAY}"
_LOOK: Final = f"""
    select {COLUMNS} from access.sign_in_link l join access.sign_in_link o using (link_sha256) {OWNERS}
     where {_GOOD}"""  # noqa: S608 - constants only
_USE: Final = f"""
    update access.sign_in_link l set used_at = now() from access.sign_in_link o {OWNERS}
     where o.link_sha256 = l.link_sha256 and {_GOOD} returning {COLUMNS}"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class NewLink:
    """A new sign-in link. `path` is shown once. `key_id` is empty if the link belongs to no key."""

    path: str
    key_id: str
    name: str
    role: str
    expires_at: datetime


class Links:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def make(self, key_id: str, minutes: float, by: Who) -> NewLink | None:
        """Make a link for a key; None for a key that does not work. The link ends with the key at the latest."""
        return await self._make(_KEY, key_id, minutes, by)

    async def make_for_person(self, handle: str, minutes: float, by: Who) -> NewLink | None:
        """Make a link for a person, with or without a key; None for an unknown person."""
        return await self._make(_PERSON, handle, minutes, by)

    async def _make(self, whose: str, which: str, minutes: float, by: Who) -> NewLink | None:
        secret = secrets.token_urlsafe(32)
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(whose, which)
            if row is None:
                return None
            principal = principal_of(row)
            until = await connection.fetchval(
                "insert into access.sign_in_link (link_sha256, key_id, person_id, made_by, expires_at)"
                " values ($1, $2, $3, $4, least(now() + make_interval(secs => $5), $6)) returning expires_at",
                _hash(secret),
                principal.key_id or None,
                None if principal.key_id else principal.person_id,
                by.actor,
                minutes * 60,
                row["expires_at"],
            )
            after = {"expires_at": until.isoformat(), "role": principal.role.value}
            await write(connection, by, [Entry("link.create", principal.kind, principal.target, after=after)])
        return NewLink(f"/login?{PARAMETER}={secret}", principal.key_id, principal.name, principal.role, until)

    async def look(self, secret: str) -> Principal | None:
        """Return the principal of a link; None if it is used, expired or unknown. The link stays usable."""
        if _SECRET.fullmatch(secret) is None:
            return None
        row = await self._pool.fetchrow(_LOOK, _hash(secret))
        return None if row is None else principal_of(row)

    async def use(self, connection: asyncpg.pool.PoolConnectionProxy, secret: str) -> Principal | None:
        """Use up a link and return its principal; None if it is used, expired or unknown.

        Belongs in the transaction that opens the sign-in.
        """
        if _SECRET.fullmatch(secret) is None:
            return None
        row = await connection.fetchrow(_USE, _hash(secret))
        return None if row is None else principal_of(row)

    async def sweep(self) -> None:
        """Delete links that ended a week ago."""
        await self._pool.execute("delete from access.sign_in_link where expires_at < now() - interval '7 days'")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
