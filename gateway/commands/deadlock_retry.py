"""Try a transaction again that the database gave up because of a deadlock. Nothing of it was stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import asyncpg
import structlog

from schemas.process.named import named

T = TypeVar("T")
log = structlog.get_logger("commands")

#: How often a transaction is tried that the database aborts because of another one.
GIVEN_UP_MOST: Final = 3


async def tried_again(whole: Callable[[], Awaitable[T]]) -> T:
    """Run a whole transaction; run it again if the database aborted it because of another one, three times in all.

    Raises what the transaction raises; if all three were aborted, the error of the last one.
    """
    for attempt in range(1, GIVEN_UP_MOST):
        try:
            return await whole()
        except asyncpg.TransactionRollbackError as error:
            log.warning("tried again, as the database gave it up for another", error=named(error), attempt=attempt)
    return await whole()
