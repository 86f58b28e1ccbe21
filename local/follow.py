"""Read log files: their last lines, and what is added to them, through rotation."""

from __future__ import annotations

import os
import time
from collections import deque
from pathlib import Path
from typing import TextIO

from local.console import Console

POLL = 0.2


def last_lines(path: Path, count: int) -> list[str]:
    """Return the last `count` lines of a file; none if it is not there."""
    if not path.exists() or count <= 0:
        return []
    with path.open(encoding="utf-8", errors="replace") as file:
        return [line.rstrip("\n") for line in deque(file, maxlen=count)]


class Tail:
    """Follows what is appended to a file, from now on or from its start.

    A file that was rotated away is read to its end first.
    """

    def __init__(self, path: Path, *, from_start: bool = False) -> None:
        self._path = path
        self._file = self._open()
        if self._file is not None and not from_start:
            self._file.seek(0, 2)
        self._rest = ""

    def _open(self) -> TextIO | None:
        try:
            return self._path.open(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def lines(self) -> list[str]:
        """Return the whole lines that were added since the last call."""
        added = self._read()
        if self._rotated():
            self.close()
            self._file = self._open()
            added += self._read()
        *whole, self._rest = (self._rest + added).split("\n")
        return whole

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _read(self) -> str:
        return "" if self._file is None else self._file.read()

    def _rotated(self) -> bool:
        try:
            current = self._path.stat()
        except FileNotFoundError:
            return False
        if self._file is None:
            return True
        return os.fstat(self._file.fileno()).st_ino != current.st_ino


def follow(files: dict[str, Path]) -> None:
    """Print new lines of all files until Ctrl-C."""
    console = Console(list(files))
    tails = {name: Tail(path) for name, path in files.items()}
    try:
        while True:
            for name, tail in tails.items():
                for line in tail.lines():
                    console.line(name, line)
            time.sleep(POLL)
    except KeyboardInterrupt:
        return
