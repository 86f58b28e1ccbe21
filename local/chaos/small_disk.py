"""A small disk of its own for a folder, in memory, that can be filled to the last byte."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path
from typing import Self

from local.chaos.contained import CannotContainError

_CHUNK = 1 << 20


class SmallDisk:
    """Mounts a disk of `mib` MiB at `folder`, for this process and its children, in own mounts (contained.py)."""

    def __init__(self, folder: Path, mib: int) -> None:
        self._folder = folder
        self._mib = mib

    def begin(self, leave: float) -> None:
        """Take all but a share of it: what is left then is filled within a moment, however slow the machine is."""
        found = os.statvfs(self._folder)
        wanted = int(found.f_bavail * found.f_frsize - leave * found.f_blocks * found.f_frsize)
        with self._ballast.open("ab", buffering=0) as ballast:
            while wanted >= _CHUNK:
                wanted -= ballast.write(b"\0" * _CHUNK)

    def fill(self) -> int:
        """Leave no byte free; return how many were taken. What is freed meanwhile is not taken."""
        taken = 0
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in (_CHUNK, 4096, 1):
                try:
                    while True:
                        taken += ballast.write(b"\0" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
        return taken

    def free(self) -> None:
        """Free all that was taken."""
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self._folder / "ballast"

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        options = f"size={self._mib}m,mode=0700,uid={os.geteuid()},gid={os.getegid()}"
        done = subprocess.run(
            ("mount", "-t", "tmpfs", "-o", options, "chaos", str(self._folder)),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise CannotContainError(f"cannot mount a small disk: {done.stderr.strip()}")
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(("umount", "--lazy", str(self._folder)), capture_output=True, check=False)
