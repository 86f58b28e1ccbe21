"""A plan that has all of its results, and no end of its analysis: one that is under way is no stalled one."""

from __future__ import annotations

import uuid

import asyncpg
import orjson

from schemas.process.connection import Db
from tests.integration.streams.watchdog.watched import Watched, later, publish, said, uploaded


async def with_result(pool: asyncpg.Pool, *, stored_s_ago: float) -> str:
    """Return a plan whose only channel has a result since so many seconds, and which is long late."""
    plan_id, event_id = await uploaded(pool), str(uuid.uuid4())
    data = {"plan_id": plan_id, "channel": "shopee", "code": "agent-http", "reason": "500", "attempts": 3}
    command = {
        "command": "plan.channel.failed",
        "id": plan_id,
        "actor": "runner",
        "scope": "",
        "event_id": event_id,
        "at": 1,
        "causation_id": "",
        "data": data,
    }
    said_of_it = await pool.fetchval(
        "select decide.record_channel(jsonb_populate_record(null::decide.command, $1::jsonb),"
        " 'plan.channel.failed', 'shopee')",
        orjson.dumps(command).decode(),
    )
    assert orjson.loads(said_of_it)["outcome"] == "complete"
    await publish(pool)
    await pool.execute(
        "update decide.outbox set stored_at = now() - make_interval(secs => $2) where event_id = $1::uuid",
        event_id,
        stored_s_ago,
    )
    await later(pool, 40.0)
    return plan_id


async def test_a_plan_whose_last_result_has_just_come_is_not_called_stalled(pool: asyncpg.Pool, connection: Db) -> None:
    plan_id = await with_result(pool, stored_s_ago=0.0)

    await Watched().round(connection)

    assert await said(pool, plan_id) == []


async def test_a_plan_that_nobody_finished_is_stalled_and_finished(pool: asyncpg.Pool, connection: Db) -> None:
    plan_id = await with_result(pool, stored_s_ago=4.0)

    await Watched().round(connection)

    assert [type_ for type_, _ in await said(pool, plan_id)][:2] == ["plan.stalled", "plan.recovery.started"]
    cause = "select data ->> 'cause' from decide.outbox where type = 'plan.stalled' and key = $1"
    assert await pool.fetchval(cause, plan_id) == "result-unfinished"


async def test_a_result_that_the_outbox_has_forgotten_is_old(pool: asyncpg.Pool, connection: Db) -> None:
    plan_id = await with_result(pool, stored_s_ago=0.0)
    await pool.execute("delete from decide.outbox where type = 'plan.channel.failed' and key = $1", plan_id)

    await Watched().round(connection)

    assert [type_ for type_, _ in await said(pool, plan_id)][:1] == ["plan.stalled"]
