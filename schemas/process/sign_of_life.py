"""A file that a process touches every second, from its first moment on: whoever started it sees that it goes on.

The heartbeat (`liveness`) is a row in the database, and the watchdog acts by it. A process that hangs or is frozen
before it has a row is seen by nobody there, nor is the last watchdog: their supervisors act by this file. It tells
nothing of broker or database, so an outage of those ends no process.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

FILE: Final = "MARKETPLACE_SIGN_FILE"
EVERY_S: Final = 1.0
#: A process that has touched its file for so long not even once is ended by its supervisor, and started again. It is
#: far more than a process takes to begin on a busy machine, or than the watchdog to see one that has a row.
SILENT_S: Final = 180.0


def give(env: Mapping[str, str] | None = None) -> None:
    """Touch the file, where there is one to touch."""
    path = (os.environ if env is None else env).get(FILE)
    if path:
        with suppress(OSError):  # a full disk: the time of a file that is there can be set
            Path(path).touch()


async def keep_giving() -> None:
    """Touch it for as long as the event loop turns."""
    while True:
        give()
        await asyncio.sleep(EVERY_S)
