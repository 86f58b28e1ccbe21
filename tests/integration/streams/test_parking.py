"""The index of waiting records: what is overdue is found, and what has its result is ended."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest

from projections.migrate import migrate
from schemas.topics import REDELIVER, WORK
from streams.parking import PostgresParking
from streams.waiting import Parked


@pytest.fixture
async def parking(database_url: str) -> AsyncIterator[PostgresParking]:
    await migrate(database_url)
    made = PostgresParking(database_url)
    await made.look("agents", [], [])  # connects
    yield made
    await made.close()


def waiting(id_: str, group: str, plan: str, channel: str = "shopee", late_s: float = 60) -> Parked:
    now = time.time_ns() // 1_000_000
    return Parked(
        id_,
        group,
        plan,
        WORK["high"],
        0,
        1,
        "agents.retry.1s",
        due_ms=now - int(late_s * 1000),
        since_ms=now,
        value=b"x",
        headers=[("ce_subject", f"work-{plan}.{channel}".encode())],
    )


async def test_requests_whose_channel_has_its_result_are_done(parking: PostgresParking, database_url: str) -> None:
    plan = str(uuid.uuid4())
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "insert into decide.channel_result (plan_id, channel, type, event_id, data)"
        " values ($1::uuid, 'shopee', 'plan.channel.analyzed', gen_random_uuid(), '{}')",
        plan,
    )
    await parking.save(
        [
            waiting("has-it", "analysis", plan),
            waiting("is-not-late", "analysis", plan, late_s=5),
            waiting("another-channel", "analysis", plan, "amazon"),
            waiting("another-plan", "analysis", str(uuid.uuid4())),
            waiting("no-plan", "analysis", "no plan"),
            waiting("another-group", "agents", plan),
        ]
    )

    assert await parking.close_with_results("analysis", 30, 50) == 1

    rows = await connection.fetch("select record_id, state from flow.parked where state <> 'waiting'")
    assert [tuple(row) for row in rows] == [("has-it", "done")]
    overdue = {row.record_id: row.tier for row in await parking.take_overdue("analysis", 30, None, 50)}
    assert overdue == dict.fromkeys(["another-channel", "another-plan", "no-plan"], WORK["high"])
    assert [row.tier for row in await parking.take_overdue("agents", 30, REDELIVER, 50)] == [REDELIVER]
    await connection.close()
