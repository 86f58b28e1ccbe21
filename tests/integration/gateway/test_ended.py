"""What ended lately, and how much of it failed, as the database tells it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from projections.reads import ended
from projections.reads.overview import Ended
from projections.reads.rows import from_json
from tests.integration.gateway import gateway_seed as seed
from tests.support.taken_back import taken_back


@pytest.fixture
async def db(pool: asyncpg.Pool) -> AsyncIterator[Any]:
    """A connection in a transaction that is taken back, in which nothing has ended."""
    async with taken_back(pool, "delete from rm.task; delete from rm.plan; delete from flow.job_attempt") as connection:
        yield connection


async def made(db: asyncpg.Connection, ago: str = "9 s") -> str:
    plan = await seed.add_plan(db, status="executing")
    await db.execute(
        f"update rm.plan set phase1_at = now() - interval '{ago}', changed_at = now() where plan_id = $1",
        plan,
    )
    return str(plan)


async def failed(db: asyncpg.Connection, key: str, ago: str = "9 s", **fields: str) -> None:
    values = {"grp": "agents", "type": "plan.approved", **fields}
    await db.execute(
        "insert into flow.job_attempt (record_id, replay, attempt, grp, key, type, code, error_class, message, at)"
        f" values (gen_random_uuid()::text, 0, 1, $2, $1, $3, 'failed', '', '', now() - interval '{ago}')",
        key,
        values["grp"],
        values["type"],
    )


async def read(db: asyncpg.Connection, question: str) -> Ended:
    return Ended(*from_json(await db.fetchval(question)))


async def test_a_plan_whose_phase_1_failed_counts_once_whether_or_not_it_was_made_since(db: asyncpg.Connection) -> None:
    well, mended = await made(db), await made(db)
    await made(db, "16 minutes")
    for key, ago in ((mended, "9 s"), (mended, "8 s"), ("waits", "9 s"), ("long-ago", "16 minutes")):
        await failed(db, key, ago)
    await failed(db, well, grp="projections")
    await failed(db, well, type="analysis.requested")
    assert await read(db, ended.PHASE1_MADE) == Ended(3, 2)


async def test_where_many_were_made_failures_are_those_of_the_same_time(db: asyncpg.Connection) -> None:
    await failed(db, "before", "10 minutes")
    for _ in range(ended.LATEST):
        await made(db)
    assert await read(db, ended.PHASE1_MADE) == Ended(ended.LATEST, 0)


async def test_tasks_that_were_cancelled_or_ended_long_ago_say_nothing(db: asyncpg.Connection) -> None:
    plan = await seed.add_plan(db, status="executing")
    for position, (status, ago) in enumerate(
        [("completed", "1 s"), ("failed", "2 s"), ("cancelled", "3 s"), ("failed", "16 minutes"), ("open", "1 s")]
    ):
        task = await seed.add_task(db, plan, position=position, status=status)
        if status != "open":
            await db.execute(
                f"update rm.task set ended_at = now() - interval '{ago}' where task_id = $1",
                task,
            )
    assert await read(db, ended.TASKS_ENDED) == Ended(2, 1)


async def test_where_nothing_ended_nothing_is_counted(db: asyncpg.Connection) -> None:
    for question in (ended.ANALYSED, ended.PHASE1_MADE, ended.TASKS_ENDED):
        assert await read(db, question) == Ended(0, 0)
