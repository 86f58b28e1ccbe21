"""Limits how many downloads run at the same time, because a workbook is in memory as a whole.

A place is taken before anything is counted or read, and is free again once the answer has ended, however it did.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from gateway.problems.problem import Problem
from schemas.process.database_away import DATABASE_FAILS

log = structlog.get_logger("gateway")

#: Files that leave one gateway at a time, and of them those of one key or person.
MOST: Final = 8
MOST_OF_ONE: Final = 2
#: After so long a place may be free.
RETRY_S: Final = 5
#: A file of which nobody takes a piece for so long is given up: its place is somebody else's.
UNTAKEN_S: Final = 30.0
LIMIT: Final = "downloads"
#: How often it is asked whether the caller of a file that leaves is let in still.
ASKED_S: Final = 2.0
#: Says whether he is.
Lasts = Callable[[], Awaitable[bool]]


@dataclass(slots=True)
class Places:
    """The files that leave this gateway, in all and by the caller: the key or person."""

    most: int = MOST
    most_of_one: int = MOST_OF_ONE
    untaken_s: float = UNTAKEN_S
    _of: Counter[str] = field(default_factory=Counter)

    @property
    def taken(self) -> int:
        return self._of.total()

    def take(self, caller: str) -> Place:
        """Take a place. Raises Problem: 429 where the caller has as many as one may, 503 where all are taken."""
        if self._of[caller] >= self.most_of_one:
            raise Problem(
                "rate-limited",
                f"{self.most_of_one} of your downloads are still on their way, and no more go at a time. Try again when"
                " one has ended.",
                headers={"Retry-After": str(RETRY_S)},
                limit=LIMIT,
                code="downloads-of-one",
            )
        if self.taken >= self.most:
            raise Problem(
                "unavailable",
                f"{self.most} downloads are on their way, and no more go at a time. Try again in {RETRY_S} s.",
                headers={"Retry-After": str(RETRY_S)},
                limit=LIMIT,
                code="downloads",
            )
        self._of[caller] += 1
        return Place(self, caller)

    def give_back(self, caller: str) -> None:
        """Count one that was taken and has ended."""
        self._of[caller] -= 1
        if self._of[caller] <= 0:
            del self._of[caller]


class Place:
    """A place that is taken until it is free, once."""

    def __init__(self, places: Places, caller: str) -> None:
        self.untaken_s = places.untaken_s
        self._places: Places | None = places
        self._caller = caller

    def free(self) -> None:
        """Give it back; what was given back already stays so."""
        if self._places is not None:
            self._places.give_back(self._caller)
            self._places = None


class Download(StreamingResponse):
    """A file that is sent while it is made, and has a place meanwhile."""

    def __init__(
        self, pieces: AsyncGenerator[bytes], place: Place, lasts: Lasts, *, headers: Mapping[str, str], media_type: str
    ) -> None:
        super().__init__(_while(pieces, lasts), headers=headers, media_type=media_type)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # the pieces may never have begun where the client has left: their own end would not come
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._place.free()

    async def stream_response(self, send: Send) -> None:
        try:
            await super().stream_response(self._taken(send))
        except _UntakenError:
            log.warning("a download is given up: nobody takes it", after_s=self._place.untaken_s)
        except _OverError:  # without its last piece the connection is closed: nobody takes it for the whole file
            log.warning("a download is broken off: its caller is let in no more, or as somebody else")

    def _taken(self, send: Send) -> Send:
        async def within(message: Message) -> None:
            try:
                async with asyncio.timeout(self._place.untaken_s):
                    await send(message)
            except TimeoutError:
                raise _UntakenError from None

        return within


async def _while(pieces: AsyncGenerator[bytes], lasts: Lasts) -> AsyncIterator[bytes]:
    """Yield the pieces for as long as the caller is let in: who takes them slowly takes them for hours."""
    asked_at = time.monotonic()
    async with aclosing(pieces):
        async for piece in pieces:
            if time.monotonic() - asked_at >= ASKED_S:
                asked_at = time.monotonic()
                with suppress(*DATABASE_FAILS):  # the next rows are not read either
                    if not await lasts():
                        raise _OverError
            yield piece


class _UntakenError(Exception):
    """Nobody takes what is sent."""


class _OverError(Exception):
    """Who takes it is let in no more."""
