"""Named places where tests make a process die: before and after everything that cannot be undone.

A process that is told a folder by `MARKETPLACE_CRASH_POINTS` dies at the point whose name is a file in that folder, as
if it were killed there: nothing is cleaned up. It takes the file away first, so it dies once, and what happens next is
what happens after a crash. Without the variable a point costs a comparison.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

#: As after SIGKILL.
EXIT_STATUS: Final = 137
_FOLDER: Final = os.environ.get("MARKETPLACE_CRASH_POINTS", "")


def crashpoint(name: str) -> None:
    """End the process here, at once, where a test has asked for it. Names are written out, so that a test finds all."""
    if _FOLDER and _taken(Path(_FOLDER) / name):
        os._exit(EXIT_STATUS)


def _taken(file: Path) -> bool:
    """Take a request away; of several processes only one succeeds."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True
