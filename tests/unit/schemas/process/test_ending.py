"""Whatever a client's stop does, its caller goes on."""

from __future__ import annotations

import asyncio

import pytest

from schemas.process.ending import ended


async def test_a_stop_that_ends_as_cancelled_cancels_nobody() -> None:
    async def stop() -> None:
        inner = asyncio.ensure_future(asyncio.sleep(60))
        inner.cancel()
        await inner

    await ended(stop(), 5)


async def test_a_stop_that_fails_or_hangs_is_left_alone() -> None:
    async def fail() -> None:
        raise OSError("no broker")

    left: list[str] = []

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            left.append("hang")

    await ended(fail(), 3600)
    await ended(hang(), 0.05)
    await asyncio.sleep(0)
    assert left == ["hang"]


async def test_whoever_is_cancelled_meanwhile_is() -> None:
    stopping = asyncio.ensure_future(ended(asyncio.sleep(60), 60))
    await asyncio.sleep(0.01)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
