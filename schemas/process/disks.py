"""Free space of the disks of a process's own folders, which its heartbeats report."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

#: How often a process looks at its own disks, in seconds. Whoever asks meanwhile gets what was seen last.
EVERY_S: Final = 5.0


def look(of: str, path: str) -> dict[str, Any] | None:
    """Return the disk of a folder: whose it is, path, device, size and free bytes; None if it has none.

    Space reserved for the administrator does not count as free.
    """
    try:
        found, device = os.statvfs(path), Path(path).stat().st_dev
    except OSError:
        return None
    size, free = found.f_blocks * found.f_frsize, found.f_bavail * found.f_frsize
    return {"of": of, "path": path, "device": device, "size": size, "free": free} if size else None


def folders_of(env: Mapping[str, str]) -> tuple[str, ...]:
    """Return the folders that a process writes to: for temporary files, and that of the data where one is named."""
    data = env.get("MARKETPLACE_DATA")
    named = [tempfile.gettempdir(), *([data] if data and Path(data).is_dir() else [])]
    return tuple(dict.fromkeys(str(Path(folder).absolute()) for folder in named))


class OwnDisks:
    """The disks of folders. `told` never waits, because a folder on a network server can hang."""

    def __init__(self, of: str, folders: Sequence[str]) -> None:
        self._of = of
        self._folders = folders
        self._looks = threading.Lock()
        self._looked_at = -EVERY_S
        self._seen: list[dict[str, Any]] = []

    def told(self) -> list[dict[str, Any]]:
        """Return the last measurement; if it is old, start another one in a thread."""
        if time.monotonic() - self._looked_at >= EVERY_S and self._looks.acquire(blocking=False):
            threading.Thread(target=self._look, name="disks", daemon=True).start()
        return self._seen

    def _look(self) -> None:
        try:
            self._seen = [found for folder in self._folders if (found := look(self._of, folder)) is not None]
            self._looked_at = time.monotonic()
        finally:
            self._looks.release()
