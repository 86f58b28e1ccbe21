"""The results of a plan's channels, as the database keeps them."""

from __future__ import annotations

import uuid

import asyncpg
import orjson

from gateway.commands.commands import Commands

from .conftest import upload_of

_RECORD = (
    "select decide.record_channel((null, $1::uuid, null, null, null, null, gen_random_uuid(), 1, 'c', 'a', null, '{}')"
    "::decide.command, 'plan.channel.analyzed', $2)"
)


async def recorded(pool: asyncpg.Pool, plan: str, channel: str) -> str:
    outcome: str = orjson.loads(await pool.fetchval(_RECORD, plan, channel))["outcome"]
    return outcome


async def test_the_last_result_completes_a_plan(pool: asyncpg.Pool, commands: Commands) -> None:
    plan = str(uuid.uuid4())
    await commands.upload(upload_of(plan))
    await pool.execute("update decide.document set channels = '{amazon,shopee}' where plan_id = $1::uuid", plan)

    assert await recorded(pool, plan, "shopee") == "recorded"
    assert await recorded(pool, plan, "amazon") == "complete"


async def test_no_result_is_the_last_where_the_document_was_erased(pool: asyncpg.Pool, commands: Commands) -> None:
    plan = str(uuid.uuid4())
    await commands.upload(upload_of(plan))
    await pool.execute("delete from decide.document where plan_id = $1::uuid", plan)

    assert await recorded(pool, plan, "shopee") == "recorded"
    kept = await pool.fetchval("select count(*) from decide.channel_result where plan_id = $1::uuid", plan)
    assert kept == 1


async def test_an_analysis_is_finished_once_even_when_its_row_has_left_the_outbox(
    pool: asyncpg.Pool, commands: Commands
) -> None:
    plan = str(uuid.uuid4())
    await commands.upload(upload_of(plan))
    finish = (
        "select decide.finish_analysis((null, $1::uuid, null, null, null, null, gen_random_uuid(), 1, 'c', 'a', null,"
        " '{}')::decide.command)"
    )
    gone = "delete from decide.outbox where stream = $1 and type = 'plan.analyzed' returning true"

    assert await pool.fetchval(finish, plan) is True
    assert await pool.fetchval(gone, f"plan-{plan}") is True  # as an hour after it was published
    assert await pool.fetchval(finish, plan) is False
    assert await pool.fetchval(gone, f"plan-{plan}") is None
