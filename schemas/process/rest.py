"""A pause between two rounds of a loop. It ends early when the process is told to stop."""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def rest(stopping: asyncio.Event, seconds: float) -> None:
    """Return after `seconds`, or as soon as `stopping` is set."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
