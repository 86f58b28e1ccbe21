"""Decrypt what people wrote. Tables and log store it encrypted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from projections.reads.rows import Reader
from schemas.written import decrypted, key_ids

_KEYS = "select key_id, key from decide.writer_key where key_id = any ($1::uuid[]) and key is not null"


class Shown:
    """A reader that decrypts texts of people.

    Use the plain reader for what is stored again or goes to the log.
    """

    def __init__(self, db: Reader) -> None:
        self._db = db

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Return rows."""
        return await shown(self._db, await self._db.fetch(query, *args))

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """Return a row, None where there is none."""
        row = await self._db.fetchrow(query, *args)
        return row if row is None else (await shown(self._db, [row]))[0]

    async def fetchval(self, query: str, *args: Any) -> Any:
        """Return the first value of the first row."""
        value = await self._db.fetchval(query, *args)
        return await shown_text(self._db, value) if isinstance(value, str) else value


async def shown(db: Reader, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the rows with texts of people decrypted. Rows without any cost no query."""
    of_rows = [key_ids(row.values()) for row in rows]
    keys = await _keys(db, set().union(*of_rows))
    return [
        {name: decrypted(value, keys) for name, value in row.items()} if ids else row
        for row, ids in zip(rows, of_rows, strict=True)
    ]


async def shown_text(db: Reader, text: str) -> str:
    """Return a text with what people wrote decrypted."""
    ids = key_ids([text])
    return decrypted(text, await _keys(db, ids)) if ids else text


async def _keys(db: Reader, ids: Iterable[str]) -> Mapping[str, bytes]:
    wanted = sorted(ids)
    if not wanted:
        return {}
    return {str(row["key_id"]): row["key"] for row in await db.fetch(_KEYS, [UUID(one) for one in wanted])}
