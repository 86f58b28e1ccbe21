"""Become another program that cannot outlive its parent. Run as a script, never imported by a service.

    python -I -S leash.py PARENT_PID DEATH_SIGNAL keep|drop -- PROGRAM ARG...

The kernel sends DEATH_SIGNAL when the parent dies in any way (Linux; elsewhere the supervisor sweeps leftovers
at its next start). `drop` gives up root first, for programs that refuse to run as root. The process id stays
the same, because the program replaces this script.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
UNPRIVILEGED_ID = 1000


def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def drop_root() -> None:
    """Stop being root while still owning root's files, through a user namespace; else become `nobody`.

    The namespace needs no account, no change of file modes and no readable path for others. Where the machine
    forbids namespaces the process becomes `nobody`, which must then be able to reach the program and its data.
    """
    if os.geteuid() != 0:
        return
    uid, gid = os.geteuid(), os.getegid()
    if sys.platform == "linux" and libc().unshare(CLONE_NEWUSER) == 0:
        try:
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{UNPRIVILEGED_ID} {uid} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{UNPRIVILEGED_ID} {gid} 1", encoding="ascii")
        except OSError as error:
            sys.exit(f"leash: this machine allows a user namespace but no mapping in it: {error}")
        return
    import pwd  # noqa: PLC0415 - only this rare path needs it, and not every platform has it

    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


def main(argv: list[str]) -> None:
    parent, death_signal, identity, separator, *program = argv
    if separator != "--" or not program:
        sys.exit(__doc__)
    if identity == "drop":
        drop_root()
    if sys.platform == "linux":
        # After the change of identity: the kernel forgets the request when the credentials change.
        libc().prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != int(parent):  # it died before the request was made
            sys.exit("leash: the parent is gone")
    os.execvp(program[0], program)  # noqa: S606 - becoming that program is the purpose of this file


if __name__ == "__main__":
    main(sys.argv[1:])
