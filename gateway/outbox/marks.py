"""Which rows the broker has acknowledged, until they are marked as published.

A mark is a transaction, and nobody waits for it: those of a quarter of a second are written together. It is written by
the session that holds the relay's lock, or not at all: another relay may have seen by then that the log lost a record,
and published it again.
"""

from __future__ import annotations

import time
from typing import Any, Final, Protocol

#: For how long a row waits for its mark, so that others share the transaction.
GATHER_S: Final = 0.25
#: A row that was acknowledged before that is not marked any more: the log may have lost it meanwhile. It is sent again.
STALE_S: Final = 5.0

_MARK: Final = "update decide.outbox set published_at = now() where seq = any($1)"


class Connection(Protocol):
    """A database connection, as far as marks need it."""

    async def execute(self, query: str, *args: Any) -> Any: ...


class Marks:
    """The rows that one session of the relay has yet to mark."""

    def __init__(self) -> None:
        self._acknowledged: dict[int, float] = {}  # when, of a clock that never goes back; the oldest first

    def add(self, rows: list[int]) -> None:
        """Take note of rows that the broker has just acknowledged."""
        self._acknowledged |= dict.fromkeys(rows, time.monotonic())

    @property
    def waiting(self) -> list[int]:
        """Return the rows without a mark."""
        return list(self._acknowledged)

    def due_s(self) -> float:
        """Return for how long nothing has to be marked; infinity where nothing waits."""
        oldest = next(iter(self._acknowledged.values()), float("inf"))
        return max(0.0, oldest + GATHER_S - time.monotonic())

    async def write(self, connection: Connection) -> int:
        """Mark all that wait; return how many."""
        stale = time.monotonic() - STALE_S
        seen = dict(self._acknowledged)
        rows = [seq for seq, at in seen.items() if at > stale]
        if rows:
            await connection.execute(_MARK, rows)
        for seq in seen:  # what was acknowledged meanwhile waits for the next mark
            del self._acknowledged[seq]
        return len(rows)
