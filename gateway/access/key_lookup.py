"""Look keys up in batches: keys that arrive while a query is in flight share the next one.

So however many keys strangers send, they cost a statement at a time, and a right key waits for no more than the
statements that are under way and its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from gateway.access.callers import COLUMNS, KEY_WORKS

#: Statements that are under way at the same time; the database's other connections are for what right keys ask.
AT_ONCE: Final = 2
#: Keys that one statement asks for.
MOST: Final = 1000
_LOOK_UP: Final = f"""
    select {COLUMNS}, k.secret_sha256, coalesce(k.last_used_at < now() - interval '1 minute', true) as stale,
           case when k.previous_until > now() then k.previous_sha256 else '' end as previous,
           extract(epoch from k.previous_until - now())::float8 as previous_s,
           extract(epoch from k.expires_at - now())::float8 as lasts_s
      from access.api_key k left join access.person p using (person_id)
     where k.key_id = any($1::text[]) and {KEY_WORKS} and p.ended_at is null"""  # noqa: S608 - constants only

Rows = Mapping[str, asyncpg.Record]


@dataclass(slots=True)
class _Statement:
    """A query that waits to be sent, with the key ids that have joined it."""

    key_ids: set[str] = field(default_factory=set)
    answer: asyncio.Task[Rows] | None = None


class KeyLookup:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._sending = asyncio.Semaphore(AT_ONCE)
        self._next: _Statement | None = None

    async def row_of(self, key_id: str) -> asyncpg.Record | None:
        """Return the row of a working key, None where there is none. Raises asyncpg's errors."""
        joined = self._next
        if joined is None or len(joined.key_ids) >= MOST:
            joined = self._next = _Statement()
        joined.key_ids.add(key_id)
        if joined.answer is None:
            joined.answer = asyncio.create_task(self._ask(joined))
            joined.answer.add_done_callback(_heard)
        # whoever asked first may go: the others hear all the same
        return (await asyncio.shield(joined.answer)).get(key_id)

    async def _ask(self, statement: _Statement) -> Rows:
        async with self._sending:
            if self._next is statement:
                self._next = None  # what comes from now on goes with another one
            return {row["key_id"]: row for row in await self._pool.fetch(_LOOK_UP, list(statement.key_ids))}


def _heard(asked: asyncio.Task[Rows]) -> None:
    if not asked.cancelled():
        asked.exception()  # everybody who asked may have gone
