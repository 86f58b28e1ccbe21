"""What a worker remembers of waiting records while others of its items go on."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from streams.retries.index import Away, Ending
from streams.retries.order import Parked
from streams.retries.view import Known


class SlowIndex:
    """An index that is slow once: its first answer waits for `gate`, calls that come meanwhile find it away."""

    def __init__(self) -> None:
        self.noted: list[Ending] = []
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()

    async def look(self, group: str, keys: Collection[str], ids: Collection[str]) -> list[Parked]:
        return []

    async def save(self, rows: Sequence[Parked]) -> list[Parked]:
        return []

    async def current(self, ids: Collection[str]) -> list[Parked]:
        return []

    async def resolve(self, endings: Sequence[Ending]) -> None:
        if not self.gate.is_set():
            if self.asked.is_set():
                raise Away
            self.asked.set()
            await self.gate.wait()
        self.noted += endings


async def test_endings_that_come_while_others_are_noted_are_kept() -> None:
    index = SlowIndex()
    known = Known("analysis", index)
    first = asyncio.create_task(known.note([("one", 0, "done"), ("two", 0, "done")]))
    await index.asked.wait()
    await known.note([("one", 1, "given_up")])
    await known.note([("three", 0, "done")])
    index.gate.set()
    await first
    index.noted.clear()

    await known.note([("four", 0, "done")])

    assert sorted(index.noted) == [("four", 0, "done"), ("one", 1, "given_up"), ("three", 0, "done")]
