"""Scenarios that touch networks and disks run in namespaces of their own: nothing outside of them notices.

The process is started anew under `unshare`, with its own mounts, its own network and, where it is not root already,
as root of its own user namespace.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from local.child import Command
from local.state import ROOT

INSIDE: Final = "CHAOS_CONTAINED"
TOOLS: Final = ("unshare", "nsenter", "mount", "umount", "ip")


class CannotContainError(RuntimeError):
    """Raised where this machine allows no namespaces, or lacks a tool; the message says what is needed."""


def inside() -> bool:
    """Tell whether this process runs in namespaces of its own."""
    return INSIDE in os.environ


def command(argv: Sequence[str]) -> list[str]:
    """Return a command that runs `argv` in its own namespaces and ends with this process. Raises CannotContainError."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        raise CannotContainError(f"it needs {', '.join(missing)}, of the packages util-linux and iproute2")
    unshare = ["unshare", "--mount", "--net", *(() if os.geteuid() == 0 else ("--user", "--map-root-user"))]
    tried = subprocess.run([*unshare, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        raise CannotContainError(
            f"it needs root, or a kernel that lets users have namespaces of their own: {tried.stderr.strip()}"
        )
    return Command((*unshare, "--", *argv)).leashed()


def run_again(arguments: Sequence[str]) -> subprocess.Popen[str]:
    """Start `python -m local.chaos arguments...` contained, with its output to be read."""
    return subprocess.Popen(
        command([sys.executable, "-m", "local.chaos", *arguments]),
        cwd=ROOT,
        env={**os.environ, INSIDE: "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )


def ip(*arguments: str, prefix: Sequence[str] = ()) -> None:
    """Run `ip`, in another place if there is a prefix. Raises CannotContainError with what it said."""
    done = subprocess.run((*prefix, "ip", *arguments), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotContainError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
