"""Waiting for what takes its time, and no longer."""

from __future__ import annotations

import time
from collections.abc import Callable


def eventually(
    true: Callable[[], bool], *, within_s: float = 30.0, every_s: float = 0.05, say: Callable[[], object] = lambda: ""
) -> None:
    """Return once it is true. Raises TimeoutError with what `say` says then."""
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within_s:g} s: {say()}"[:2000])
        time.sleep(every_s)
