"""Two lanes project beside each other: urgent plans wait for no turn of the others, and each record has one owner."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from projections.run.lanes import Lanes
from projections.run.leases import Leases
from projections.run.topics import LEASE_ORDER, MEMBERS, Lane, lease_numbers
from projections.settings import Settings
from schemas import headers
from schemas.events import Event
from schemas.process.kafka import producer
from schemas.process.places import new_plan_id, partition_of, partitions_of
from schemas.topics import PLAN_EVENTS
from schemas.wire import Codec
from tests.support.patience import PATIENCE_S


def uploaded(plan: str, priority: str) -> Event:
    data = {
        "plan_id": plan,
        "document_id": str(uuid.uuid4()),
        "title": "t",
        "filename": "f",
        "media_type": "text/csv",
        "size_bytes": 1,
        "sha256": "s",
        "channels": ["shopee"],
        "priority": priority,
    }
    return Event("plan.uploaded", str(uuid.uuid4()), f"plan-{plan}", 1, 1, "c", plan, "ana", data)


@pytest.fixture
async def send(settings: Settings, codec: Codec) -> AsyncIterator[Callable[..., Any]]:
    sending = producer(settings.brokers, "test")
    await sending.start()

    async def one(priority: str) -> str:
        event = uploaded(str(new_plan_id(priority)), priority)
        key = event.correlation_id.encode()
        await sending.send_and_wait(
            PLAN_EVENTS,
            codec.encode(PLAN_EVENTS, event),
            key=key,
            partition=partition_of(PLAN_EVENTS, key),
            headers=headers.for_event(event, None),
        )
        return event.correlation_id

    yield one
    await sending.stop()


@asynccontextmanager
async def projecting(lanes: Lanes) -> AsyncIterator[Lanes]:
    task = asyncio.create_task(lanes.run())
    try:
        yield lanes
    finally:
        lanes.stop()
        await task


async def until(so: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await so():
            await asyncio.sleep(0.02)


async def test_an_urgent_plan_is_shown_while_a_turn_of_the_others_is_under_way(
    pool: asyncpg.Pool, settings: Settings, codec: Codec, send: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lanes = Lanes(settings, codec)
    urgent, others = lanes._lanes
    begun, go_on, batch = asyncio.Event(), asyncio.Event(), others._batch

    async def held(*given: Any) -> None:
        begun.set()
        await go_on.wait()
        await batch(*given)

    monkeypatch.setattr(others, "_batch", held)
    places = {(topic, n) for topic in LEASE_ORDER for n in range(partitions_of(topic))}

    async def all_held() -> bool:
        holds: dict[str, list[int]] = lanes.state(0.0)["holds"]
        return {(topic, n) for topic, numbers in holds.items() for n in numbers} == places

    async def shown(plan: str) -> bool:
        return bool(await pool.fetchval("select exists (select from rm.plan where plan_id = $1::uuid)", plan))

    async with projecting(lanes):
        await until(all_held)
        assert not urgent._leased & others._leased
        before = lanes.state(0.0)["handled"]
        low = await send("low")
        async with asyncio.timeout(PATIENCE_S):
            await begun.wait()
        high = await send("high")
        await until(lambda: shown(high))
        assert not await shown(low)
        assert others._portions.is_quick(time.monotonic())
        go_on.set()
        await until(lambda: shown(low))
        assert lanes.state(0.0)["handled"] >= before + 2


async def test_sessions_of_a_lane_share_its_partitions_and_those_of_another_version_count_as_others(
    settings: Settings,
) -> None:
    of: list[Lane] = ["urgent", "others", "urgent", "others", "all"]
    connections = [await asyncpg.connect(settings.database_url) for _ in of]
    leases = [
        Leases(connection, "in-lanes", lease_numbers(lane), MEMBERS[lane])
        for lane, connection in zip(of, connections, strict=True)
    ]
    for one in leases:
        await one.join()
    for _ in range(3):
        for one in leases:
            await one.balance()
    every = [place for one in leases for place in one.leased]
    assert sorted(every) == sorted(lease_numbers())  # none twice, none left out
    assert len(leases[0].leased) == len(leases[2].leased) == len(lease_numbers("urgent")) // 2
    # an older process knows of no lanes: it counts with the others, and has what these give back
    assert len(leases[4].leased) >= len(lease_numbers("others")) - 2 * -(-len(lease_numbers("others")) // 3)
    for connection in connections:
        await connection.close()


def test_each_partition_is_in_one_lane() -> None:
    urgent, others = lease_numbers("urgent"), lease_numbers("others")
    assert urgent.keys().isdisjoint(others)
    assert urgent | others == lease_numbers()
    assert {topic for topic, _ in urgent} == {PLAN_EVENTS, "task.events"}
    assert not set(MEMBERS.values()) & set(lease_numbers().values())
