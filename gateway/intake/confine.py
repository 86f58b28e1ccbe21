"""Takes from the reading process what a document needs not: network, other processes, new rights, files of its own.

In two steps, since the kernel asks for it: `confine` at the start, while there is one thread; `lock` once everything is
imported and nothing of the document is read. What a kernel does not grant is told, and the rest is done all the same.
Written against the kernel's own interface: what binds it for Python is years old.
"""

from __future__ import annotations

import ctypes
import errno
import math
import os
import platform
import resource
import signal
import sys
from typing import Final

from gateway.intake.limits import Limits

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_THREAD: Final = 0x00010000
_NEW_USER: Final = 0x10000000
#: Network, message queues and shared memory, host name.
_NEW_REST: Final = 0x40000000 | 0x08000000 | 0x04000000
#: Address space is cheap and allocators reserve it in advance; only what is written counts (RLIMIT_DATA).
_RESERVED_BYTES: Final = 4 * 1024**3
#: The first limit of CPU time ends the process with a signal that tells of it, the second one without.
_CPU_GRACE_S: Final = 5
#: How much a reading process gives way to others (nice): beside one that wants a core it has a quarter of it.
NICE: Final = 5
#: Descriptors: three pipes, the document, and what libraries open while they are imported.
_DESCRIPTORS: Final = 256

#: What is missing where it is not granted, by the names of the health report.
NAMESPACES: Final = "namespaces"
NO_NEW_RIGHTS: Final = "no-new-privileges"
SECCOMP: Final = "seccomp"

#: System calls that reading a document needs not: (x86_64, aarch64), -1 where there is none. Each is answered by EPERM.
_DENIED: Final = {
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "accept4": (288, 242),
    "fork": (57, -1),
    "vfork": (58, -1),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "unlink": (87, -1),
    "unlinkat": (263, 35),
    "rename": (82, -1),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "mkdir": (83, -1),
    "mkdirat": (258, 34),
    "rmdir": (84, -1),
    "link": (86, -1),
    "linkat": (265, 37),
    "symlink": (88, -1),
    "symlinkat": (266, 36),
    "chmod": (90, -1),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, -1),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "creat": (85, -1),
    "mount": (165, 40),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
}
#: Opens a file, and which of its arguments says for what: to change, make or empty one is answered by EPERM.
_OPENS: Final = {"open": ((2, -1), 1), "openat": ((257, 56), 2)}
_TO_CHANGE: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
#: A process may signal itself, as it does when it gives up.
_TGKILL: Final = (234, 131)
#: What they ask for lies in memory, where a filter sees nothing: the C library asks for the older ones then.
_UNSEEN: Final = {"clone3": 435, "openat2": 437}
#: machine -> (its place above, AUDIT_ARCH_*, clone, seccomp)
_MACHINES: Final = {
    "x86_64": (0, 0xC000003E, 56, 317),
    "aarch64": (1, 0xC00000B7, 220, 277),
}
_X32: Final = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _HAS, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW: Final = 0x7FFF0000
_FAIL: Final = 0x00050000
_SET_FILTER: Final = 1
_ALL_THREADS: Final = 1


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


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


def end_with(parent: int) -> None:
    """See to it that this process is killed when its parent, `parent`, ends; at once where that has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def lock() -> list[str]:
    """Take files, processes and sockets away, from every thread; return what is missing.

    What is imported for the first time is imported before: what Python compiles cannot be kept any more.
    """
    sys.dont_write_bytecode = True
    _limit(resource.RLIMIT_FSIZE, 0)  # a write fails: Python ignores the signal
    return [] if _filter() else [SECCOMP]


def _leave() -> list[str]:
    """Leave the network and the rights of the machine behind."""
    libc = ctypes.CDLL(None, use_errno=True)
    missing = []
    # an owner of nothing: without a mapping the new namespace has no user but "nobody"
    if libc.unshare(_NEW_USER | _NEW_REST) != 0 and libc.unshare(_NEW_REST) != 0:
        missing.append(NAMESPACES)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        missing.append(NO_NEW_RIGHTS)
    return missing


def _filter() -> bool:
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    place, arch, clone, seccomp = machine
    steps = _steps(place, arch, clone, os.getpid())
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    libc = ctypes.CDLL(None, use_errno=True)
    done: int = libc.syscall(seccomp, _SET_FILTER, _ALL_THREADS, ctypes.byref(program))
    return done == 0


def _steps(place: int, arch: int, clone: int, pid: int) -> list[_Step]:
    """Return the filter: another machine's calls and what is denied fail, all else goes on."""
    deny, allow = _Step(_ANSWER, 0, 0, _FAIL | errno.EPERM), _Step(_ANSWER, 0, 0, _ALLOW)
    steps = [
        _Step(_LOAD, 0, 0, 4),
        _Step(_EQUAL, 1, 0, arch),
        deny,
        _Step(_LOAD, 0, 0, 0),
        _Step(_AT_LEAST, 0, 1, _X32),
        deny,
    ]
    for number in _UNSEEN.values():
        steps += [_Step(_EQUAL, 0, 1, number), _Step(_ANSWER, 0, 0, _FAIL | errno.ENOSYS)]
    # only threads are made, only to read are files opened, only to itself are signals sent
    steps += [_Step(_EQUAL, 0, 4, clone), _argument(0), _Step(_HAS, 1, 0, _CLONE_THREAD), deny, allow]
    for numbers, argument in _OPENS.values():
        steps += [_Step(_EQUAL, 0, 4, numbers[place]), _argument(argument), _Step(_HAS, 0, 1, _TO_CHANGE), deny, allow]
    steps += [_Step(_EQUAL, 0, 4, _TGKILL[place]), _argument(0), _Step(_EQUAL, 1, 0, pid), deny, allow]
    for denied in _DENIED.values():
        steps += [_Step(_EQUAL, 0, 1, denied[place]), deny]
    return [*steps, allow]


def _argument(number: int) -> _Step:
    """Load the lower half of a call's argument."""
    return _Step(_LOAD, 0, 0, 16 + 8 * number)


def _limit(kind: int, value: int, last: int | None = None) -> None:
    """Lower a limit, and its last one; a lower hard limit of the machine stays."""
    _, hard = resource.getrlimit(kind)
    top = value if last is None else last
    top = top if hard == resource.RLIM_INFINITY else min(top, hard)
    resource.setrlimit(kind, (min(value, top), top))


def missing_here() -> list[str]:
    """Return the confinements that this machine refuses, tried in a child process that ends by it."""
    return [*confine(Limits(), os.getppid()), *lock()]


if __name__ == "__main__":
    sys.stdout.write(",".join(missing_here()))
    sys.stdout.flush()
    os._exit(0)
