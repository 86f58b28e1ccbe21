"""Answers that nobody takes: a transport that counts what leaves it, and gives up where nothing does.

A transport that is closed sends what waits in it first, without an end to that. So whoever asks for more than fits on
the way, and reads nothing, would hold the connection for ever, whatever limit it reaches meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

#: Seconds in which LEAST bytes of what waits have to leave, or all of it.
TAKEN_S: Final = 30.0
#: A slow line takes a hundred times as much.
LEAST: Final = 4096


class Watched(asyncio.Transport):
    """A connection's transport, which `untaken` is called for once nobody takes what was written to it.

    It is looked at every `seconds`, from when the application has to wait or the connection is closed, until nothing
    waits.
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        seconds: float,
        untaken: Callable[[], None],
    ) -> None:
        super().__init__()
        self._on = transport
        self._loop = loop
        self._seconds = seconds
        self._untaken = untaken
        self._written = 0
        self._left = 0  # as it was at the last look
        self._owed = 0  # so much has to leave until the next one
        self._look: asyncio.TimerHandle | None = None

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        self._written += len(data)
        self._on.write(data)

    def watch(self) -> None:
        """See that what waits is taken; where nothing does, or it is watched already, do nothing."""
        waiting = self._on.get_write_buffer_size()
        if waiting and self._look is None:
            self._left, self._owed = self._written - waiting, min(waiting, LEAST)
            self._look = self._loop.call_later(self._seconds, self._judge)

    def unwatch(self) -> None:
        """Look no more: the connection has ended."""
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _judge(self) -> None:
        self._look = None
        if self._written - self._on.get_write_buffer_size() - self._left < self._owed:
            self._untaken()
        else:
            self.watch()

    def is_closing(self) -> bool:
        return self._on.is_closing()

    def close(self) -> None:
        self._on.close()
        self.watch()

    def abort(self) -> None:
        self._on.abort()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._on.get_extra_info(name, default)

    def get_write_buffer_size(self) -> int:
        return self._on.get_write_buffer_size()

    def pause_reading(self) -> None:
        self._on.pause_reading()

    def resume_reading(self) -> None:
        self._on.resume_reading()
