"""An open loop sends when a request is due, and waits for nobody."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from bench.load import loops
from bench.load.loops import KEPT_S, Connections, opened
from tests.support.patience import PATIENCE_S


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
    async with asyncio.timeout(PATIENCE_S):
        sent = await opened(stuck, ["a", "b", "c"], [0.0, 0.01, 0.02])
    assert stuck.begun == ["a", "b", "c"]
    assert round(sent.due["c"] - sent.due["a"], 6) == 0.02
    assert sent.answered == dict.fromkeys("abc", 2.0)


async def test_a_connection_that_the_server_may_have_closed_meanwhile_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    used: list[object] = []

    async def approve(connection: object, _: str) -> None:
        used.append(connection)

    monkeypatch.setattr(loops, "approve", approve)
    monkeypatch.setattr(loops, "time", SimpleNamespace(monotonic=lambda: now[0], time=lambda: now[0]))
    connections = Connections("http://127.0.0.1:1", "")
    for at in (0.0, KEPT_S, 2 * KEPT_S + 0.1):
        now[0] = at
        await connections.approve("a")

    assert used[0] is used[1]
    assert used[2] is not used[1]
