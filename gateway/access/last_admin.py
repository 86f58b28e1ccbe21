"""Refuse changes after which no admin could sign in.

That is a key of the role admin, not limited to other scopes, that does not end by itself, of nobody or of a person with
that role. A person without a key comes in by a link, which an admin makes, or by a provider, which may be away: such
a person alone keeps no door open.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from gateway.access.callers import REVOKED
from schemas.process.connection import Db

#: One change of keys and people at a time, so that two admins do not end each other at once.
_LOCK: Final = 0x6B657973
_ADMIN_LEFT: Final = f"""
    select exists (select from access.api_key k left join access.person p using (person_id)
                    where k.role = 'admin' and ({REVOKED}) is null and k.expires_at is null
                      and (k.scopes = '{{}}' or 'admin' = any (k.scopes))
                      and (k.person_id is null or (p.role = 'admin' and p.ended_at is null)))"""  # noqa: S608 - constants only


class LastAdmin(Exception):  # noqa: N818 - it says what it is
    """The change would leave no admin who can sign in."""


@asynccontextmanager
async def keeping_an_admin(db: Db) -> AsyncIterator[None]:
    """Lock keys and people until the transaction ends. Raises LastAdmin, and the caller has to roll back."""
    await db.execute("select pg_advisory_xact_lock($1)", _LOCK)
    had = await db.fetchval(_ADMIN_LEFT)
    yield
    if had and not await db.fetchval(_ADMIN_LEFT):
        raise LastAdmin
