"""What changes an API key: made, renamed, given another role or end, its secret replaced, revoked. Each is audited.

Admins cannot lock everybody out: a key of the role admin that does not end by itself is left, where there was one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg

from gateway.access.roles import Role
from gateway.audit.writing import Entry, Who, write
from schemas.process.connection import Db

#: The longest time for which the secret before goes on working.
LONGEST_GRACE_S: Final = 7 * 86_400
#: One change of keys at a time, so that two admins do not revoke each other at once.
_LOCK: Final = 0x6B657973
_LASTING: Final = """
    select key_id from access.api_key where role = 'admin' and revoked_at is null and expires_at is null"""
#: What a change is told of, without secrets.
_SHOWN: Final = ("name", "role", "expires_at")


class LastAdmin(Exception):  # noqa: N818 - it says what it is
    """No lasting admin key would be left."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a key is to be from now on; None: as it is. `lasting`: it does not end by itself any more."""

    name: str | None = None
    role: Role | None = None
    expires_at: datetime | None = None
    lasting: bool = False


async def insert(
    db: Db, key_id: str, secret: str, name: str, role: Role, by: Who, expires_at: datetime | None = None
) -> bool:
    """Store a key unless its id is there; return whether it was stored."""
    done: str = await db.execute(
        "insert into access.api_key (key_id, name, role, secret_sha256, created_by, expires_at)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (key_id) do nothing",
        key_id,
        name,
        role,
        secret,
        by.actor,
        expires_at,
    )
    if not done.endswith("1"):
        return False
    after = _shown({"name": name, "role": role.value, "expires_at": expires_at})
    await write(db, by, [Entry("key.create", "key", key_id, after=after)])
    return True


async def change(db: Db, key_id: str, wanted: Change, by: Who) -> bool:
    """Change a key that is active; return whether there is one. Raises LastAdmin. Belongs in a transaction."""
    before = await _locked(db, key_id)
    if before is None:
        return False
    after = {
        "name": before["name"] if wanted.name is None else wanted.name,
        "role": before["role"] if wanted.role is None else wanted.role.value,
        "expires_at": None if wanted.lasting else wanted.expires_at or before["expires_at"],
    }
    if after["role"] != Role.ADMIN or after["expires_at"] is not None:
        await _demand_another(db, key_id)
    await db.execute(
        "update access.api_key set name = $2, role = $3, expires_at = $4 where key_id = $1",
        key_id,
        after["name"],
        after["role"],
        after["expires_at"],
    )
    told = Entry("key.change", "key", key_id, before=_shown(before), after=_shown(after))
    if told.before != told.after:
        await write(db, by, [told])
    return True


async def rotate(db: Db, key_id: str, secret: str, grace_s: float, by: Who) -> bool:
    """Give an active key another secret; the one before works for `grace_s` seconds more. Return whether there is one.

    Its sign-ins end with the secret before, its unused links at once. Belongs in a transaction.
    """
    if await _locked(db, key_id) is None:
        return False
    await db.execute(
        "update access.api_key set previous_sha256 = case when $3 > 0 then secret_sha256 end,"
        " previous_until = case when $3 > 0 then now() + make_interval(secs => $3) end, secret_sha256 = $2"
        " where key_id = $1",
        key_id,
        secret,
        grace_s,
    )
    if grace_s <= 0:
        await db.execute("delete from access.session where key_id = $1", key_id)
    else:
        await db.execute(
            "update access.session s set expires_at = least(s.expires_at, k.previous_until)"
            " from access.api_key k where k.key_id = $1 and s.key_id = k.key_id",
            key_id,
        )
    await db.execute("delete from access.sign_in_link where key_id = $1 and used_at is null", key_id)
    await write(db, by, [Entry("key.rotate", "key", key_id, after={"previous_works_s": grace_s})])
    return True


async def revoke(db: Db, key_id: str, by: Who) -> bool:
    """End a key, its sign-ins and its links; return whether there was one. Raises LastAdmin.

    Belongs in a transaction.
    """
    before = await _locked(db, key_id)
    if before is None:
        return False
    await _demand_another(db, key_id)
    await db.execute("update access.api_key set revoked_at = now() where key_id = $1", key_id)
    await db.execute("delete from access.session where key_id = $1", key_id)
    await db.execute("delete from access.sign_in_link where key_id = $1 and used_at is null", key_id)
    await write(db, by, [Entry("key.revoke", "key", key_id, before=_shown(before))])
    return True


def expiry(days: float | None) -> datetime | None:
    """Return when a key ends that is given so many days, None for one that does not."""
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


async def _locked(db: Db, key_id: str) -> asyncpg.Record | None:
    """Return a key that is not revoked, and let nobody else change keys until the transaction ends."""
    await db.execute("select pg_advisory_xact_lock($1)", _LOCK)
    found: asyncpg.Record | None = await db.fetchrow(
        "select name, role, expires_at from access.api_key where key_id = $1 and revoked_at is null for update", key_id
    )
    return found


async def _demand_another(db: Db, key_id: str) -> None:
    lasting = {row["key_id"] for row in await db.fetch(_LASTING)}
    if lasting == {key_id}:
        raise LastAdmin


def _shown(key: Any) -> dict[str, Any]:
    return {name: key[name].isoformat() if isinstance(key[name], datetime) else key[name] for name in _SHOWN}
