"""Writes log lines to a pipe whose reader may have stopped: a frozen supervisor stops no process.

A full pipe is waited for once, for a moment; then lines are left out until somebody reads again, and counted. A write
of no more than PIPE_BUF bytes does not block where poll says that there is room, so nothing of the pipe is changed.
"""

from __future__ import annotations

import os
import select
import stat
import sys
import threading
from collections.abc import Callable
from typing import Final, TextIO

#: How long a line waits for room, once, in seconds: a reader on a busy machine comes within it.
PATIENCE_S: Final = 1.0


class LogPipe:
    """The stream of a logger. `dropped` counts the lines left out since the last one that was written."""

    def __init__(self, descriptor: int, patience_s: float = PATIENCE_S, note: Callable[[str], str] = str) -> None:
        self._descriptor = descriptor
        self._note = note
        self._open = False  # a line was longer than one write, and there was no room for its rest
        self._patience_ms = int(patience_s * 1000)
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)
        self._lock = threading.Lock()
        self.dropped = 0

    def write(self, text: str) -> int:
        """Write whole lines, or leave them out. Never raises, and never waits for longer than the patience."""
        with self._lock:
            said = (
                self._note(f"{self.dropped} log lines were left out: nobody read them") + "\n" if self.dropped else ""
            )
            told = (("\n" if self._open else "") + said).encode()
            data = told + text.encode("utf-8", "replace")
            # who did not read a moment ago is not waited for again
            put = self._put(data, 0 if self.dropped else self._patience_ms)
            if put:
                self._open = put < len(data) and not data[:put].endswith(b"\n")
            if put >= len(told):
                self.dropped = 0
            if put < len(data):
                self.dropped += 1
        return len(text)

    def flush(self) -> None:
        """Do nothing: what was written is in the pipe."""

    def _put(self, data: bytes, wait_ms: int) -> int:
        """Return how many bytes were written: all, or those before the first that found no room."""
        for start in range(0, len(data), select.PIPE_BUF):
            try:
                if not self._poll.poll(wait_ms):
                    return start
                os.write(self._descriptor, data[start : start + select.PIPE_BUF])
            except OSError:  # nobody is there to read any more
                return start
        return len(data)


def where_to_log(stream: TextIO, note: Callable[[str], str] = str) -> TextIO | LogPipe:
    """Return what to write log lines to: a pipe that blocks nobody where the stream is one, else the stream.

    `note` makes a line of what the pipe itself has to say.
    """
    try:
        descriptor = stream.fileno()
        piped = stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    except (OSError, ValueError, AttributeError):
        return stream
    return LogPipe(descriptor, note=note) if piped and stream is sys.__stderr__ else stream
