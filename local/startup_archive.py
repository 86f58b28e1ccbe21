"""A class archive that halves the broker's start: made once from a real run, kept beside the jars.

The first broker on a machine records what it loads; when it has stopped, the archive is made from that record (a
few seconds, once). Later starts map it. The virtual machine checks the archive and ignores one that does not fit.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path


class StartupArchive:
    """Names and makes the archive of one class path on one Java with these options; the record is made in `scratch`."""

    def __init__(self, java: Path, options: Sequence[str], jars: Sequence[Path], scratch: Path) -> None:
        self._base = (str(java), *options, "-cp", ":".join(map(str, jars)))
        facts = [*self._base, str(java.stat().st_mtime_ns)]
        for jar in jars:
            status = jar.stat()
            facts.append(f"{status.st_size} {status.st_mtime_ns}")
        key = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]
        self.path = jars[0].parent / f"startup-{key}.aot"
        self._record = scratch / "startup.record"

    def options(self) -> tuple[str, ...]:
        """Return the options of a server's virtual machine: use the archive if it is there, else record for it."""
        if self.path.exists():
            return self.use()
        return ("-XX:AOTMode=record", f"-XX:AOTConfiguration={self._record}")

    def use(self) -> tuple[str, ...]:
        """Return the options of a short-lived tool: use the archive if it is there."""
        return (f"-XX:AOTCache={self.path}",) if self.path.exists() else ()

    @property
    def recorded(self) -> bool:
        """Tell whether a run that has ended left its record, and no archive is there yet."""
        return self._record.exists() and not self.path.exists()

    def make(self) -> None:
        """Make the archive from the record, unless another one makes it; without success nothing is different."""
        try:
            with self.path.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # brokers that ran side by side end side by side
                if not self.path.exists():
                    self._make()
        except (OSError, subprocess.TimeoutExpired):  # BlockingIOError: another one is at it
            return
        finally:
            self._record.unlink(missing_ok=True)

    def _make(self) -> None:
        part = self.path.with_suffix(f".{os.getpid()}.part")
        program, *rest = self._base
        create = ["-XX:AOTMode=create", f"-XX:AOTConfiguration={self._record}", f"-XX:AOTCache={part}"]
        try:
            done = subprocess.run([program, *create, *rest], capture_output=True, check=False, timeout=60)
            if done.returncode == 0 and part.exists():
                part.replace(self.path)
        finally:
            part.unlink(missing_ok=True)
