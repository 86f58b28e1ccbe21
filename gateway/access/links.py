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

from gateway.access.roles import Principal, Role
from gateway.audit.writing import Entry, Who, write

#: Minutes for which a link works where nobody says so, and at most.
MINUTES: Final = 15
MOST_MINUTES: Final = 24 * 60
PARAMETER: Final = "link"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_GOOD: Final = """
    l.link_sha256 = $1 and l.used_at is null and l.expires_at > now() and k.key_id = l.key_id
    and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())"""


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made. `path` is shown now, and never again."""

    path: str
    key_id: str
    name: str
    role: str
    expires_at: datetime


class Links:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def make(self, key_id: str, minutes: float, by: Who) -> NewLink | None:
        """Make a link for a key; None where there is no such active key. It works no longer than the key."""
        secret = secrets.token_urlsafe(32)
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(
                "insert into access.sign_in_link (link_sha256, key_id, made_by, expires_at)"
                " select $1, k.key_id, $3, least(now() + make_interval(secs => $4), k.expires_at)"
                "   from access.api_key k where k.key_id = $2 and k.revoked_at is null"
                "    and (k.expires_at is null or k.expires_at > now()) returning expires_at",
                _hash(secret),
                key_id,
                by.actor,
                minutes * 60,
            )
            if row is None:
                return None
            (key,) = await connection.fetch("select name, role from access.api_key where key_id = $1", key_id)
            after = {"expires_at": row["expires_at"].isoformat(), "role": key["role"]}
            await write(connection, by, [Entry("link.create", "key", key_id, after=after)])
        return NewLink(f"/login?{PARAMETER}={secret}", key_id, key["name"], key["role"], row["expires_at"])

    async def look(self, secret: str) -> Principal | None:
        """Return whom a link would sign in, None where it is used up, too old or none. Uses nothing up."""
        if _SECRET.fullmatch(secret) is None:
            return None
        row = await self._pool.fetchrow(
            f"select k.key_id, k.name, k.role from access.sign_in_link l, access.api_key k where {_GOOD}",  # noqa: S608
            _hash(secret),
        )
        return None if row is None else Principal(row["key_id"], row["name"], Role(row["role"]))

    async def use(self, connection: asyncpg.pool.PoolConnectionProxy, secret: str) -> Principal | None:
        """Use a link up and return whom it signs in, None where somebody else did, or it is too old or none.

        Belongs in the transaction that opens the sign-in.
        """
        if _SECRET.fullmatch(secret) is None:
            return None
        row = await connection.fetchrow(
            f"update access.sign_in_link l set used_at = now() from access.api_key k where {_GOOD}"  # noqa: S608
            " returning k.key_id, k.name, k.role",
            _hash(secret),
        )
        return None if row is None else Principal(row["key_id"], row["name"], Role(row["role"]))

    async def sweep(self) -> None:
        """Delete links that ended a week ago."""
        await self._pool.execute("delete from access.sign_in_link where expires_at < now() - interval '7 days'")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
