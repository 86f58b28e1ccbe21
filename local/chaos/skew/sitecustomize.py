# ruff: noqa: INP001 - Python looks for it by this name, in a folder that is no package
"""Moves this process's wall clock by the seconds in the file CHAOS_CLOCK. Only for drills: see ../clock.py.

`time.time` and `time.time_ns` are moved; `datetime.now` is not, so what is decided by it is not covered.
"""

import mmap
import os
import struct
import time
from pathlib import Path

if "CHAOS_CLOCK" in os.environ:
    with Path(os.environ["CHAOS_CLOCK"]).open("rb") as opened:
        _shared = mmap.mmap(opened.fileno(), 8, access=mmap.ACCESS_READ)
    _true_time, _true_time_ns = time.time, time.time_ns

    def _offset() -> float:
        return float(struct.unpack_from("<d", _shared)[0])

    def _moved_time() -> float:
        return _true_time() + _offset()

    def _moved_time_ns() -> int:
        return _true_time_ns() + int(_offset() * 1_000_000_000)

    time.time, time.time_ns = _moved_time, _moved_time_ns
