"""API keys: `mrs_<key id>_<secret>`.

The id is public, the secret has 256 random bits and is kept as its SHA-256 only. A verified key is remembered for a
few seconds, so that a request costs no query; a revoked key stops working everywhere within that time.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import asyncpg

from gateway.access import key_changes
from gateway.access.callers import KEY_WORKS, REVOKED, principal_of
from gateway.access.key_changes import Change, New
from gateway.access.key_lookup import KeyLookup
from gateway.access.key_text import NotAKey, new_key, split
from gateway.access.roles import Principal, Role
from gateway.access.scopes import KeyScope, opens
from gateway.audit.writing import Who

#: Seconds for which a verified key, or a refusal, is remembered.
REMEMBER_S: Final = 10.0
#: Keys remembered at once; beyond it all are looked up again.
REMEMBER_LIMIT: Final = 10_000
_WORKING: Final = f"""
    select key_id, scopes,
           array_remove(array[secret_sha256, case when previous_until > now() then previous_sha256 end], null)
               as secrets
      from access.api_key k where k.key_id = any($1::text[]) and {KEY_WORKS}"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a look-up: the key's caller, None if it is wrong or revoked. `named`: an active key has its id."""

    principal: Principal | None
    named: bool


_NOTHING: Final = Found(None, named=False)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made. `key` is the whole of it: shown now, and never again."""

    key_id: str
    name: str
    role: Role
    key: str
    expires_at: datetime | None = None
    person: str = ""
    scopes: tuple[KeyScope, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """A key without its secret. `person`: the handle of its owner, empty for none."""

    key_id: str
    name: str
    role: str
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None
    expires_at: datetime | None
    previous_until: datetime | None  # until when the secret before the last rotation works
    person: str
    scopes: Sequence[str]  # empty: all that its role may

    @property
    def over(self) -> bool:
        """Say whether the key has expired."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


