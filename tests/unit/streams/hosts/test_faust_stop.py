"""A worker is told to stop and does not: it ends all the same, and only then."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator

import faust
import pytest

from streams.hosts.faust_stop import STOP_GRACE_S, BoundedWorker
from tests.support.patience import PATIENCE_S

GRACE_S = 0.2


class Worker(BoundedWorker):
    """Takes as long to stop as it is told to."""

    async def stop(self) -> None:
        await asyncio.Event().wait()


class End(threading.Event):
    """The end of the process, and when it came."""

    at = 0.0

    def set(self) -> None:
        self.at = time.monotonic()
        super().set()


@pytest.fixture
async def told() -> AsyncIterator[tuple[Worker, End]]:
    ended = End()
    app = faust.App("a", broker="memory://", store="memory://", web_enabled=False)
    loop = asyncio.get_running_loop()
    worker = Worker(app, loop=loop, quiet=True, redirect_stdouts=False, grace_s=GRACE_S, end=ended.set)
    yield worker, ended
    if worker._signal_stop_future is not None:
        worker._signal_stop_future.cancel()


async def test_it_ends_after_its_grace_although_the_event_loop_is_blocked(told: tuple[Worker, End]) -> None:
    worker, ended = told
    began = time.monotonic()
    worker._schedule_shutdown(signal.SIGTERM)
    await asyncio.sleep(0.05)

    assert ended.wait(60)  # the event loop stands still

    assert ended.at - began >= GRACE_S


async def test_a_second_signal_does_not_put_it_off(told: tuple[Worker, End]) -> None:
    """If each did, it would never end here: they come faster than its grace passes."""
    worker, ended = told
    began = time.monotonic()
    async with asyncio.timeout(PATIENCE_S):
        while not ended.is_set():
            worker._schedule_shutdown(signal.SIGTERM)
            await asyncio.sleep(0.07)

    assert ended.at - began >= GRACE_S


def test_supervisors_are_more_patient() -> None:
    assert STOP_GRACE_S < 20
