"""Make, change, end and erase people, who act by keys, links and sign-ins. Each change is audited.

The handle is the actor of events and of the audit: it never changes and is never given again, so an ended person stays.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from gateway.access import key_changes
from gateway.access.callers import KEY_WORKS, REVOKED
from gateway.access.key_changes import HAS_HANDLE
from gateway.access.last_admin import keeping_an_admin
from gateway.access.person_erasure import UNLINK
from gateway.access.roles import PERSON, Role
from gateway.access.seeing import all_who_see
from gateway.access.teams import changed, leave
from gateway.audit.texts import key_of
from gateway.audit.writing import Entry, Who, write
from schemas.process.connection import Db
from schemas.written import WriterKey, encrypted

#: What a handle looks like: harmless in texts, addresses and commands, and of one spelling.
HANDLE: Final = r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?"
#: Seconds for which the names of people are remembered.
REMEMBER_S: Final = 10.0
#: Handles that mean somebody or nobody already.
RESERVED: Final = frozenset({"bootstrap", "me", "nobody", "system"})
_SHOWN: Final = ("name", "email", "role", "reminders", "language")
#: What such a key does would be told as the person's.
_KEYS_NAME: Final = f"""
    select exists (select from access.api_key k where k.name = $1 and k.person_id is null and ({REVOKED}) is null)"""  # noqa: S608 - constants only
_ALL: Final = f"""
    select p.handle, p.name, coalesce(p.email, '') as email, p.role, p.reminders, p.language,
           p.made_at, p.made_by, p.ended_at, p.erased_at,
           coalesce(o.keys, 0) as keys, coalesce(i.sign_ins, 0) as sign_ins, i.seen_at,
           coalesce((select case m.state when 'failed' then m.error else '' end from flow.alert_message m
                      where m.person_id = p.person_id and m.ended_at is not null
                      order by m.created_at desc limit 1), '') as reminder_error
      from access.person p
      left join (select k.person_id, count(*) as keys from access.api_key k
                  where k.person_id is not null and {KEY_WORKS} group by 1) o using (person_id)
      left join (select coalesce(s.person_id, k.person_id) as person_id, count(*) as sign_ins, max(s.seen_at) as seen_at
                   from access.session s left join access.api_key k on k.key_id = s.key_id
                  where s.expires_at > now() group by 1) i using (person_id)"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class New:
    """A person to be made. `email` is empty if it is unknown."""

    handle: str
    name: str
    role: Role
    email: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Changes of a person; None leaves a property as it is. `email` empty removes it.

    `reminders`: whether the person is reminded of their tasks; `language`: in which, "" in that of all messages.
    """

    name: str | None = None
    role: Role | None = None
    email: str | None = None
    reminders: bool | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PersonInfo:
    """A person with the number of working keys and open sign-ins; `seen_at`: the last use of an open one.

    `reminder_error`: why the last reminder of their tasks did not arrive, "" where it did, or there was none.
    """

    handle: str
    name: str
    email: str
    role: str
    reminders: bool
    language: str
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    erased_at: datetime | None
    keys: int
    sign_ins: int
    seen_at: datetime | None
    reminder_error: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed person, and the callers whose open connections have to notice it."""

    person_id: str
    callers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A person as lists and tasks name them."""

    name: str
    ended: bool


class Taken(Exception):  # noqa: N818 - it says what it is
    """The handle, the e-mail or the name is in use by a person or an unowned key; `field` says which of them."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class People:
    """The people in Postgres. Every method raises asyncpg's errors where that is away."""

    def __init__(self, pool: asyncpg.Pool, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._known: tuple[float, Mapping[str, Known]] = (-REMEMBER_S, {})

    async def known(self) -> Mapping[str, Known]:
        """Return every person by handle, ended ones too, as remembered: at most REMEMBER_S old, without a query."""
        at, known = self._known
        if self._clock() - at >= REMEMBER_S:
            rows = await self._pool.fetch(
                "select handle, name, ended_at is not null as ended from access.person order by handle"
            )
            known = {row["handle"]: Known(row["name"], row["ended"]) for row in rows}
            self._known = self._clock(), known
        return known

    async def who_see(self, plan_id: UUID) -> frozenset[str]:
        """Return the handles of those who see a plan and have not ended: a task of it can be assigned to them."""
        return await all_who_see(self._pool, plan_id)

    def forget(self) -> None:
        """Drop the remembered people."""
        self._known = (-REMEMBER_S, {})

    async def make(self, new: New, by: Who) -> None:
        """Make a person. Raises Taken."""
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                if await connection.fetchval(_KEYS_NAME, new.handle):
                    raise Taken("key")
                await insert(connection, new, by)
        except asyncpg.UniqueViolationError as error:
            raise _taken(error) from None
        self.forget()

    async def change(self, handle: str, wanted: Change, by: Who) -> Changed | None:
        """Change a person; None if there is none, or the person has ended. Raises LastAdmin, Taken."""
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                changed = await _change(connection, handle, wanted, by)
        except asyncpg.UniqueViolationError as error:
            raise _taken(error) from None
        self.forget()
        return changed

    async def end(self, handle: str, by: Who) -> Changed | None:
        """End a person for good, with keys, sign-ins and links; None if unknown or ended before.

        Raises LastAdmin.
        """
        async with self._pool.acquire() as connection, connection.transaction(), keeping_an_admin(connection):
            was = await _locked(connection, handle)
            if was is None:
                return None
            person_id = was["person_id"]
            keys = await key_changes.revoke_of(connection, person_id, by)
            await connection.execute("update access.person set ended_at = now() where person_id = $1", person_id)
            await leave(connection, person_id)
            await connection.execute("delete from access.session where person_id = $1", person_id)
            await connection.execute(
                "delete from access.sign_in_link where person_id = $1 and used_at is null", person_id
            )
            told = _told(_shown(was), await key_of(connection, handle))
            await write(connection, by, [Entry("person.end", "person", handle, before=told)])
        self.forget()
        return Changed(person_id, (*keys, f"{PERSON}{person_id}"))

    async def all(self) -> list[PersonInfo]:
        """Return every person by handle, ended ones last."""
        rows = await self._pool.fetch(f"{_ALL} order by p.ended_at is not null, p.handle")
        return [PersonInfo(**row) for row in rows]

    async def find(self, handle: str) -> PersonInfo | None:
        """Return one person, None where there is none."""
        row = await self._pool.fetchrow(f"{_ALL} where p.handle = $1", handle)
        return None if row is None else PersonInfo(**row)

    async def ended(self, callers: Sequence[str]) -> list[str]:
        """Return which of these callers without a key have ended, through any gateway."""
        ids = [one.removeprefix(PERSON) for one in callers if one.startswith(PERSON)]
        if not ids:
            return []
        rows = await self._pool.fetch(
            "select person_id from access.person where person_id = any ($1::text[]) and ended_at is null", ids
        )
        there = {row["person_id"] for row in rows}
        return [f"{PERSON}{one}" for one in ids if one not in there]


async def insert(db: Db, new: New, by: Who) -> str:
    """Store a person; return the person's id. Raises asyncpg.UniqueViolationError. Belongs in a transaction."""
    person_id = secrets.token_hex(6)
    await db.execute(
        "insert into access.person (person_id, handle, name, email, role, made_by) values ($1, $2, $3, $4, $5, $6)",
        person_id,
        new.handle,
        new.name,
        new.email.lower() or None,
        new.role,
        by.actor,
    )
    after = {"name": new.name, "email": new.email.lower() or None, "role": new.role.value}
    key = await key_of(db, new.handle)
    await write(db, by, [Entry("person.create", "person", new.handle, after=_told(after, key))])
    return person_id


async def name_is_free(db: Db, handle: str) -> bool:
    """Say whether no person has, or had, this handle, and no unowned key this name."""
    known = await db.fetchval(HAS_HANDLE, handle)
    return not known and not await db.fetchval(_KEYS_NAME, handle)


async def _change(db: Db, handle: str, wanted: Change, by: Who) -> Changed | None:
    async with keeping_an_admin(db):
        before = await _locked(db, handle)
        if before is None:
            return None
        after = {
            "name": before["name"] if wanted.name is None else wanted.name,
            "email": before["email"] if wanted.email is None else wanted.email.lower() or None,
            "role": before["role"] if wanted.role is None else wanted.role.value,
            "reminders": before["reminders"] if wanted.reminders is None else wanted.reminders,
            "language": before["language"] if wanted.language is None else wanted.language,
        }
        await db.execute(
            "update access.person set name = $2, email = $3, role = $4, reminders = $5, language = $6"
            " where person_id = $1",
            before["person_id"],
            *after.values(),
        )
        if after["email"] != before["email"]:  # whoever had that one signs in as this person no more
            await db.execute(UNLINK, before["person_id"])
        if after["role"] != before["role"]:
            await changed(db)
    if _shown(before) != after:
        key = await key_of(db, handle)
        told = Entry("person.change", "person", handle, before=_told(_shown(before), key), after=_told(after, key))
        await write(db, by, [told])
    return Changed(before["person_id"], ())


async def _locked(db: Db, handle: str) -> asyncpg.Record | None:
    """Lock and return a person until the transaction ends; None if unknown or ended."""
    found: asyncpg.Record | None = await db.fetchrow(
        "select person_id, name, email, role, reminders, language from access.person"
        " where handle = $1 and ended_at is null for update",
        handle,
    )
    return found


def _shown(person: asyncpg.Record) -> dict[str, Any]:
    return {name: person[name] for name in _SHOWN}


def _told(person: Mapping[str, Any], key: WriterKey) -> dict[str, Any]:
    """Return the audit's fields of a person. Name and e-mail are encrypted by the person's key, which can be erased."""
    return {
        "name": encrypted(person["name"], key),
        "email": encrypted(person["email"], key) if person["email"] else person["email"],
        "role": person["role"],
        **({"reminders": person["reminders"], "language": person["language"]} if "reminders" in person else {}),
    }


def _taken(error: asyncpg.UniqueViolationError) -> Taken:
    return Taken("email" if error.constraint_name == "person_email" else "handle")
