"""A reading process that has stopped for good is told from one that works, waits for a core, or was stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeAlias

import pytest

from gateway.intake import stalling

Started: TypeAlias = Callable[[str], Coroutine[Any, Any, Process]]

ASLEEP = """
import threading, time
threading.Thread(target=time.sleep, args=(99,), daemon=True).start()
print(1, flush=True)
time.sleep(99)
"""
ONE_WORKS = """
import threading, time
threading.Thread(target=time.sleep, args=(99,), daemon=True).start()
print(1, flush=True)
while True: pass
"""


@pytest.fixture
async def started(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Started]:
    monkeypatch.setattr(stalling, "LOOK_S", 0.02)
    processes: list[Process] = []

    async def start(code: str) -> Process:
        made = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=PIPE)
        processes.append(made)
        assert made.stdout is not None
        await made.stdout.readline()
        return made

    yield start
    for one in processes:
        with suppress(ProcessLookupError):
            one.kill()
        await one.communicate()


async def test_only_looks_in_a_row_that_find_no_work_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these would be enough if one that found work, or a thread awake, did not begin the count anew."""
    asleep = [(True, 1)] * stalling.LOOKS
    awake = [(False, 1)] * stalling.LOOKS
    works = [(True, ticks) for ticks in range(2, 2 + stalling.LOOKS)]
    seen = iter([*asleep, *awake, *works, *[(True, 99)] * (stalling.LOOKS + 1)])
    monkeypatch.setattr(stalling, "LOOK_S", 0)
    monkeypatch.setattr(stalling, "_seen", lambda _: next(seen))
    await stalling.until_stalled(os.getpid())
    assert list(seen) == []


async def test_all_threads_asleep_is_for_good(started: Started) -> None:
    written = await stalling.until_stalled((await started(ASLEEP)).pid)
    assert 100_000 < written < 2**33


@pytest.mark.parametrize("how", ["works", "was stopped", "is gone"])
async def test_who_works_was_stopped_or_is_gone_has_not(started: Started, how: str) -> None:
    process = await started(ONE_WORKS if how == "works" else ASLEEP)
    if how == "was stopped":
        os.kill(process.pid, signal.SIGSTOP)
    elif how == "is gone":
        process.kill()
        await process.wait()
    looks: list[tuple[bool, int]] = []
    for _ in range(3 * stalling.LOOKS):
        looks.append(stalling._seen(process.pid))
        await asyncio.sleep(0.02)
    assert not any(asleep for asleep, _ in looks[5:])
