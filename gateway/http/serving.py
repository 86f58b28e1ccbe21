"""A uvicorn server that wakes once a second while idle, and ends as soon as it gets a signal."""

from __future__ import annotations

import asyncio
from types import FrameType
from typing import Final

import uvicorn

from schemas.process.rest import rest

#: Seconds between two ticks. uvicorn ticks ten times a second, to see whether it should stop, and one tick in ten sets
#: the header `Date`, which has whole seconds.
TICK_S: Final = 1.0
#: A tick that sets the header.
_DATED: Final = 0


class SeldomServer(uvicorn.Server):
    """A uvicorn server with one tick a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Tick until a signal stops the server."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(_DATED):
            await rest(self._told, TICK_S)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Handle a signal, which arrives on the loop or between two lines of any code."""
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)
