"""A go beside another one: it is waited for a moment, then for its end or for a call; what it raises comes out."""

from __future__ import annotations

import asyncio

import pytest

from gateway.outbox.beside import Beside
from tests.support.patience import PATIENCE_S


async def test_it_ends_with_what_it_had_or_is_left_to_go_on_once_somebody_calls() -> None:
    beside, called, go_on = Beside(), asyncio.Event(), asyncio.Event()
    assert (bool(beside), await beside.ended(), await beside.ended_unless(called, PATIENCE_S)) == (False, 0, 0)

    async def go() -> int:
        await go_on.wait()
        return 7

    beside.begin(go())
    called.set()
    assert await beside.ended_unless(called, PATIENCE_S) is None
    called.clear()
    assert await beside.ended_unless(called, 0.001) is None
    assert beside
    go_on.set()
    assert await beside.ended_unless(called, PATIENCE_S) == 7
    assert not beside


async def test_one_that_ends_in_a_moment_is_waited_for_whoever_calls() -> None:
    beside, called = Beside(), asyncio.Event()
    called.set()

    async def go() -> int:
        await asyncio.sleep(0)
        return 3

    beside.begin(go())
    assert await beside.ended_unless(called, PATIENCE_S) == 3


async def test_what_it_raises_comes_out_and_what_is_given_up_has_ended() -> None:
    beside, ended = Beside(), list[str]()

    async def fails() -> int:
        raise ConnectionError("the broker is away")

    async def waits() -> int:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waits")
        return 0

    beside.begin(fails())
    with pytest.raises(ConnectionError):
        await beside.ended()
    assert not beside
    beside.begin(waits())
    await asyncio.sleep(0)
    await beside.give_up()
    assert (bool(beside), ended) == (False, ["waits"])
    beside.begin(fails())
    await beside.give_up()
    await beside.give_up()
