"""Approvals sent in a closed loop, at their due times, and all at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.load.approving import approve
from bench.load.connection import Connection

#: Connections that are open at the same time at most, whatever is due.
MOST: Final = 1000
#: A connection that nobody has used for so many seconds is not used again: the gateway closes it after 30.
KEPT_S: Final = 15.0
#: Before the first is due, so that the loop is not late for it.
LEAD_S: Final = 0.02


class Connections:
    """Connections that are kept: one that is free, or a new one up to MOST."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key
        self._free: list[tuple[float, Connection]] = []  # since when, of a clock that never goes back
        self._slots = asyncio.Semaphore(MOST)

    async def approve(self, plan: str) -> tuple[float, float]:
        """Approve one plan on a connection that is free; return when it was sent, and when answered."""
        async with self._slots:
            connection = self._kept() or Connection(self._url, self._key)
            sent = time.time()
            await approve(connection, plan)
            self._free.append((time.monotonic(), connection))
            return sent, time.time()

    async def open(self, count: int) -> None:
        """Open this many connections, and wait for an answer on each."""
        opened = [Connection(self._url, self._key) for _ in range(count)]
        for start in range(0, count, 50):  # a listener's queue holds a hundred or so
            answers = await asyncio.gather(*(c.request("GET", "/health/live") for c in opened[start : start + 50]))
            if any(status != 200 for status, _ in answers):
                raise RuntimeError(f"not every one of {count} connections is served")
        self._free += [(time.monotonic(), connection) for connection in opened]

    def _kept(self) -> Connection | None:
        """Return the connection that became free last; None where the gateway may have closed all of them."""
        if self._free and time.monotonic() - self._free[-1][0] > KEPT_S:
            self.close()  # the others are free for longer
        return self._free.pop()[1] if self._free else None

    def close(self) -> None:
        """Close all that are free."""
        for _, connection in self._free:
            connection.close()
        self._free.clear()


async def closed(url: str, key: str, plans: Sequence[str], workers: int) -> float:
    """Approve all, `workers` at a time, each after the answer to the one before; return when it began."""
    left = list(reversed(plans))

    async def worker() -> None:
        connection = Connection(url, key)
        while left:
            await approve(connection, left.pop())
        connection.close()

    began = time.time()
    await asyncio.gather(*(worker() for _ in range(workers)))
    return began


@dataclass(frozen=True, slots=True)
class Sent:
    """When each plan was due, when its request was sent, and when it was answered, in seconds since 1970."""

    due: dict[str, float]
    sent: dict[str, float]
    answered: dict[str, float]


async def opened(connections: Connections, plans: Sequence[str], moments: Sequence[float]) -> Sent:
    """Approve each plan when it is due, however long others take. `moments` are seconds from the beginning."""
    began = time.time() + LEAD_S
    found = Sent({plan: began + moment for plan, moment in zip(plans, moments, strict=True)}, {}, {})

    async def one(plan: str) -> None:
        found.sent[plan], found.answered[plan] = await connections.approve(plan)

    async with asyncio.TaskGroup() as group:
        for plan, moment in found.due.items():
            if (wait := moment - time.time()) > 0:
                await asyncio.sleep(wait)
            group.create_task(one(plan))
    return found
