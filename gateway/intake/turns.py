"""Chooses whose document is read next: the caller's with the fewest present readings, then the one that came first.

Otherwise one person with a folder of slow documents would make all others wait.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Gives up to `at_once` turns at a time, in fair shares among callers. For one event loop."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._at_work: Counter[str] = Counter()
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []

    def locked(self) -> bool:
        """Return whether the next one has to wait."""
        return self._free == 0

    @asynccontextmanager
    async def of(self, who: str) -> AsyncIterator[None]:
        """Wait for a turn, and hold it while the block lasts."""
        await self._begin(who)
        try:
            yield
        finally:
            self._end(who)

    async def _begin(self, who: str) -> None:
        if self._free:
            self._free -= 1
            self._at_work[who] += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = who, turn
        self._waiting.append(entry)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():  # it was given, and is not taken any more
                self._end(who)
            elif entry in self._waiting:
                self._waiting.remove(entry)
            raise

    def _end(self, who: str) -> None:
        self._at_work[who] -= 1
        if not self._at_work[who]:
            del self._at_work[who]
        self._waiting = [entry for entry in self._waiting if not entry[1].done()]
        if not self._waiting:
            self._free += 1
            return
        # `min` takes the first of equals
        entry = min(self._waiting, key=lambda one: self._at_work[one[0]])
        self._waiting.remove(entry)
        self._at_work[entry[0]] += 1
        entry[1].set_result(None)
