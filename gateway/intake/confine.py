"""Confines the reading process: no network, no other processes, no new rights, no files but Python's and the document.

In two steps, since the kernel asks for it: `confine` at the start, while there is one thread; `lock` once everything is
imported and nothing of the document is read. What a kernel does not grant is told, and the rest is done all the same.
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
#: Address space is cheap and allocators reserve it in advance; only what is written counts (RLIMIT_DATA).
_RESERVED_BYTES: Final = 4 * 1024**3
#: The first limit of CPU time ends the process with a signal that tells of it, the second one without.
_CPU_GRACE_S: Final = 5
#: How much reading processes give way to others (nice): beside one that wants a core they have a tenth of it.
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

#: What is missing where it is not granted, by the names of the health report.
NAMESPACES: Final = "namespaces"
NO_NEW_RIGHTS: Final = "no-new-privileges"


def confine(limits: Limits, parent: int) -> list[str]:
    """Limit this process, which has one thread; return what is missing. It ends with its parent, `parent`."""
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
    """Let this session have less of the cores than others have, where the kernel shares them among sessions.

    With autogroups, as most kernels have them, a process is nice to those of its own session alone: to others its
    session has to be.
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
    """Take files, processes and sockets away, from every thread; return what is missing.

    What is left to read is what Python needs, and `reads`: the document. What is imported for the first time is
    imported before: what Python compiles cannot be kept any more.
    """
    sys.dont_write_bytecode = True
    _limit(resource.RLIMIT_FSIZE, 0)  # a write fails: Python ignores the signal
    return [*_files(reads), *([] if set_filter() else [SECCOMP])]


def _files(reads: Sequence[Path]) -> list[str]:
    """Take the files of others away; return what is missing."""
    if sys.platform != "linux":
        return [LANDLOCK, LANDLOCK_SIGNALS]
    threads = len(os.listdir(_THREADS))  # noqa: PTH208 - asked once, of the kernel
    missing = restrict([*needed(), *reads])
    # it binds this thread alone; no reader of ours has begun another by now
    return missing if threads == 1 or LANDLOCK in missing else [LANDLOCK, *missing]


def _leave() -> list[str]:
    """Leave the network and the rights of the machine behind."""
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
