"""The relay's lanes on a real broker: urgent plans wait for no go of the others, and one that fails ends both."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from gateway.outbox.relay import Relay
from gateway.outbox.session import Session
from projections.settings import Settings
from schemas.process.places import new_plan_id
from schemas.wire import Codec
from tests.integration.pipeline.test_relay import INSERT, published, row, working
from tests.support.patience import PATIENCE_S


class Held:
    """Holds the goes with rows of a plan until they may go on, and says when one has begun."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, plan: str) -> None:
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()
        self.fails = False
        publish = Relay._publish

        async def held(relay: Relay, session: Session, rows: Sequence[Any]) -> None:
            if any(row["key"] == plan for row in rows):
                self.begun.set()
                await self.go_on.wait()
                if self.fails:
                    self.fails = False
                    raise ConnectionError("the broker is away")
            await publish(relay, session, rows)

        monkeypatch.setattr(Relay, "_publish", held)

    async def until_begun(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self.begun.wait()


async def test_an_urgent_plan_goes_out_while_the_others_wait_for_their_acknowledgement(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    low, normal, high = (str(new_plan_id(priority)) for priority in ("low", "normal", "high"))
    held = Held(monkeypatch, low)
    async with working(settings, codec) as relay:
        await pool.execute(INSERT, *row(low, 1))
        relay.wake()
        await held.until_begun()
        for version in (1, 2):
            await pool.execute(INSERT, *row(normal, version))
            await pool.execute(INSERT, *row(high, version))
            relay.wake()
            assert await published(pool, high, version)
        assert await published(pool, low, 0)
        assert await published(pool, normal, 0)
        held.go_on.set()
        assert await published(pool, low, 1)
        assert await published(pool, normal, 2)


async def test_where_the_go_of_the_others_fails_both_lanes_begin_anew(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    low, high = (str(new_plan_id(priority)) for priority in ("low", "high"))
    held = Held(monkeypatch, low)
    held.fails = True
    async with working(settings, codec) as relay:
        await pool.execute(INSERT, *row(low, 1))
        relay.wake()
        await held.until_begun()
        await pool.execute(INSERT, *row(high, 1))
        held.go_on.set()
        assert await published(pool, low, 1)
        assert await published(pool, high, 1)


async def test_a_relay_that_stops_ends_the_go_under_way(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    low = str(new_plan_id("low"))
    held = Held(monkeypatch, low)
    async with working(settings, codec) as relay:
        await pool.execute(INSERT, *row(low, 1))
        relay.wake()
        await held.until_begun()
        relay.stop()
        held.go_on.set()
    assert await published(pool, low, 1)
