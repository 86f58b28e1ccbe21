"""`python -m tests.support.without_namespaces MODULE`: run a module as on a machine that makes no namespaces."""

from __future__ import annotations

import ctypes
import errno
import platform
import runpy
import sys

from gateway.intake.syscalls import _ALLOW, _ANSWER, _EQUAL, _FAIL, _LOAD, DENIED, MACHINES, _Program, _Step

_PR_SET_NO_NEW_PRIVS = 38
_SET_FILTER = 1


def main() -> None:
    """Have the kernel refuse one call, here and in all children; then be the module."""
    place, _, _, seccomp = MACHINES[platform.machine()]
    steps = [
        _Step(_LOAD, 0, 0, 0),
        _Step(_EQUAL, 0, 1, DENIED["unshare"][place]),
        _Step(_ANSWER, 0, 0, _FAIL | errno.EPERM),
        _Step(_ANSWER, 0, 0, _ALLOW),
    ]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    if libc.syscall(seccomp, _SET_FILTER, 0, ctypes.byref(program)) != 0:
        raise OSError(ctypes.get_errno(), "no filter")
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
