"""Uvicorn that wakes once a second where nobody asks it for anything, and ends as soon as it is told to."""

from __future__ import annotations

import asyncio
from types import FrameType
from typing import Final

import uvicorn

from schemas.process.rest import rest

#: Seconds between two of uvicorn's ticks; it has ten a second, to see that it was told to stop. One in ten of them sets
#: the header `Date`, which has whole seconds.
TICK_S: Final = 1.0
#: A tick that sets the header.
_DATED: Final = 0


class SeldomServer(uvicorn.Server):
    """Uvicorn with a tick a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Tick until it is told to stop."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(_DATED):
            await rest(self._told, TICK_S)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal, on the loop or between two lines of whatever runs."""
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)
