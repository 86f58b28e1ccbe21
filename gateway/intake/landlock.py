"""Limit the reading process to Python's files and its document, by Landlock, which needs no root.

The rules hold for good, for the process and its children. An older kernel has an older version of the interface (its
ABI): rules that it does not know are left out, and reported if they matter. Without Landlock the process can read
whatever its user may. It calls the kernel directly, like gateway/intake/syscalls.py.
"""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Final

#: What is missing where the kernel has no Landlock, or one that limits no signals, by the names of the health report.
LANDLOCK: Final = "landlock"
LANDLOCK_SIGNALS: Final = "landlock-signals"

#: System calls have these numbers on all machines.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_ASK_VERSION: Final = 1
_BELOW_A_PATH: Final = 1
_READ_FILE: Final = 1 << 2
_READ_FOLDER: Final = 1 << 3
#: How many kinds of access to files a version knows, from version 1 on: each of the first so many bits is one.
_KINDS: Final = (13, 14, 15, 15, 16)
#: From version 4 on: to bind and to connect TCP sockets. From 6 on: to reach abstract sockets, to send signals.
_NETWORK_FROM, _NETWORK = 4, 0b11
_SCOPE_FROM, _SCOPE = 6, 0b11

#: Packages of ours that a reader imports.
_OURS: Final = ("gateway", "schemas")
#: Where the libraries of the machine, its time zones, and what gives chance and nothing are.
_OF_THE_MACHINE: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo"),
    *("/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom", "/dev/random"),
    *("/sys/devices/system/cpu", "/proc/meminfo", "/proc/stat"),
)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _Rule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("granted", ctypes.c_uint64), ("below", ctypes.c_int32))


def restrict(reads: Iterable[Path]) -> list[str]:
    """Limit this thread and its later threads to reading these paths; return the limits that are missing."""
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return [LANDLOCK, LANDLOCK_SIGNALS]
    rules = _Ruleset(
        (1 << _KINDS[min(version, len(_KINDS)) - 1]) - 1,
        _NETWORK if version >= _NETWORK_FROM else 0,
        _SCOPE if version >= _SCOPE_FROM else 0,
    )
    size = ctypes.sizeof(rules) if version >= _SCOPE_FROM else 16 if version >= _NETWORK_FROM else 8
    ruleset = libc.syscall(_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return [LANDLOCK, LANDLOCK_SIGNALS]
    try:
        for path in {os.path.realpath(path) for path in reads}:
            _grant(libc, ruleset, path)
        if libc.syscall(_RESTRICT, ruleset, 0) != 0:
            return [LANDLOCK, LANDLOCK_SIGNALS]
    finally:
        os.close(ruleset)
    return [] if version >= _SCOPE_FROM else [LANDLOCK_SIGNALS]


def needed() -> list[Path]:
    """Return the paths that Python needs: its library, the installed packages and this package."""
    around = Path(__file__).resolve().parents[2]
    ours = {around / name for name in _OURS}
    library = {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    base = {Path(sys.base_prefix, "lib"), Path(sys.base_exec_prefix, "lib")}
    paths = {Path(entry) for entry in sys.path if os.path.isabs(entry)}  # noqa: PTH117 - text only
    linked = {Path(entry) for entry in os.environ.get("LD_LIBRARY_PATH", "").split(":") if entry}
    found = {*ours, *library, *base, *(path for path in paths if path.resolve() != around), *linked}
    return sorted({*found, *map(Path, _OF_THE_MACHINE)})


def _grant(libc: ctypes.CDLL, ruleset: int, path: str) -> None:
    """Allow reading a file, or a folder with everything below it; a missing path is skipped."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        is_folder = os.path.isdir(path)  # noqa: PTH112 - one look
        rule = _Rule(_READ_FILE | (_READ_FOLDER if is_folder else 0), opened)
        libc.syscall(_ADD, ruleset, _BELOW_A_PATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)
