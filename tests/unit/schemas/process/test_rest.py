"""A pause ends by itself, and at once where the process is to stop."""

from __future__ import annotations

import asyncio

from schemas.process.rest import rest


async def test_it_ends_by_itself() -> None:
    stopping = asyncio.Event()

    await rest(stopping, 0.01)

    assert not stopping.is_set()


async def test_it_ends_where_the_process_is_to_stop() -> None:
    """By its own time it would outlive the test."""
    stopping = asyncio.Event()
    resting = asyncio.ensure_future(rest(stopping, 3600))
    await asyncio.sleep(0)
    assert not resting.done()

    stopping.set()

    await resting
