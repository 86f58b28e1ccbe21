"""One supervisor per data folder: a lock that the system gives back when its holder ends in any way."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

FILE = "lock"


class AlreadyRunningError(RuntimeError):
    """Raised where another supervisor works on this data folder."""


class FolderLock:
    """A lock that one process has from `acquire` to `release`, or to its own end."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock at once. Raises AlreadyRunningError where another process has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise AlreadyRunningError(f"another supervisor works on {self._path.parent}") from None
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
