"""Whatever one client of the broker does as it ends, the other ends too, and who asked goes on."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from schemas.process.kafka import Brokers
from streams.watchdog.clients import Clients


@pytest.mark.parametrize("error", [asyncio.CancelledError(), OSError("no broker")])
async def test_both_end_whatever_an_end_comes_to(error: BaseException) -> None:
    clients, stopped = Clients(Brokers("127.0.0.1:9")), list[str]()

    async def close() -> None:
        raise error

    async def stop() -> None:
        stopped.append("reader")
        raise error

    clients._admin = cast("Any", SimpleNamespace(close=close))
    clients._reader = cast("Any", SimpleNamespace(stop=stop))
    await clients.drop()
    assert (stopped, clients._admin, clients._reader) == (["reader"], None, None)
