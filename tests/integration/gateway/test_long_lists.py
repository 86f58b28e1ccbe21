"""Lists of many tasks and plans: a page is read by an index, whole and in order, and what fits is counted so far."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest

from projections.plans import reads as plans
from projections.tasks import reads as tasks
from projections.tasks.reads import TaskFilter
from schemas.lifecycle import TaskStatus
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.test_growth import Reading

FEW, MANY = 600, 6000
TASKS = """
    insert into rm.task (task_id, plan_id, version, position, title, channel, status, assignee, created_at, changed_at)
    select md5('t' || n)::uuid, md5((n / 5)::text)::uuid, 1, n % 3, 'Task ' || n,
           (array['shopee', 'amazon'])[1 + n % 2],
           (array['open', 'assigned', 'started', 'completed', 'failed', 'cancelled'])[1 + n % 6],
           case when n % 4 = 0 then 'ana' when n % 50 = 1 then 'ben' else '' end,
           $3::timestamptz - (n / 2) * interval '1 second', now()
      from generate_series($1::int, $2::int) n
"""
PLANS = """
    insert into rm.plan (plan_id, version, status, title, uploaded_at, changed_at)
    select md5(n::text)::uuid, 1, (array['completed', 'executing'])[1 + n % 2], 'Plan ' || n,
           $3::timestamptz - n * interval '1 second', now()
      from generate_series($1::int, $2::int) n
"""


@pytest.fixture
async def db(pool: asyncpg.Pool) -> AsyncIterator[Any]:
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("set local enable_seqscan = off")  # as the gateway's sessions have it
        for table in (TASKS, PLANS):
            await connection.execute(table, 1, FEW, seed.NOW)
        yield connection
        await transaction.rollback()


async def more(db: asyncpg.Connection) -> None:
    for table in (TASKS, PLANS):
        await db.execute(table, FEW + 1, MANY, seed.NOW)
    await db.execute("analyze rm.task")
    await db.execute("analyze rm.plan")


def _newest(row: Any) -> tuple[Any, ...]:
    return (-row["created_at"].timestamp(), row["position"], row["task_id"])


def _oldest(row: Any) -> tuple[Any, ...]:
    return (row["created_at"], row["position"], row["task_id"])


@pytest.mark.parametrize(
    ("wanted", "sort", "key"),
    [
        (TaskFilter(), "-createdAt", _newest),
        (TaskFilter(), "createdAt", _oldest),
        (TaskFilter(statuses=("open", "failed")), "-createdAt", _newest),
        (TaskFilter(statuses=("started",), channels=("shopee",)), "createdAt", _oldest),
        (TaskFilter(assignees=("ben",)), "-createdAt", _newest),
        (TaskFilter(assignees=("",)), "-createdAt", _newest),
    ],
)
async def test_all_pages_together_are_the_whole_list_in_its_order(
    db: asyncpg.Connection, wanted: TaskFilter, sort: str, key: Callable[[Any], tuple[Any, ...]]
) -> None:
    every = [
        row
        for row in await db.fetch("select * from rm.task")
        if row["status"] in (wanted.statuses or tuple(TaskStatus))
        and row["channel"] in (wanted.channels or ("shopee", "amazon"))
        and (not wanted.assignees or row["assignee"] in wanted.assignees)
    ]
    page = await tasks.find(db, wanted, sort=sort, limit=37)
    found = [one.task_id for one in page.items]
    while page.next_cursor is not None:
        page = await tasks.find(db, wanted, sort=sort, cursor=page.next_cursor, limit=37)
        found += [one.task_id for one in page.items]
    assert found == [row["task_id"] for row in sorted(every, key=key)]


@pytest.mark.parametrize(
    "wanted",
    [TaskFilter(), TaskFilter(statuses=("open",)), TaskFilter(assignees=("ana",)), TaskFilter(channels=("shopee",))],
)
async def test_a_page_of_ten_times_as_many_tasks_reads_no_more_rows(db: asyncpg.Connection, wanted: TaskFilter) -> None:
    few, many = Reading(db), Reading(db)
    await db.execute("analyze rm.task")
    first = await tasks.find(few, wanted, count=True, most=100)
    await tasks.find(few, wanted, cursor=first.next_cursor)
    await more(db)
    first = await tasks.find(many, wanted, count=True, most=100)
    await tasks.find(many, wanted, cursor=first.next_cursor)
    assert many.rows <= 1.3 * few.rows, many.of


async def test_assignees_are_found_from_name_to_name(db: asyncpg.Connection) -> None:
    assert await tasks.assignees(db) == ["ana", "ben"]
    assert await tasks.assignees(db, limit=1) == ["ana"]
    await more(db)
    reading = Reading(db)
    assert await tasks.assignees(reading) == ["ana", "ben"]
    assert reading.rows < 50, reading.of


async def test_what_the_database_counts_is_not_counted_again(db: asyncpg.Connection) -> None:
    await db.execute("update rm.task set created_at = null where task_id = md5('t1')::uuid")  # known by a later event
    await db.execute("update rm.plan set uploaded_at = null where plan_id = md5('1')::uuid")
    for statuses in ((), ("open",), ("assigned", "failed")):
        counted = await db.fetchval(
            "select count(*) from rm.task where created_at is not null and ($1::text[] = '{}' or status = any ($1))",
            list(statuses),
        )
        reading = Reading(db)
        assert (await tasks.find(reading, TaskFilter(statuses=statuses), limit=1, count=True)).total == counted
    assert (await plans.find(db, plans.PlanFilter(), limit=1, count=True)).total == FEW - 1
    await db.execute("drop trigger tally_moved on rm.task")  # as between the two steps of an upgrade
    assert (await tasks.find(db, TaskFilter(), limit=1, count=True)).total == FEW - 1
    assert (await plans.find(db, plans.PlanFilter(), limit=1, count=True)).total == FEW - 1


async def test_so_many_that_fit_are_counted_and_no_more(db: asyncpg.Connection) -> None:
    wanted, listed = TaskFilter(channels=("shopee",)), plans.PlanFilter(q="plan")
    for page, of_all in (
        (await tasks.find(db, wanted, count=True, most=50), await tasks.find(db, wanted, count=True)),
        (await plans.find(db, listed, count=True, most=50), await plans.find(db, listed, count=True)),
    ):
        assert (page.total, page.at_least) == (50, True)
        assert (of_all.total, of_all.at_least) == (FEW // 2 if of_all.items[0].title.startswith("Task") else FEW, False)
    exact = await tasks.find(db, TaskFilter(), count=True, most=50)
    assert (exact.total, exact.at_least) == (FEW, False), "what is known without counting is told"
