"""Blocks system calls that no document needs, by a filter of the kernel (seccomp).

It calls the kernel directly, because the Python bindings have had no release for years.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from typing import Final

#: What is missing where there is no such filter, by the name of the health report.
SECCOMP: Final = "seccomp"

_CLONE_THREAD: Final = 0x00010000

#: System calls that no document needs: (x86_64, aarch64), -1 for a machine without it. Each fails with EPERM.
DENIED: Final = {
    "socket": (41, 198),
    "socketpair": (53, 199),  # one of datagrams sends to any address
    "connect": (42, 203),
    "bind": (49, 200),
    "accept4": (288, 242),
    "fork": (57, -1),
    "vfork": (58, -1),
    "execve": (59, 221),
    "execveat": (322, 281),
    # other processes of the same user
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kcmp": (312, 272),
    "setpriority": (141, 140),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # memory and queues that others have a part in
    "shmget": (29, 194),
    "shmat": (30, 196),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    # changes of files
    "unlink": (87, -1),
    "unlinkat": (263, 35),
    "rename": (82, -1),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "mkdir": (83, -1),
    "mkdirat": (258, 34),
    "rmdir": (84, -1),
    "mknod": (133, -1),
    "mknodat": (259, 33),
    "link": (86, -1),
    "linkat": (265, 37),
    "symlink": (88, -1),
    "symlinkat": (266, 36),
    "chmod": (90, -1),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, -1),
    "lchown": (94, -1),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "creat": (85, -1),
    "utime": (132, -1),
    "utimes": (235, -1),
    "futimesat": (261, -1),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    "inotify_init": (253, -1),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "open_by_handle_at": (304, 265),
    # the machine
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
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
#: The calls that open a file, and the argument that says how: to write, create or truncate fails with EPERM.
_OPENS: Final = {"open": ((2, -1), 1), "openat": ((257, 56), 2)}
_TO_CHANGE: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
#: Calls that are denied where one of their arguments is one of these values.
DENIED_WHERE: Final = {
    # who gets a signal when there is something to read, and which one
    "fcntl": ((72, 25), 1, (8, 10, 15)),
    "ioctl": ((16, 29), 1, (0x8901, 0x8902, 0x5452)),
    # to go on without its parent
    "prctl": ((157, 167), 0, (1,)),
}
#: A process limits itself, and no other: the C library names itself 0.
PRLIMIT: Final = (302, 261)
#: A process may signal itself, as it does when it gives up.
TGKILL: Final = (234, 131)
#: What they ask for lies in memory, where a filter sees nothing: the C library asks for the older ones then.
_UNSEEN: Final = {"clone3": 435, "openat2": 437}
#: machine -> (its place above, AUDIT_ARCH_*, clone, seccomp)
MACHINES: Final = {
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


def set_filter() -> bool:
    """Deny every thread of this process the calls; return whether the kernel did so."""
    machine = MACHINES.get(platform.machine())
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
    # only threads are made, only to read are files opened, only to itself are signals sent and limits set
    steps += [_Step(_EQUAL, 0, 4, clone), _argument(0), _Step(_HAS, 1, 0, _CLONE_THREAD), deny, allow]
    for numbers, argument in _OPENS.values():
        steps += [_Step(_EQUAL, 0, 4, numbers[place]), _argument(argument), _Step(_HAS, 0, 1, _TO_CHANGE), deny, allow]
    steps += [_Step(_EQUAL, 0, 4, TGKILL[place]), _argument(0), _Step(_EQUAL, 1, 0, pid), deny, allow]
    steps += [_Step(_EQUAL, 0, 4, PRLIMIT[place]), _argument(0), _Step(_EQUAL, 1, 0, 0), deny, allow]
    for numbers, argument, values in DENIED_WHERE.values():
        asked = [step for value in values for step in (_Step(_EQUAL, 0, 1, value), deny)]
        steps += [_Step(_EQUAL, 0, len(asked) + 2, numbers[place]), _argument(argument), *asked, allow]
    for denied in DENIED.values():
        steps += [_Step(_EQUAL, 0, 1, denied[place]), deny]
    return [*steps, allow]


def _argument(number: int) -> _Step:
    """Load the lower half of a call's argument."""
    return _Step(_LOAD, 0, 0, 16 + 8 * number)
