"""Change API keys: make, rename, assign, rotate and revoke them, and change their role or expiry.

Each is audited, and none of them takes the last way in of an admin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg

from gateway.access.callers import REVOKED
from gateway.access.last_admin import keeping_an_admin
from gateway.access.roles import Role
from gateway.access.scopes import KeyScope
from gateway.access.teams import changed
from gateway.audit.texts import key_of
from gateway.audit.writing import Entry, Who, write
from schemas.process.connection import Db
from schemas.written import WriterKey, encrypted

#: The longest time for which the secret before goes on working.
LONGEST_GRACE_S: Final = 7 * 86_400
#: What a change is told of, without secrets.
_SHOWN: Final = ("name", "role", "scopes", "expires_at", "person")
_ACTIVE: Final = f"""
    select k.name, k.role, k.scopes, k.expires_at, p.handle as person
      from access.api_key k left join access.person p using (person_id)
     where k.key_id = $1 and ({REVOKED}) is null for update of k"""  # noqa: S608 - constants only
#: Whether a person has, or had, this handle.
HAS_HANDLE: Final = "select exists (select from access.person where handle = $1)"
#: What gateways of 0.2.0 go by: to them a limited key is a revoked one.
_HIDDEN: Final = "case when cardinality({}::text[]) > 0 then now() end"


class NoSuchPerson(Exception):  # noqa: N818 - it says what it is
    """No person has this handle, or the person has ended."""


class NameTaken(Exception):  # noqa: N818 - it says what it is
    """An unowned key may not have a person's handle as its name: its acts would be recorded as that person's."""


@dataclass(frozen=True, slots=True)
class New:
    """A key to be made. `person`: the handle of its owner, empty for none; `scopes` empty: all that its role may."""

    name: str
    role: Role
    expires_at: datetime | None = None
    person: str = ""
    scopes: tuple[KeyScope, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Changes of a key; None leaves a property as it is. `lasting`: the key no longer expires.

    `person`: the handle of whom it belongs to from now on, empty for nobody. `scopes` empty: no limit any more.
    """

    name: str | None = None
    role: Role | None = None
    expires_at: datetime | None = None
    lasting: bool = False
    person: str | None = None
    scopes: tuple[KeyScope, ...] | None = None


async def insert(db: Db, key_id: str, secret: str, new: New, by: Who) -> bool:
    """Store a key unless its id is there; return whether it was stored. Raises NoSuchPerson, NameTaken."""
    person_id = await _owner(db, new.person, new.name)
    done: str = await db.execute(
        "insert into access.api_key (key_id, name, role, secret_sha256, created_by, expires_at, person_id,"  # noqa: S608 - constants only
        f" scopes, revoked_at) values ($1, $2, $3, $4, $5, $6, $7, $8, {_HIDDEN.format('$8')})"
        " on conflict (key_id) do nothing",
        key_id,
        new.name,
        new.role,
        secret,
        by.actor,
        new.expires_at,
        person_id,
        list(new.scopes),
    )
    if not done.endswith("1"):
        return False
    after = {
        "name": new.name,
        "role": new.role.value,
        "scopes": list(new.scopes),
        "expires_at": new.expires_at,
        "person": new.person or None,
    }
    await write(db, by, [Entry("key.create", "key", key_id, after=_told(after, await _writer(db, after)))])
    return True


async def change(db: Db, key_id: str, wanted: Change, by: Who) -> bool:
    """Change a key that is active; return whether there is one. Raises LastAdmin, NoSuchPerson, NameTaken.

    Belongs in a transaction.
    """
    async with keeping_an_admin(db):
        before = await _active(db, key_id)
        if before is None:
            return False
        after: dict[str, Any] = {
            "name": before["name"] if wanted.name is None else wanted.name,
            "role": before["role"] if wanted.role is None else wanted.role.value,
            "scopes": before["scopes"] if wanted.scopes is None else list(wanted.scopes),
            "expires_at": None if wanted.lasting else wanted.expires_at or before["expires_at"],
            "person": before["person"] if wanted.person is None else wanted.person or None,
        }
        await db.execute(
            "update access.api_key set name = $2, role = $3, expires_at = $4, person_id = $5, scopes = $6,"  # noqa: S608 - constants only
            f" revoked_at = {_HIDDEN.format('$6')} where key_id = $1",
            key_id,
            after["name"],
            after["role"],
            after["expires_at"],
            await _owner(db, after["person"], after["name"]),
            after["scopes"],
        )
        if (before["role"], before["person"]) != (after["role"], after["person"]):
            await changed(db)
    was_by, is_by = await _writer(db, before), await _writer(db, after)
    told = Entry("key.change", "key", key_id, before=_told(before, was_by), after=_told(after, is_by))
    if told.before != told.after:
        await write(db, by, [told])
    return True


