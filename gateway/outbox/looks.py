"""Looks at the outbox that decisions do for the relay: a call that stores events reads them in the same round trip.

The relay lends a look while it rests. It takes what was found for its own look, if it has not looked by itself since:
what it found then may be published by now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import asyncpg


class Look:
    """A look that is lent, for at most so many rows. `known`: rows that are sent already, and not marked yet."""

    def __init__(
        self, known: Sequence[int], most: int, found: Callable[[Look, Sequence[asyncpg.Record] | None], None]
    ) -> None:
        self.known = known
        self.most = most
        self._found = found

    def give(self, rows: Sequence[asyncpg.Record] | None) -> None:
        """Give the relay what was found; None where nothing is known of it."""
        self._found(self, rows)


class Looks:
    """Lends one look at a time, for at most `most` rows: after so many the relay looks again by itself.

    `wake` has the relay look by itself; `ready` tells it that there are rows to take.
    """

    def __init__(self, wake: Callable[[], None], ready: Callable[[], None], most: int) -> None:
        self._wake = wake
        self._ready = ready
        self._most = most
        self._known: Sequence[int] | None = None  # None while the relay does not rest
        self._lent: Look | None = None
        self._rows: Sequence[asyncpg.Record] = ()

    @contextmanager
    def resting(self, known: Sequence[int] | None) -> Iterator[None]:
        """Let looks be lent meanwhile, that are not to find the rows `known`; lend none where that is None."""
        self._known = known
        try:
            yield
        finally:
            self._known = None

    def lend(self) -> Look | None:
        """Return a look; None while the relay works, has lent one, or has not taken what one has found."""
        if self._known is None or self._lent is not None or self._rows:
            return None
        self._lent = Look(self._known, self._most, self._found)
        return self._lent

    def take(self) -> Sequence[asyncpg.Record]:
        """Return what was found since the last time, and has not been published."""
        rows, self._rows = self._rows, ()
        return rows

    def void(self) -> None:
        """Take nothing of what is lent: the relay looks by itself, or its session has ended."""
        self._lent, self._rows = None, ()

    def _found(self, look: Look, rows: Sequence[asyncpg.Record] | None) -> None:
        if look is not self._lent:  # it is void: what it found may be published by now
            self._wake()
            return
        self._lent = None
        if rows is None:
            self._wake()
            return
        self._known, self._rows = None, rows
        self._ready()
