"""The call that decides commands in Postgres; on its way it may look for what the relay is to publish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import asyncpg

_DECIDE: Final = "select decide.run_all($1::jsonb, $2::text[])"
_DECIDE_AND_LOOK: Final = "select * from decide.run_and_read($1::jsonb, $2::text[], $3, $4)"


class Look(Protocol):
    """A look at the outbox, for a relay that rests: at most `most` rows, and none of those `known`."""

    known: Sequence[int]
    most: int

    def give(self, rows: Sequence[asyncpg.Record] | None) -> None:
        """Give the relay what was found; None where nothing is known of it."""


class Outbox(Protocol):
    """The outbox, as far as those need it who store events there."""

    def wake(self) -> None:
        """Say that something was stored."""

    def lend(self) -> Look | None:
        """Return a look that the next call does; None where the relay looks by itself."""


class NoRelay:
    """The outbox of a process without a relay: one elsewhere looks by itself."""

    def wake(self) -> None:
        """Say that something was stored, to nobody."""

    def lend(self) -> None:
        """Return None: there is nobody to look for."""


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
