"""Gives each question to the database a deadline of its own: many slow answers are none that stays away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, Final, TypeVar

from projections.reads.rows import Reader

#: Characters of a statement by which it is found among those of pg_stat_activity.
_SHOWN: Final = 120
_Answer = TypeVar("_Answer")


class Asking:
    """The questions of one look, one after another. `within_s`: for so long each of them is waited for.

    `asked` is the one that is waited for, or was answered last: what did not answer once a look has failed.
    """

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self.asked = ""
        self.answered = 0

    async def within(self, asked: str, answer: Awaitable[_Answer]) -> _Answer:
        """Wait for an answer. Raises TimeoutError where it does not come in time."""
        self.asked = " ".join(asked.split())[:_SHOWN]
        async with asyncio.timeout(self._within_s):
            found = await answer
        self.answered += 1
        return found


class Asked:
    """A reader each of whose statements has the deadline of a look's questions."""

    def __init__(self, db: Reader, asking: Asking) -> None:
        self._db = db
        self._asking = asking

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Return rows."""
        return await self._asking.within(query, self._db.fetch(query, *args))

    async def fetchrow(self, query: str, *args: Any) -> Any:
        """Return a row, None where there is none."""
        return await self._asking.within(query, self._db.fetchrow(query, *args))

    async def fetchval(self, query: str, *args: Any) -> Any:
        """Return the first value of the first row."""
        return await self._asking.within(query, self._db.fetchval(query, *args))
