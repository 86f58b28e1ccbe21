"""The call that decides commands in Postgres; on its way it may look for what the relay is to publish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import asyncpg

_DECIDE: Final = "select decide.run_all($1::jsonb, $2::text[])"
_DECIDE_AND_LOOK: Final = "select * from decide.run_and_read($1::jsonb, $2::text[], $3, $4)"


class Look(Protocol):
    """A read of the outbox that a decision makes for a resting relay: at most `most` rows, without those in `known`."""

    known: Sequence[int]
    most: int

    def give(self, rows: Sequence[asyncpg.Record] | None) -> None:
        """Give the relay the rows that were found; None if the call failed and nobody knows."""


class Outbox(Protocol):
    """What whoever stores events needs of the outbox."""

    def wake(self) -> None:
        """Tell the relay that events were stored."""

    def lend(self) -> Look | None:
        """Return the read that the next call is to make; None if the relay reads by itself."""


class NoRelay:
    """The outbox of a process without a relay: the relay of another process looks by itself."""

    def wake(self) -> None:
        """Do nothing: there is no relay here to tell."""

    def lend(self) -> None:
        """Return None: there is no relay here to read for."""


async def decided(pool: asyncpg.Pool, outbox: Outbox, rows: str, addresses: Sequence[str]) -> str:
    """Decide commands, given as JSON, and let the relay know; return the answers, as JSON, in their order."""
    look = outbox.lend()
    if look is None:
        answers: str = await pool.fetchval(_DECIDE, rows, addresses)
        outbox.wake()
        return answers
    found: Sequence[asyncpg.Record] | None = None
    try:
        answered, *found = await pool.fetch(_DECIDE_AND_LOOK, rows, addresses, look.known, look.most)
    finally:
        look.give(found)
    return str(answered["answers"])
