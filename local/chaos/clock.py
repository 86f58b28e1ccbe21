"""The wall clocks of the system's Python processes, to be moved while they run.

No process is changed for it: Python imports `sitecustomize` (here: skew/) before anything else, and that one adds to
`time.time` what stands in a file. The monotonic clock is not moved, as it is not when a real clock is set. The broker
and the database keep the true time: the machines of a system that disagree.
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path

SKEW = Path(__file__).with_name("skew")


class Clock:
    """One offset for all processes that are started with `env`, in seconds; 0 until `jump`."""

    def __init__(self, file: Path) -> None:
        file.write_bytes(struct.pack("<d", 0.0))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), 8)
        path = [str(SKEW), *filter(None, [os.environ.get("PYTHONPATH")])]
        self.env = {"PYTHONPATH": os.pathsep.join(path), "CHAOS_CLOCK": str(file)}

    def jump(self, offset_s: float) -> None:
        """Set every clock wrong by `offset_s` from now on."""
        self._shared[:] = struct.pack("<d", offset_s)
