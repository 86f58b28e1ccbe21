"""A folder in memory for the data of the session's servers, which make and remove some hundred thousand small files.

A database is a thousand files, and so are the topics of a system. Where the disk's file system has no journal, a file
that is made within a minute after others were removed takes ten times as long: it looks through all that were removed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

#: Where Linux keeps files in memory.
MEMORY: Final = Path("/dev/shm")
#: Bytes that must be free for each worker. Its servers take some hundred MB.
ROOM: Final = 2 * 1024**3
_PREFIX: Final = "marketplace-tests-"
#: Held by the session that a folder belongs to: whoever gets it has found a folder that a killed one left.
_LOCK: Final = "lock"


@contextmanager
def folder(otherwise: Path, memory: Path = MEMORY, workers: int | None = None) -> Iterator[Path]:
    """Give a folder in memory for the time of the block, or `otherwise` where memory has no room for all workers."""
    if not roomy(memory, workers or int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))):
        yield otherwise
        return
    remove_left(memory)
    made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=memory))
    with (made / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)


def roomy(memory: Path, workers: int) -> bool:
    """Tell whether there is as much memory as the servers of so many workers may take."""
    if not memory.is_dir() or not os.access(memory, os.W_OK):
        return False
    there = os.statvfs(memory)
    return min(there.f_bavail * there.f_frsize, _available()) >= workers * ROOM


def remove_left(memory: Path) -> None:
    """Remove what sessions that were killed have left."""
    for left in memory.glob(f"{_PREFIX}*"):
        try:
            with (left / _LOCK).open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
        except OSError:  # BlockingIOError: it is at work; FileNotFoundError: it begins, or has just ended
            continue


def _available() -> int:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), 0)
