"""An open loop sends when a request is due, and waits for nobody."""

from __future__ import annotations

import asyncio

from bench.load.loops import Connections, opened


class Stuck(Connections):
    """A connection that answers nothing until the last request was sent."""

    def __init__(self, count: int) -> None:
        super().__init__("http://127.0.0.1:1", "")
        self.begun: list[str] = []
        self._count, self._all = count, asyncio.Event()

    async def approve(self, plan: str) -> tuple[float, float]:
        self.begun.append(plan)
        if len(self.begun) == self._count:
            self._all.set()
        await self._all.wait()
        return 1.0, 2.0


async def test_a_request_is_sent_though_none_before_it_is_answered() -> None:
    stuck = Stuck(3)
    async with asyncio.timeout(60):
        sent = await opened(stuck, ["a", "b", "c"], [0.0, 0.01, 0.02])
    assert stuck.begun == ["a", "b", "c"]
    assert round(sent.due["c"] - sent.due["a"], 6) == 0.02
    assert sent.answered == dict.fromkeys("abc", 2.0)