class ApiKeys:
    """The keys in Postgres. Every method but a remembered `verify` raises asyncpg's errors where that is away."""

    def __init__(
        self, pool: asyncpg.Pool, remember: float = REMEMBER_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.pool = pool
        self._remember = remember
        self._clock = clock
        self._known: dict[bytes, tuple[float, str, Principal]] = {}
        self._wrong: dict[bytes, tuple[float, str, Found]] = {}
        self._lookup = KeyLookup(pool)
        self._asking: dict[bytes, asyncio.Task[tuple[Found, float]]] = {}
        self._forgot = 0  # how often all was forgotten: what was asked before is not remembered after

    def remembered(self, key: str) -> Principal | None:
        """Return the key's caller if it was verified a moment ago, without asking the database."""
        known = self._known.get(_digest(key))
        return known[2] if known is not None and known[0] > self._clock() else None

    async def verify(self, key: str) -> Principal | None:
        """Return the key's caller; None if the key is wrong or revoked."""
        return (await self.find(key)).principal

    async def find(self, key: str) -> Found:
        """Return the caller of a key, and whether an active key has its id."""
        digest = _digest(key)
        now = self._clock()
        known = self._known.get(digest)
        if known is not None and known[0] > now:
            return Found(known[2], named=True)
        wrong = self._wrong.get(digest)
        if wrong is not None and wrong[0] > now:
            return wrong[2]
        try:
            key_id, secret = split(key)
        except NotAKey:
            return _NOTHING
        asking = self._asking.get(digest)
        if asking is None:
            # a thousand requests at the moment of expiry ask once
            asking = asyncio.get_running_loop().create_task(self._look_up(key_id, secret))
            self._asking[digest] = asking
            forgot = self._forgot
            asking.add_done_callback(lambda task: self._looked_up(digest, key_id, task, forgot))
        found, _ = await asyncio.shield(asking)
        return found

    async def _look_up(self, key_id: str, secret: str) -> tuple[Found, float]:
        """Look a key up in the database; return the result, and for how many seconds it may be remembered."""
        row = await self._lookup.row_of(key_id)
        if row is None:
            return _NOTHING, self._remember
        lasts = self._remember if row["lasts_s"] is None else row["lasts_s"]
        if not hmac.compare_digest(row["secret_sha256"], secret):
            if not hmac.compare_digest(row["previous"], secret):
                return Found(None, named=True), self._remember
            lasts = min(lasts, row["previous_s"])
        if row["stale"]:
            await self.pool.execute("update access.api_key set last_used_at = now() where key_id = $1", key_id)
        return Found(principal_of(row), named=True), lasts

    def _looked_up(self, digest: bytes, key_id: str, task: asyncio.Task[tuple[Found, float]], forgot: int) -> None:
        if self._asking.get(digest) is task:
            del self._asking[digest]
        if task.cancelled() or task.exception() is not None or forgot != self._forgot:
            return
        found, lasts = task.result()
        until = self._clock() + min(self._remember, lasts)
        # apart: a flood of wrong keys makes nobody's right one be looked up again
        if found.principal is None:
            if len(self._wrong) >= REMEMBER_LIMIT:
                self._wrong.clear()
            self._wrong[digest] = (until, key_id, found)
            return
        if len(self._known) >= REMEMBER_LIMIT:
            self._known.clear()
        self._known[digest] = (until, key_id, found.principal)

    async def create(
        self,
        name: str,
        role: Role,
        by: Who | str,
        expires_at: datetime | None = None,
        person: str = "",
        scopes: tuple[KeyScope, ...] = (),
    ) -> NewKey:
        """Make a key. `by`: its maker, a person or a command. `person`: the handle of its owner.

        Raises NoSuchPerson, NameTaken.
        """
        key_id, key = new_key()
        await self._insert(key, New(name, role, expires_at, person, scopes), _who(by))
        return NewKey(key_id, name, role, key, expires_at, person, scopes)

    async def ensure(self, key: str, name: str, role: Role) -> bool:
        """Store a given key unless its id exists; return whether it was stored. Raises NotAKey."""
        return await self._insert(key, New(name, role), Who(actor="bootstrap"))

    async def _insert(self, key: str, new: New, by: Who) -> bool:
        key_id, secret = split(key)
        async with self.pool.acquire() as connection, connection.transaction():
            stored = await key_changes.insert(connection, key_id, secret, new, by)
        self.forget(key_id)
        return stored

    async def change(self, key_id: str, wanted: Change, by: Who | str) -> bool:
        """Change an active key; return whether there is one. Raises LastAdmin, NoSuchPerson, NameTaken."""
        async with self.pool.acquire() as connection, connection.transaction():
            done = await key_changes.change(connection, key_id, wanted, _who(by))
        self.forget(key_id)
        return done

    async def rotate(self, key_id: str, grace_s: float, by: Who | str) -> str | None:
        """Give a key another secret and return the whole key; None for a key that does not work.

        The secret before works for `grace_s` seconds more.
        """
        key = f"mrs_{key_id}_{secrets.token_urlsafe(32)}"
        try:
            _, secret = split(key)
        except NotAKey:
            return None
        async with self.pool.acquire() as connection, connection.transaction():
            done = await key_changes.rotate(connection, key_id, secret, grace_s, _who(by))
        self.forget(key_id)
        return key if done else None

    async def revoke(self, key_id: str, by: Who | str = "") -> bool:
        """End a key and its sign-ins; return whether there was one to end. Raises LastAdmin."""
        async with self.pool.acquire() as connection, connection.transaction():
            done = await key_changes.revoke(connection, key_id, _who(by))
        self.forget(key_id)
        return done

    async def working(self, key_ids: Sequence[str], needed: KeyScope) -> dict[str, frozenset[str]]:
        """Return key id -> digests of its valid secrets, for those keys that are active and have the scope `needed`."""
        if not key_ids:
            return {}
        rows = await self.pool.fetch(_WORKING, list(key_ids))
        return {row["key_id"]: frozenset(row["secrets"]) for row in rows if opens(row["scopes"], needed)}

    def forget(self, key_id: str) -> None:
        """Drop the remembered results of a key, right or wrong."""
        self._known = {d: known for d, known in self._known.items() if known[1] != key_id}
        self._wrong = {d: wrong for d, wrong in self._wrong.items() if wrong[1] != key_id}

    def forget_person(self, person_id: str) -> None:
        """Drop the remembered keys of a person."""
        self._known = {d: known for d, known in self._known.items() if known[2].person_id != person_id}

    def forget_all(self) -> None:
        """Drop all remembered right keys, and the results of look-ups in flight."""
        self._known, self._asking = {}, {}
        self._forgot += 1

    async def all(self) -> list[KeyInfo]:
        """Return every key, revoked ones too, newest first."""
        rows = await self.pool.fetch(
            "select k.key_id, k.name, k.role, k.created_at, k.created_by, k.last_used_at, k.expires_at,"  # noqa: S608 - constants only
            f" {REVOKED} as revoked_at,"
            " case when k.previous_until > now() then k.previous_until end as previous_until,"
            " coalesce(p.handle, '') as person, k.scopes"
            " from access.api_key k left join access.person p using (person_id)"
            " order by k.created_at desc, k.key_id"
        )
        return [KeyInfo(**row) for row in rows]

    async def any_active(self) -> bool:
        found: bool = await self.pool.fetchval(f"select exists (select 1 from access.api_key k where {KEY_WORKS})")  # noqa: S608 - constants only
        return found


def _who(by: Who | str) -> Who:
    return Who(actor=by) if isinstance(by, str) else by


def _digest(key: str) -> bytes:
    # what is remembered is found by a digest: the live secrets themselves are not kept in memory
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
