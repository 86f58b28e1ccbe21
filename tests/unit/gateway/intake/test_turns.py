"""Fair shares of the readers: many documents of one person hold nobody else up."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from gateway.intake.turns import Turns


class Readings:
    """Readings that begin when they get their turn, and end when they are told to."""

    def __init__(self, at_once: int) -> None:
        self.turns = Turns(at_once)
        self.begun: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, *names: str) -> None:
        """Ask for a turn for each, in this order; a name's first letter is who asks."""
        for name in names:
            self._ends[name] = asyncio.Event()
            self._tasks[name] = asyncio.create_task(self._read(name))
            await asyncio.sleep(0)

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await self._tasks[name]
        await asyncio.sleep(0)

    async def cancel(self, name: str) -> None:
        self._tasks[name].cancel()
        await asyncio.gather(self._tasks[name], return_exceptions=True)
        await asyncio.sleep(0)

    async def _read(self, name: str) -> None:
        async with self.turns.of(name[0]):
            self.begun.append(name)
            await self._ends[name].wait()


async def test_a_flood_of_one_lets_the_next_one_in_first() -> None:
    readings = Readings(2)
    await readings.ask("a1", "a2", "a3", "a4", "b1")
    assert readings.begun == ["a1", "a2"]
    assert readings.turns.locked()
    await readings.end("a1")
    assert readings.begun[2:] == ["b1"]  # a has one at work, b none
    await readings.end("b1")
    assert readings.begun[3:] == ["a3"]


async def test_who_has_as_many_at_work_waits_in_order() -> None:
    readings = Readings(1)
    await readings.ask("a1", "b1", "c1", "b2")
    for done in ("a1", "b1", "c1"):
        await readings.end(done)
    assert readings.begun == ["a1", "b1", "c1", "b2"]


async def test_who_leaves_before_his_turn_leaves_it_to_others() -> None:
    readings = Readings(1)
    await readings.ask("a1", "b1", "c1")
    await readings.cancel("b1")
    await readings.end("a1")
    assert readings.begun == ["a1", "c1"]


async def test_who_leaves_as_his_turn_comes_gives_it_on() -> None:
    turns = Turns(1)
    async with AsyncExitStack() as first:
        await first.enter_async_context(turns.of("a"))
        waiting = asyncio.create_task(turns._begin("b"))
        await asyncio.sleep(0)
        await first.aclose()  # b has the turn, and does not know it yet
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert not turns.locked()
    async with turns.of("c"):
        assert turns.locked()
