"""Runs the whole suite: what starts no server in one plain pytest, and beside it what does, with the command given.

Side by side (xdist) each process collects all tests, and tells another one of each: a reason to leave out the four in
five that start no server. These need the processor alone, and the others wait: together they keep it busy. What the
plain pytest writes is shown once both have ended.

    python -m tests.support.whole COMMAND [options of pytest, and paths]

Paths choose what is run; if one of the two has nothing to do, the other one is run as by itself.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from local.ports import RANGE, RANGE_VARIABLE
from tests.support import run_again, shares

#: Where tests start servers, beside the folders where none does.
SERVERS: Final = tuple(f"tests/{folder}" for folder in run_again.FOLDERS)
ALL: Final = (*shares.FOLDERS, *SERVERS)
#: The ports of the plain pytest: below those that who tests servers deal out among themselves.
PORTS: Final = f"{RANGE.start - 1000}-{RANGE.start - 1}"


def parts(paths: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what starts no server, and what does: of the paths, or of all."""
    asked = [one for path in paths or ["tests"] for one in (ALL if path == "tests" else [path])]
    alone = [path for path in asked if any(Path(path).is_relative_to(folder) for folder in shares.FOLDERS)]
    return alone, [path for path in asked if path not in alone]


def run(command: Sequence[str], arguments: Sequence[str], root: Path = shares.ROOT) -> int:
    """Run the tests and return the status of the whole run; what has failed is said at the end."""
    paths = [(root / one).relative_to(root).as_posix() for one in arguments if shares.is_path(one, root)]
    options = [one for one in arguments if not shares.is_path(one, root)]
    alone, servers = parts(paths)
    plain = [sys.executable, "-m", "pytest", *options, *alone]
    beside = [*command, *options, *servers]
    if not (alone and servers):
        return _ended(subprocess.Popen(plain if alone else beside, cwd=root))
    with tempfile.TemporaryFile() as written:
        own = {**os.environ, RANGE_VARIABLE: PORTS}
        first = subprocess.Popen(
            plain, cwd=root, env=own, stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT
        )
        second = subprocess.Popen(beside, cwd=root)
        statuses = {"tests of servers": _ended(second), "tests that start no server": _ended(first)}
        written.seek(0)
        print(f"\n==== {', '.join(alone)} ====\n{written.read().decode('utf-8', 'replace')}", end="")
    for name, status in statuses.items():
        if status not in {shares.GREEN, shares.NOTHING}:
            print(f"{name} ended with status {status}: see above", flush=True)
    return shares.status(statuses.values())


def _ended(process: subprocess.Popen[bytes]) -> int:
    while process.poll() is None:
        with suppress(KeyboardInterrupt):  # it is interrupted, too, and tells how far it came
            process.wait()
    return process.returncode


if __name__ == "__main__":
    raise SystemExit(run(shlex.split(sys.argv[1]), sys.argv[2:]))
