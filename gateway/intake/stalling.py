"""Detects a reading process that hangs for good: no thread runs, or waits for a core or the disk.

A library's thread that gets no memory can end without an error, and the others wait for it for ever.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

#: Seconds between two looks, and how many looks in a row have to find a process stopped.
LOOK_S: Final = 0.5
LOOKS: Final = 8
_PROC: Final = Path("/proc")
_KIB: Final = 1024
#: Of /proc/<pid>/task/<tid>/stat, counted from behind the name: state, processor time in user and in kernel mode.
_STATE, _USER, _KERNEL = 0, 11, 12
_ASLEEP: Final = "S"


async def until_stalled(pid: int) -> int:
    """Wait until a process has stopped for good; return how many bytes it may write to then.

    For a process that works or is gone, and without /proc, it waits for ever.
    """
    before, looks = -1, 0
    while True:
        await asyncio.sleep(LOOK_S)
        asleep, worked = _seen(pid)
        looks = looks + 1 if asleep and worked == before else 0
        before = worked
        if looks >= LOOKS:
            return written(pid)


def written(pid: int) -> int:
    """Return the size of a process's writable memory in bytes; 0 if it is gone."""
    try:
        lines = (_PROC / str(pid) / "status").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * _KIB for line in lines if line.startswith("VmData:")), 0)


def _seen(pid: int) -> tuple[bool, int]:
    """Return whether all threads of a process are asleep, and how much processor time they have taken, in ticks."""
    asleep, worked = True, 0
    try:
        for thread in (_PROC / str(pid) / "task").iterdir():
            told = (thread / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
            asleep = asleep and told[_STATE] == _ASLEEP
            worked += int(told[_USER]) + int(told[_KERNEL])
    except OSError:  # it is gone, or one of its threads is
        return False, worked
    return asleep, worked
