"""Waiting for what takes its time, and no longer."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any, Final

#: How long a test waits at most for what is to come, in seconds. What has not come by then does not come: no machine
#: that works is so slow, and no test is quicker or slower by it.
PATIENCE_S: Final = 300.0


def eventually(
    true: Callable[[], bool],
    *,
    within_s: float = PATIENCE_S,
    every_s: float = 0.05,
    say: Callable[[], object] = lambda: "",
) -> None:
    """Return once it is true. Raises TimeoutError with what `say` says then."""
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within_s:g} s: {say()}"[:2000])
        time.sleep(every_s)


async def until(
    found: Callable[[], Any],
    within_s: float = PATIENCE_S,
    *,
    every_s: float = 0.02,
    say: Callable[[], object] = lambda: "",
) -> Any:
    """Return what a function or coroutine function gives, once it gives something; the event loop works meanwhile.

    Raises TimeoutError with what `say` says then.
    """
    deadline = time.monotonic() + within_s
    while True:
        given = found()
        if inspect.isawaitable(given):
            given = await given
        if given:
            return given
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {within_s:g} s: {say()}"[:2000])
        await asyncio.sleep(every_s)
