"""What a channel's analysis found stands in the history once somebody has decided, and is read from there."""

from __future__ import annotations

import uuid

import asyncpg
import orjson
import pytest

from gateway.commands.commands import Commands
from gateway.operations.housekeeping import keep_house

from .conftest import upload_of

SAID = {"channel": "shopee", "summary": "what it found"}
BODY = {"opportunities": [{"id": "one"}], "phases": [{"number": 1}]}
KEPT = "select data is not null from decide.channel_result where plan_id = $1::uuid"
READ = "select decide.said_by(r) from decide.channel_result r where plan_id = $1::uuid"
RECORD = (
    "select decide.record_channel((null, $1::uuid, null, null, null, null, $2::uuid, 1, 'c', 'a', null, $3)"
    "::decide.command, 'plan.channel.analyzed', 'shopee')"
)
HISTORY = """
    insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id,
                             topic, partition, "offset", data, body)
    values ($2::uuid, $1::uuid, 'plan.channel.analyzed', 'plan-' || $1 || '.shopee', 1, now(), now(), 'a', 'c',
            'plan.events', 0, 1, $3, $4::uuid)"""


async def analysed(pool: asyncpg.Pool, commands: Commands) -> str:
    """Return a plan whose only channel has its result, in its row and in the history."""
    plan, event, body = (str(uuid.uuid4()) for _ in range(3))
    await commands.upload(upload_of(plan))
    found = orjson.loads(
        await pool.fetchval(RECORD, plan, event, orjson.dumps({**SAID, **BODY, "plan_id": plan}).decode())
    )
    assert found["outcome"] == "complete"
    await pool.execute(
        "insert into rm.plan_body (plan_id, digest, said) values ($1::uuid, $2::uuid, $3)",
        plan,
        body,
        orjson.dumps(BODY).decode(),
    )
    await pool.execute(HISTORY, plan, event, orjson.dumps(SAID).decode(), body)
    await _head(pool, plan, "approved")
    return plan


async def _head(pool: asyncpg.Pool, plan: str, status: str, age: str = "2 days") -> None:
    await pool.execute(
        "update decide.head set status = $2, analyzed = true, changed_at = now() - $3::text::interval"
        " where stream = 'plan-' || $1",
        plan,
        status,
        age,
    )


async def test_a_day_after_the_decision_the_result_is_read_from_the_history(
    pool: asyncpg.Pool, commands: Commands
) -> None:
    plan = await analysed(pool, commands)
    before = orjson.loads(await pool.fetchval(READ, plan))
    assert await pool.fetchval(KEPT, plan)

    await keep_house(pool)

    assert not await pool.fetchval(KEPT, plan)
    assert orjson.loads(await pool.fetchval(READ, plan)) == before == {**SAID, **BODY, "plan_id": plan}
    again = orjson.loads(await pool.fetchval(RECORD, plan, str(uuid.uuid4()), "{}"))  # the work item comes again
    assert [one["data"] for one in again["results"]] == [before]


@pytest.mark.parametrize(
    ("status", "age", "history"),
    [("awaiting_approval", "2 days", True), ("approved", "23 hours", True), ("approved", "2 days", False)],
)
async def test_a_result_stays_that_may_be_wanted(
    pool: asyncpg.Pool, commands: Commands, status: str, age: str, history: bool
) -> None:
    plan = await analysed(pool, commands)
    await _head(pool, plan, status, age)
    if not history:
        await pool.execute("delete from rm.timeline where plan_id = $1::uuid", plan)
    await keep_house(pool)
    assert await pool.fetchval(KEPT, plan)


async def test_no_result_goes_while_an_older_version_may_read_it(pool: asyncpg.Pool, commands: Commands) -> None:
    plan = await analysed(pool, commands)
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("delete from decide.channel_result where data is null")
        await connection.execute("alter table decide.channel_result alter column data set not null")
        left = await connection.fetch("select decide.leave_results(interval '0', 10)")
        await transaction.rollback()
    assert left == []
    assert await pool.fetchval(KEPT, plan)
