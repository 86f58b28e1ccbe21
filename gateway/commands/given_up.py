"""Try a transaction again that the database gave up because of a deadlock. Nothing of it was stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import asyncpg
import structlog

from schemas.process.named import named

T = TypeVar("T")
log = structlog.get_logger("commands")

#: How often what the database gives up for another one is tried.
GIVEN_UP_MOST: Final = 3


async def tried_again(whole: Callable[[], Awaitable[T]]) -> T:
    """Do a whole transaction, and once more where the database gave it up for another one, three times at most.

    Raises what it raises, of the last try where all were given up.
    """
    for attempt in range(1, GIVEN_UP_MOST):
        try:
            return await whole()
        except asyncpg.TransactionRollbackError as error:
            log.warning("tried again, as the database gave it up for another", error=named(error), attempt=attempt)
    return await whole()
