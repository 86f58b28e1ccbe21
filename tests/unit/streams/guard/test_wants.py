"""Two lanes by partition: what the guard wants of its host, and that urgent plans wait for no go of the others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, cast

import pytest

from schemas import headers as h
from streams.broker.records import Incoming
from streams.guard.backlog import Backlog
from streams.guard.guard import Guard
from streams.guard.portion import BUSY
from tests.support.patience import PATIENCE_S


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


async def test_it_wants_few_at_once_after_something_urgent_then_nothing_low_and_at_last_only_what_is_urgent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, nothing = Clock(), cast("Any", None)
    guard = Guard(nothing, nothing, nothing)
    monkeypatch.setattr("streams.guard.guard.time", clock)
    guard.backlog = Backlog(4 * BUSY)

    async def low(count: int) -> None:
        for n in range(count):
            await guard.submit(Incoming("plan.events", 1, n, 0, b"k", b"", [(h.PRIORITY, b"low")], lambda: None))

    assert guard.wants() == "all"
    guard._portions.hurry(0.0)
    await low(BUSY - 1)
    assert guard.wants() == "all"
    await low(1)
    assert guard.wants() == "few"
    clock.now = 60.0
    assert guard.wants() == "all"
    await low(BUSY)
    assert guard.wants() == "usual"
    await low(BUSY)
    assert guard.wants() == "urgent"


async def test_urgent_plans_are_handled_while_a_go_of_the_others_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = cast("Any", None)
    guard, handled, go_on = Guard(nothing, nothing, nothing), list[int](), asyncio.Event()

    async def see_through(batch: Sequence[Incoming]) -> None:
        if batch[0].partition % 4:
            await go_on.wait()
        handled.extend(record.offset for record in batch)

    async def come(partition: int, offset: int) -> None:
        await guard.submit(Incoming("plan.events", partition, offset, 0, b"%d" % partition, b"", [], lambda: None))

    monkeypatch.setattr(guard, "see_through", see_through)
    running, began = asyncio.create_task(guard.run()), time.monotonic()
    await come(1, 7)
    await asyncio.sleep(0)
    for offset in (0, 1, 2):
        await come(4, offset)
    async with asyncio.timeout(PATIENCE_S):
        while len(handled) < 3:
            await asyncio.sleep(0)
    assert handled == [0, 1, 2]
    assert (guard.in_hand, guard.waiting) == (1, 0)
    assert guard._portions.is_quick(began)
    guard.last_progress = time.monotonic()
    guard.backlog._taken_at -= 30
    assert guard.idle_s() >= 30  # the others have not moved, whatever the urgent do
    go_on.set()
    async with asyncio.timeout(PATIENCE_S):
        while guard.in_hand:
            await asyncio.sleep(0)
    assert handled == [0, 1, 2, 7]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
