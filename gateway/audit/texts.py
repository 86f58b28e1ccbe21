"""Encrypts what people write, each person's texts by a key of that person, before it is stored or logged."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4

import asyncpg
from starlette.requests import Request

from schemas.process.connection import Db
from schemas.written import KEY_BYTES, WriterKey, encrypted, has_text, written

#: Seconds for which the keys of writers are remembered: what an ended person still has decided by a gateway that does
#: not know it yet is encrypted by an erased key, which nobody reads either.
REMEMBER_S: Final = 10.0
#: Keys remembered at once; beyond it all are looked up again.
REMEMBERED: Final = 10_000
#: An erased person gets no key again: what a gateway that does not know it yet takes from them would stay readable.
_MAKE: Final = """
    insert into decide.writer_key (key_id, actor, key)
    select $1, $2, $3 where not exists (select from access.person where handle = $2 and erased_at is not null)
    on conflict (actor) where key is not null do nothing"""
_ERASED: Final = "select exists (select from access.person where handle = $1 and erased_at is not null)"
_OF: Final = "select key_id, key from decide.writer_key where actor = $1 and key is not null"


class Writers:
    """The keys of those who write, as this gateway remembers them. Raises asyncpg's errors."""

    def __init__(self, pool: asyncpg.Pool, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._known: dict[str, tuple[float, WriterKey]] = {}

    async def key(self, actor: str) -> WriterKey:
        """Return the key of who writes under a name; the first time it is made."""
        known = self._known.get(actor)
        if known is not None and known[0] > self._clock():
            return known[1]
        key = await key_of(self._pool, actor)
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[actor] = self._clock() + REMEMBER_S, key
        return key

    def forget(self, actor: str) -> None:
        """Look the key of this one up again."""
        self._known.pop(actor, None)


async def key_of(db: Db | asyncpg.Pool, actor: str) -> WriterKey:
    """Return the key of who writes under a name, and make it where there is none.

    Of a person who is erased it is one that is stored nowhere, so that nobody reads the text.
    """
    row = await db.fetchrow(_OF, actor)
    while row is None:  # somebody may erase it between the two
        key_id, key = uuid4(), secrets.token_bytes(KEY_BYTES)
        made = await db.execute(_MAKE, key_id, actor, key)
        row = await db.fetchrow(_OF, actor)
        if row is None and made.endswith(" 0") and await db.fetchval(_ERASED, actor):
            return WriterKey(str(key_id), key)
    return WriterKey(str(row["key_id"]), bytes(row["key"]))


async def text(request: Request, given: str) -> str:
    """Return the caller's text as it is stored: encrypted with the caller's key. An empty text stays empty."""
    return encrypted(given, await _own_key(request)) if given else ""


async def texts(request: Request, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a command's data with the caller's texts encrypted, as they are stored."""
    return written(data, await _own_key(request)) if has_text(data) else data


async def _own_key(request: Request) -> WriterKey:
    writers: Writers = request.state.services.writers
    return await writers.key(request.state.principal.name)