async def rotate(db: Db, key_id: str, secret: str, grace_s: float, by: Who) -> bool:
    """Give an active key another secret; the one before works for `grace_s` seconds more. Return whether there is one.

    Its sign-ins end with the secret before, its unused links at once. Belongs in a transaction.
    """
    if await _active(db, key_id) is None:
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
    async with keeping_an_admin(db):
        before = await _active(db, key_id)
        if before is None:
            return False
        await end(db, {key_id: before}, by)
    return True


async def revoke_of(db: Db, person_id: str, by: Who) -> list[str]:
    """End the keys of a person, as `revoke` does; return their ids. Belongs within `keeping_an_admin`."""
    rows = await db.fetch(
        "select k.key_id, k.name, k.role, k.scopes, k.expires_at, p.handle as person"  # noqa: S608 - constants only
        "  from access.api_key k join access.person p using (person_id)"
        f" where k.person_id = $1 and ({REVOKED}) is null order by k.key_id for update of k",
        person_id,
    )
    found = {row["key_id"]: row for row in rows}
    await end(db, found, by)
    return list(found)


async def end(db: Db, keys: Mapping[str, asyncpg.Record], by: Who) -> None:
    """End keys with their sign-ins and unused links, with an audit entry for each."""
    ids: Sequence[str] = list(keys)
    await db.execute(
        "update access.api_key set revoked_at = now(), ended_at = now() where key_id = any ($1::text[])", ids
    )
    await db.execute("delete from access.session where key_id = any ($1::text[])", ids)
    await db.execute("delete from access.sign_in_link where key_id = any ($1::text[]) and used_at is null", ids)
    told = [Entry("key.revoke", "key", one, before=_told(was, await _writer(db, was))) for one, was in keys.items()]
    await write(db, by, told)


def expiry(days: float | None) -> datetime | None:
    """Return when a key of so many days expires; None for one that does not."""
    return None if days is None else datetime.now(UTC) + timedelta(days=days)


async def _active(db: Db, key_id: str) -> asyncpg.Record | None:
    """Return an active key, locked until the transaction ends; None if there is none."""
    found: asyncpg.Record | None = await db.fetchrow(_ACTIVE, key_id)
    return found


async def _owner(db: Db, handle: str | None, name: str) -> str | None:
    """Return the id of the future owner of a key of this name, None without one. Raises NoSuchPerson, NameTaken."""
    if not handle:
        if await db.fetchval(HAS_HANDLE, name):
            raise NameTaken(name)
        return None
    # locked, so that the person does not end while they get a key
    found: str | None = await db.fetchval(
        "select person_id from access.person where handle = $1 and ended_at is null for share", handle
    )
    if found is None:
        raise NoSuchPerson(handle)
    return found


async def _writer(db: Db, key: Any) -> WriterKey | None:
    """Return the person's data key, which encrypts the API key's name; None for a key without an owner."""
    return await key_of(db, key["person"]) if key["person"] else None


def _told(key: Any, writer: WriterKey | None) -> dict[str, Any]:
    """Return the audit's fields of a key. The name of a person's key is encrypted."""
    return {**_shown(key), "name": key["name"] if writer is None else encrypted(key["name"], writer)}


def _shown(key: Any) -> dict[str, Any]:
    return {name: key[name].isoformat() if isinstance(key[name], datetime) else key[name] for name in _SHOWN}
