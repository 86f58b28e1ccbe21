"""Bounds how long a client may leave an answer unread, by a transport that gives up once no byte leaves it.

A closed transport first sends its buffer, without a time limit. So a client that asks for more than the buffers on the
way hold, and reads nothing, would hold its connection for ever, whatever limit it reaches meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

#: Seconds within which LEAST bytes of the buffer have to leave, or all of it.
TAKEN_S: Final = 30.0
#: Bytes; a slow line takes a hundred times as many in that time.
LEAST: Final = 4096


class Watched(asyncio.Transport):
    """A connection's transport. It calls `untaken` once the client reads nothing of what was written.

    It is checked every `seconds`, from when the application has to wait or the connection is closed, until the buffer
    is empty.
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
        """Begin to check that the buffer leaves; do nothing if it is empty or is checked already."""
        waiting = self._on.get_write_buffer_size()
        if waiting and self._look is None:
            self._left, self._owed = self._written - waiting, min(waiting, LEAST)
            self._look = self._loop.call_later(self._seconds, self._judge)

    def unwatch(self) -> None:
        """End the checks: the connection has ended."""
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
