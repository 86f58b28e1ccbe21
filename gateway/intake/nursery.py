"""Forks reading processes from one that has imported what they need: `python -m gateway.intake.nursery FD`.

An import takes longer than a small document does, and polars starts a thread as it is imported: the kernel refuses a
namespace of its own to a process that has more than one. A fork begins with one thread, whatever ran before.

It never sees a document, knows no key, no database and no address, and ends when the gateway closes the socket FD.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Final

from gateway.intake import child, document, kept  # noqa: F401 - what each reading process needs
from gateway.intake.confine import end_with, give_way

#: The size of a request: an environment, or the process whose end is asked for.
REQUEST_BYTES: Final = 64 * 1024
#: The answer where the machine has no memory or no process left.
NOT_BEGUN: Final = -1
_KIB: Final = 1024
#: Pages of this process: all, in memory, and of those the ones of files.
_OWN_PAGES: Final = Path("/proc/self/statm")


def main(file: int) -> None:
    """Be the nursery; in a fork, be a reading process."""
    give_way()
    gc.collect()
    gc.freeze()  # what is imported is shared with the forks as long as nobody writes to it
    with socket.socket(fileno=file) as channel:
        nursery = serve(channel)
    child.main(nursery)


def serve(channel: socket.socket) -> int:
    """Fork for each request, and say how each fork ended. Returns in a fork alone, with the nursery's process id."""
    nursery = os.getpid()
    while True:
        message, files, _, _ = socket.recv_fds(channel, REQUEST_BYTES, 2)
        if not message:
            os._exit(0)
        request = json.loads(message)
        if "ended" in request:
            answer = _ended(request["ended"])
        elif (pid := _fork()) == 0:
            end_with(nursery)
            _become(request["environment"], *files)
            return nursery
        else:
            answer = (pid, 0)
        for file in files:
            os.close(file)
        channel.send(b"%d %d" % answer)


def _ended(pid: int) -> tuple[int, int]:
    """Return the exit status of a process that has ended, and how many bytes of its own it had in memory at most.

    The pages of libraries are no memory of its own: the nursery has the same ones.
    """
    try:
        _, status, used = os.wait4(pid, 0)
    except ChildProcessError:  # it was another nursery's, and has died with it
        return -signal.SIGKILL, 0
    shared = int(_OWN_PAGES.read_text("ascii").split()[2]) * os.sysconf("SC_PAGE_SIZE") if _OWN_PAGES.exists() else 0
    return os.waitstatus_to_exitcode(status), max(0, used.ru_maxrss * _KIB - shared)


def _fork() -> int:
    try:
        return os.fork()
    except OSError:
        return NOT_BEGUN


def _become(environment: dict[str, str], talk: int, errors: int) -> None:
    """Take on a group, an environment, an input and outputs of its own. The session stays: it gives way as a whole."""
    os.setpgid(0, 0)
    for file, number in ((talk, 0), (talk, 1), (errors, 2)):
        os.dup2(file, number)
    os.close(talk)
    os.close(errors)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - open as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


if __name__ == "__main__":
    main(int(sys.argv[1]))
