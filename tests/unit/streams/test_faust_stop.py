"""A worker is told to stop and does not: it ends all the same, and only then."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator

import faust
import pytest

from streams.faust_stop import STOP_GRACE_S, BoundedWorker


class Worker(BoundedWorker):
    """Takes as long to stop as it is told to."""

    async def stop(self) -> None:
        await asyncio.Event().wait()


@pytest.fixture
async def told() -> AsyncIterator[tuple[Worker, threading.Event]]:
    ended = threading.Event()
    app = faust.App("a", broker="memory://", store="memory://", web_enabled=False)
    loop = asyncio.get_running_loop()
    worker = Worker(app, loop=loop, quiet=True, redirect_stdouts=False, grace_s=0.2, end=ended.set)
    yield worker, ended
    if worker._signal_stop_future is not None:
        worker._signal_stop_future.cancel()


async def test_it_ends_after_its_grace_although_the_event_loop_is_blocked(told: tuple[Worker, threading.Event]) -> None:
    worker, ended = told
    worker._schedule_shutdown(signal.SIGTERM)
    await asyncio.sleep(0.05)
    assert not ended.is_set()

    time.sleep(0.4)  # the event loop stands still

    assert ended.is_set()


async def test_a_second_signal_does_not_put_it_off(told: tuple[Worker, threading.Event]) -> None:
    worker, ended = told
    began = time.monotonic()
    for _ in range(3):
        worker._schedule_shutdown(signal.SIGTERM)
        await asyncio.sleep(0.07)
    await asyncio.to_thread(ended.wait, 1)

    assert ended.is_set()
    assert time.monotonic() - began < 0.4


def test_supervisors_are_more_patient() -> None:
    assert STOP_GRACE_S < 20
