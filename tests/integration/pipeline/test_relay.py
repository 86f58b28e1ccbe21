"""The relay: nothing skipped, nothing marked too early, one at work."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from gateway.relay import Relay
from projections.settings import Settings
from schemas.wire import Codec

INSERT = (
    "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id, correlation_id,"
    " actor, data) values ($1::uuid, 'plan.events', $2, 'plan.rejected', $3, $4, 1, 'c', $2, 'ana', $5::jsonb)"
)


def row(plan: str, version: int, data: str | None = None) -> tuple[object, ...]:
    good = f'{{"plan_id": "{plan}", "reason": "r"}}'
    return (str(uuid.uuid4()), plan, f"plan-{plan}", version, data or good)


@asynccontextmanager
async def working(settings: Settings, codec: Codec) -> AsyncIterator[Relay]:
    relay = Relay(settings.database_url, settings.brokers, codec)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await task


async def published(pool: asyncpg.Pool, plan: str, count: int, within_s: float = 15) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        seen = await pool.fetchval(
            "select count(*) from decide.outbox where key = $1 and published_at is not null", plan
        )
        if seen == count:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_late_commit_with_a_low_number_is_not_skipped(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    plan, late = str(uuid.uuid4()), str(uuid.uuid4())
    async with working(settings, codec), pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute(INSERT, *row(late, 1))  # takes its number first
        await pool.execute(INSERT, *row(plan, 1))
        assert await published(pool, plan, 1)

        await transaction.commit()

        assert await published(pool, late, 1)


async def test_one_relay_works_and_the_other_takes_over(pool: asyncpg.Pool, settings: Settings, codec: Codec) -> None:
    plan = str(uuid.uuid4())
    async with working(settings, codec) as second, working(settings, codec) as first:
        await asyncio.sleep(1)
        assert [first.active, second.active].count(True) == 1
        if first.active:
            first.stop()
        else:
            second.stop()
        await pool.execute(INSERT, *row(plan, 1))

        assert await published(pool, plan, 1)


async def test_a_row_that_does_not_fit_holds_its_own_stream_only(
    pool: asyncpg.Pool, settings: Settings, codec: Codec
) -> None:
    bad, good = str(uuid.uuid4()), str(uuid.uuid4())
    await pool.execute(INSERT, *row(bad, 1, '{"plan_id": 7}'))
    await pool.execute(INSERT, *row(bad, 2))
    await pool.execute(INSERT, *row(good, 1))

    async with working(settings, codec):
        assert await published(pool, good, 1)
        assert await published(pool, bad, 0)
        # mended by a person, it goes, and what waits behind it goes after it
        await pool.execute(
            "update decide.outbox set data = jsonb_build_object('plan_id', key, 'reason', 'r') where key = $1", bad
        )
        assert await published(pool, bad, 2)
