"""Rate-limits log lines that repeat, and says how often they came."""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

#: A line that is the same is told so often at most, in seconds.
EVERY_S: Final = 5.0
#: Different lines that are remembered; the one told longest ago is forgotten first.
REMEMBERED: Final = 256


class Repeats(logging.Filter):
    """Lets a record through when its like was not seen for `EVERY_S`; the next one tells how many were left out."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[tuple[str, int, str], tuple[float, int]] = {}  # when (monotonic), left out since
        self._lock = threading.Lock()  # Faust's consumer has a thread of its own

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        key, now = (record.name, record.levelno, text), time.monotonic()
        with self._lock:
            before = self._told.pop(key, None)
            if before is not None and now - before[0] < EVERY_S:
                self._told[key] = before[0], before[1] + 1
                return False
            self._told[key] = now, 0
            while len(self._told) > REMEMBERED:
                del self._told[min(self._told, key=lambda k: self._told[k][0])]
        if before is not None and before[1]:
            record.msg, record.args = f"{text} ({before[1]} more in the {now - before[0]:.0f} s before)", ()
        return True


def collapse(library: str) -> Repeats:
    """Put one filter on every logger of a library that exists by now: its own, and those below it.

    A filter of a parent would not see what its children log.
    """
    repeats = Repeats()
    names = [n for n in logging.root.manager.loggerDict if n == library or n.startswith(f"{library}.")]
    for name in {library, *names}:
        logging.getLogger(name).addFilter(repeats)
    return repeats
