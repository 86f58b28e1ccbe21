"""Confines the reading process: no network, no other processes, no new rights, no files but Python's and the document.

The kernel demands two steps: `confine` at the start, while there is one thread, and `lock` once everything is imported
and nothing of the document is read. A limit that the kernel does not offer is reported, and the others hold all the
same.
"""

from __future__ import annotations

import ctypes
import math
import os
import platform
import re
import resource
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from gateway.intake.landlock import LANDLOCK, LANDLOCK_SIGNALS, needed, restrict
from gateway.intake.limits import Limits
from gateway.intake.syscalls import SECCOMP, set_filter

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_NEW_USER: Final = 0x10000000
#: Network, message queues and shared memory, host name.
_NEW_REST: Final = 0x40000000 | 0x08000000 | 0x04000000
#: Address space is cheap, and allocators reserve it in advance; the limit counts written memory only (RLIMIT_DATA).
_RESERVED_BYTES: Final = 4 * 1024**3
#: The soft limit of CPU time ends the process with a signal that says so, the hard limit without.
_CPU_GRACE_S: Final = 5
#: The niceness of reading processes: beside another process that wants a core they get a tenth of it.
NICE: Final = 10
#: The session's own niceness, where the kernel shares cores among sessions first.
_AUTOGROUP: Final = Path("/proc/self/autogroup")
#: Descriptors: three pipes, the document, and what libraries open while they are imported.
_DESCRIPTORS: Final = 256
#: Threads of a reader in a user namespace of its own: polars and its helpers take a dozen. Elsewhere the kernel counts
#: all processes of the user, and the limit would be everybody's; no new process is granted anyway.
THREADS: Final = 128
#: The kernel from which on that limit counts what is in the namespace alone.
_COUNTS_BY_NAMESPACE: Final = (5, 14)

_THREADS: Final = "/proc/self/task"

#: The names, in the health report, of confinements that the machine refuses.
NAMESPACES: Final = "namespaces"
NO_NEW_RIGHTS: Final = "no-new-privileges"


def confine(limits: Limits, parent: int) -> list[str]:
    """Confine this process, which has one thread and ends with `parent`; return the limits that are missing."""
    missing = _leave() if sys.platform == "linux" else [NAMESPACES, NO_NEW_RIGHTS]
    end_with(parent)  # last: it does not survive new rights
    os.nice(NICE)  # people who wait for a page go before those who wait for a document
    cpu = math.ceil(limits.cpu_seconds)
    _limit(resource.RLIMIT_CPU, cpu, cpu + _CPU_GRACE_S)
    _limit(resource.RLIMIT_DATA, limits.memory_bytes)
    _limit(resource.RLIMIT_AS, limits.memory_bytes + _RESERVED_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    return missing


def give_way() -> None:
    """Give this session a smaller share of the cores, if the kernel shares them among sessions.

    With autogroups, which most kernels have, niceness counts only within a session: towards other sessions the whole
    session has to be nice.
    """
    with suppress(OSError):
        _AUTOGROUP.write_text(str(NICE), "ascii")


def end_with(parent: int) -> None:
    """Have the kernel kill this process when `parent` ends, at once if it has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def lock(reads: Sequence[Path] = ()) -> list[str]:
    """Deny every thread files, processes and sockets; return which confinements are missing.

    It may still read what Python needs, and `reads`: the document. Modules that are not compiled yet have to be
    imported before, because compiled files cannot be written any more.
    """
    sys.dont_write_bytecode = True
    _limit(resource.RLIMIT_FSIZE, 0)  # a write fails: Python ignores the signal
    return [*_files(reads), *([] if set_filter() else [SECCOMP])]


def _files(reads: Sequence[Path]) -> list[str]:
    """Deny other files; return which confinements are missing."""
    if sys.platform != "linux":
        return [LANDLOCK, LANDLOCK_SIGNALS]
    threads = len(os.listdir(_THREADS))  # noqa: PTH208 - asked once, of the kernel
    missing = restrict([*needed(), *reads])
    # it binds this thread alone; no reader of ours has begun another by now
    return missing if threads == 1 or LANDLOCK in missing else [LANDLOCK, *missing]


def _leave() -> list[str]:
    """Enter namespaces without a network and without rights on the machine."""
    libc = ctypes.CDLL(None, use_errno=True)
    missing = []
    # an owner of nothing: without a mapping the new namespace has no user but "nobody"
    if libc.unshare(_NEW_USER | _NEW_REST) == 0:
        if _release() >= _COUNTS_BY_NAMESPACE:
            _limit(resource.RLIMIT_NPROC, THREADS)
    elif libc.unshare(_NEW_REST) != 0:
        missing.append(NAMESPACES)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        missing.append(NO_NEW_RIGHTS)
    return missing


def _release() -> tuple[int, ...]:
    """Return the first two numbers of the kernel's release."""
    return tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])


def _limit(kind: int, value: int, last: int | None = None) -> None:
    """Lower a limit, and its last one; a lower hard limit of the machine stays."""
    _, hard = resource.getrlimit(kind)
    top = value if last is None else last
    top = top if hard == resource.RLIM_INFINITY else min(top, hard)
    resource.setrlimit(kind, (min(value, top), top))


def missing_here() -> list[str]:
    """Return the confinements that this machine refuses, as tried in a child process."""
    return [*confine(Limits(), os.getppid()), *lock()]


if __name__ == "__main__":
    sys.stdout.write(",".join(missing_here()))
    sys.stdout.flush()
    os._exit(0)
