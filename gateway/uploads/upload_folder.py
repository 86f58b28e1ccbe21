"""The folder of an uploaded document: deleted after the reading, or by a later sweep if the gateway was killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PREFIX: Final = "marketplace-upload-"
#: A folder that is younger may belong to a gateway that has not locked it yet.
YOUNG_S: Final = 5.0


@contextmanager
def upload_folder() -> Iterator[Path]:
    """Give an empty folder that is gone afterwards; the lock on it goes with the process."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        lock = os.open(name, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield Path(name)
        finally:
            os.close(lock)


def sweep_upload_folders() -> int:
    """Delete the folders of gateways that were killed while they read; return how many. One that cannot be is left."""
    gone = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # in use, somebody else's, or swept by another gateway at this moment
            if time.time() - folder.stat().st_mtime > YOUNG_S:
                gone += _deleted(folder)
    return gone


def _deleted(folder: Path) -> bool:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(lock)
    return True
