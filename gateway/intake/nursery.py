"""Forks reading processes from one that has imported what they need: `python -m gateway.intake.nursery FD`.

The imports take longer than a small document. And polars starts a thread when it is imported, but the kernel gives a
new namespace only to a process with one thread: a fork begins with one, whatever ran before.

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
#: The answer if the machine has no memory or no process left.
NOT_BEGUN: Final = -1
_KIB: Final = 1024
#: The numbers of pages of this process: all, those in memory, and those of files.
_OWN_PAGES: Final = Path("/proc/self/statm")


def main(file: int) -> None:
    """Run the nursery or, in a fork, a reading process."""
    give_way()
    gc.collect()
    gc.freeze()  # what is imported is shared with the forks as long as nobody writes to it
    with socket.socket(fileno=file) as channel:
        nursery = serve(channel)
    child.main(nursery)


def serve(channel: socket.socket) -> int:
    """Fork for each request, and report how each fork ended. Returns only in a fork, with the nursery's process id."""
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
    """Return the exit status of an ended process, and the most bytes of its own that it had in memory.

    Pages of libraries do not count, because the nursery has the same ones.
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
    """Give the fork its process group, environment, input and outputs.

    The session stays, because it is nice as a whole.
    """
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
