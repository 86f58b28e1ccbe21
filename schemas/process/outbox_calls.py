"""How the relay hears of new events in the outbox: from its own gateway directly, from other processes by Postgres.

A call is only sooner than the relay's own look, and may be lost. It is a transaction of its own, after the one that
stored the event: Postgres lets transactions that notify commit one after the other, and those of decisions are many.
The watchdog's are few: it calls in the transaction that stores.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final, Protocol

from schemas.process.database_away import DATABASE_FAILS

#: The channel of Postgres on which a relay at work listens.
CHANNEL: Final = "outbox"
#: What a session executes to call the relay.
CALL: Final = f"notify {CHANNEL}"
#: Calls are no closer together than this: what is stored meanwhile is called for at once.
GATHER_S: Final = 0.003


class Pool(Protocol):
    """A pool of connections, as far as a call needs it."""

    async def execute(self, query: str) -> Any: ...


class Caller:
    """Calls the relay, in the background."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._due = False
        self._calling: asyncio.Task[None] | None = None

    def call(self) -> None:
        """Say that something was stored."""
        self._due = True
        if self._calling is None or self._calling.done():
            self._calling = asyncio.get_running_loop().create_task(self._call())

    async def _call(self) -> None:
        while self._due:
            self._due = False
            with suppress(*DATABASE_FAILS):  # then the relay looks by itself
                await self._pool.execute(CALL)
            await asyncio.sleep(GATHER_S)
