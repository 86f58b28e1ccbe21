"""Stop a client within a time limit, even if its stop() hangs or raises."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def ended(stopping: Coroutine[Any, Any, Any], within_s: float) -> None:
    """Run a stop for a limited time and swallow its errors. Raises only where the caller is cancelled.

    It runs in a task of its own: without a broker a consumer's stop can end as cancelled, which would look as if the
    caller were.
    """
    task = asyncio.ensure_future(stopping)
    try:
        await asyncio.wait({task}, timeout=within_s)
    finally:
        if not task.done():
            task.cancel()
        elif not task.cancelled():
            task.exception()
