"""The relay's session at the database, for two goes beside each other: it is asked one thing after another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from schemas.process import database
from schemas.process.database_away import DATABASE_AWAY
from schemas.process.named import named
from schemas.process.sessions import never_frozen


class Session:
    """The session that holds the relay's lock; `look` is the statement that reads the outbox."""

    def __init__(self, connection: asyncpg.Connection, look: PreparedStatement) -> None:
        self._connection = connection
        self._look = look
        self._turn = asyncio.Lock()

    async def execute(self, query: str, *args: Any) -> Any:
        """Execute a statement."""
        async with self._turn:
            return await self._connection.execute(query, *args)

    async def fetch(self, query: str, *args: Any) -> Any:
        """Return rows."""
        async with self._turn:
            return await self._connection.fetch(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        """Return one value."""
        async with self._turn:
            return await self._connection.fetchval(query, *args)

    async def look(self, most: int, known: Sequence[int]) -> Sequence[asyncpg.Record]:
        """Return rows to publish, without those that are known."""
        async with self._turn:
            rows: list[asyncpg.Record] = await self._look.fetch(most, known)
            return rows


async def connect(database_url: str) -> asyncpg.Connection:
    """Return the connection that holds the relay's lock. Raises what `lost` knows where no server takes it."""
    # a crash of the server may take the last marks back: what was sent is sent again, as after a crash of the relay
    session = {"synchronous_commit": "off", **database.PLANNED_ONCE, **never_frozen()}
    try:
        return await database.connect(database_url, "relay", session=session)
    except OSError as error:  # a broker that is away raises such ones, too
        raise asyncpg.ConnectionDoesNotExistError(named(error)) from error


def lost(error: Exception) -> bool:
    """Say whether an error is that the database took no session, or ended one, and so says nothing of the broker."""
    return isinstance(error, DATABASE_AWAY) and not isinstance(error, OSError)
