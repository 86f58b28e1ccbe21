"""Lists of many tasks and plans: a page is read by an index, whole and in order, and what fits is counted so far."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from projections.plans import reads as plans
from projections.reads import operations
from projections.tasks import reads as tasks
from projections.tasks import words
from projections.tasks.reads import TaskFilter
from schemas.lifecycle import TaskStatus
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.test_growth import Reading
from tests.support.taken_back import BY_INDEX, taken_back

FEW, MANY = 600, 6000
TASKS = """
    insert into rm.task (task_id, plan_id, version, position, title, channel, status, assignee, created_at, changed_at,
                         priority, due_on)
    select md5('t' || n)::uuid, md5((n / 5)::text)::uuid, 1, n % 3, 'Task ' || n,
           (array['shopee', 'amazon'])[1 + n % 2],
           (array['open', 'assigned', 'started', 'completed', 'failed', 'cancelled'])[1 + n % 6],
           case when n % 4 = 0 then 'ana' when n % 50 = 1 then 'ben' else '' end,
           $3::timestamptz - (n / 2) * interval '1 second', now(),
           (array['high', 'normal', 'low'])[1 + (n / 7) % 3],
           case when n % 5 > 0 then '2026-01-01'::date + n % 40 end
      from generate_series($1::int, $2::int) n
"""
PLANS = """
    insert into rm.plan (plan_id, version, status, title, uploaded_at, changed_at, priority)
    select md5(n::text)::uuid, 1, (array['completed', 'executing'])[1 + n % 2], 'Plan ' || n,
           $3::timestamptz - n * interval '1 second', now(), (array['high', 'normal', 'low'])[1 + n % 3]
      from generate_series($1::int, $2::int) n
"""


@pytest.fixture
async def db(pool: asyncpg.Pool) -> AsyncIterator[Any]:
    async with taken_back(pool, BY_INDEX) as connection:
        for table in (TASKS, PLANS):
            await connection.execute(table, 1, FEW, seed.NOW)
        yield connection


async def more(db: asyncpg.Connection) -> None:
    for table in (TASKS, PLANS):
        await db.execute(table, FEW + 1, MANY, seed.NOW)
    await db.execute("analyze rm.task")
    await db.execute("analyze rm.plan")


def _newest(row: Any) -> tuple[Any, ...]:
    return (-row["created_at"].timestamp(), row["position"], row["task_id"])


def _oldest(row: Any) -> tuple[Any, ...]:
    return (row["created_at"], row["position"], row["task_id"])


_RANKS = ("high", "normal", "low")


def _urgent(row: Any) -> tuple[Any, ...]:
    return (_RANKS.index(row["priority"]), *_oldest(row))


def _due(row: Any) -> tuple[Any, ...]:
    return (row["due_on"] is None, row["due_on"] or 0, row["position"], row["task_id"])


@pytest.mark.parametrize(
    ("wanted", "sort", "key"),
    [
        (TaskFilter(), "priority", _urgent),
        (TaskFilter(statuses=("open", "failed"), channels=("shopee",)), "priority", _urgent),
        (TaskFilter(), "dueOn", _due),
        (TaskFilter(statuses=("open",)), "dueOn", _due),
        (TaskFilter(), "-createdAt", _newest),
        (TaskFilter(), "createdAt", _oldest),
        (TaskFilter(statuses=("open", "failed")), "-createdAt", _newest),
        (TaskFilter(statuses=("started",), channels=("shopee",)), "createdAt", _oldest),
        (TaskFilter(assignees=("ben",)), "-createdAt", _newest),
        (TaskFilter(assignees=("",)), "-createdAt", _newest),
        (TaskFilter(channels=("amazon",)), "-createdAt", _newest),
        (TaskFilter(channels=("shopee", "amazon", "shopee")), "createdAt", _oldest),
        (TaskFilter(channels=("shopee", "magalu"), priorities=("high", "low")), "priority", _urgent),
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
        and row["priority"] in (wanted.priorities or _RANKS)
    ]
    page = await tasks.find(db, wanted, sort=sort, limit=37)
    found = [one.task_id for one in page.items]
    while page.next_cursor is not None:
        page = await tasks.find(db, wanted, sort=sort, cursor=page.next_cursor, limit=37)
        found += [one.task_id for one in page.items]
    assert found == [row["task_id"] for row in sorted(every, key=key)]


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("priority", lambda row: (_RANKS.index(row["priority"]), row["uploaded_at"], row["plan_id"])),
        ("title", lambda row: (row["title"].lower(), row["plan_id"])),
        ("uploadedAt", lambda row: (row["uploaded_at"], row["plan_id"])),
    ],
)
async def test_all_pages_of_plans_are_the_whole_list_in_its_order(
    db: asyncpg.Connection, sort: str, key: Callable[[Any], tuple[Any, ...]]
) -> None:
    page = await plans.find(db, plans.PlanFilter(), sort=sort, limit=200)
    found = [one.plan_id for one in page.items]
    while page.next_cursor is not None:
        page = await plans.find(db, plans.PlanFilter(), sort=sort, cursor=page.next_cursor, limit=200)
        found += [one.plan_id for one in page.items]
    assert found == [row["plan_id"] for row in sorted(await db.fetch("select * from rm.plan"), key=key)]


@pytest.mark.parametrize("sort", ["priority", "dueOn"])
async def test_the_first_page_by_priority_or_by_day_reads_no_more_of_ten_times_as_many(
    db: asyncpg.Connection, sort: str
) -> None:
    few, many = Reading(db), Reading(db)
    await db.execute("analyze rm.task")
    await tasks.find(few, TaskFilter(), sort=sort, limit=10)
    await more(db)
    await tasks.find(many, TaskFilter(), sort=sort, limit=10)
    assert many.rows <= 2 * few.rows + FEW, many.of


async def test_the_first_pages_of_plans_are_read_by_an_index_in_each_order(db: asyncpg.Connection) -> None:
    await more(db)
    # without tasks: of those that earlier tests took back an index still tells
    await db.execute("update rm.plan set plan_id = md5('p' || plan_id)::uuid, changed_at = uploaded_at")
    await db.execute("analyze rm.plan")
    for sort in plans.ORDERS:
        reading = Reading(db)
        page = await plans.find(reading, plans.PlanFilter(), sort=sort, limit=10)
        await plans.find(reading, plans.PlanFilter(), sort=sort, limit=10, cursor=page.next_cursor)
        assert 20 <= reading.rows <= 2 * FEW, (sort, reading.of)


async def test_plans_that_are_stalled_are_found_by_their_ids(db: asyncpg.Connection) -> None:
    await more(db)
    await db.execute(
        "insert into flow.deadline (plan_id, kind, stalled_at, cause, escalated_at)"
        " select md5(n::text)::uuid, 'phase1', case when n % 1000 = 0 then now() end, 'worker-gone',"
        "        case when n = 2000 then now() end from generate_series(1, $1::int) n",
        MANY,
    )
    await db.execute("analyze flow.deadline")
    for sort in plans.ORDERS:
        reading = Reading(db)
        page = await plans.find(reading, plans.PlanFilter(stalled=True), sort=sort, limit=4, count=True)
        rest = await plans.find(reading, plans.PlanFilter(stalled=True), sort=sort, cursor=page.next_cursor)
        assert (page.total, len(page.items), len(rest.items)) == (6, 4, 2)
        assert reading.rows <= FEW, (sort, reading.of)
    found = await operations.stalls_of(db, [one.plan_id for one in (*page.items, *rest.items)])
    assert {(one.cause, one.escalated) for one in found.values()} == {("worker-gone", False), ("worker-gone", True)}
    assert len(found) == 6
    assert await operations.stalls_of(db, [UUID(int=0)]) == {}


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


async def test_words_are_looked_for_among_the_newest_tasks_and_ids_among_all(
    db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "LOOKED_AT", 20)
    found = await tasks.find(db, TaskFilter(q="TASK"), count=True)
    newest = await db.fetch("select task_id from rm.task order by created_at desc, position, task_id limit 50")
    assert [one.task_id for one in found.items] == [row["task_id"] for row in newest]
    assert (found.total, found.at_least) == (6 * 20, False)
    oldest = await db.fetchrow("select task_id, plan_id from rm.task order by created_at limit 1")
    assert oldest is not None
    for asked in (TaskFilter(q=str(oldest["task_id"])[:12]), TaskFilter(q="task", plan_id=oldest["plan_id"])):
        assert oldest["task_id"] in {one.task_id for one in (await tasks.find(db, asked)).items}
    assert [one.title for one in (await tasks.find(db, TaskFilter(q="task 1", channels=("amazon",)))).items]

    few, many = Reading(db), Reading(db)
    await tasks.find(few, TaskFilter(q="nobody"), count=True, most=100)
    await more(db)
    await tasks.find(many, TaskFilter(q="nobody"), count=True, most=100)
    assert many.rows <= 1.3 * few.rows, many.of


async def test_of_words_that_many_tasks_have_so_many_are_listed(
    db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "FITTING", 30)
    found = await tasks.find(db, TaskFilter(q="task"), count=True, limit=20)
    assert (found.total, found.at_least) == (30, True)
    rest = await tasks.find(db, TaskFilter(q="task"), cursor=found.next_cursor, limit=20)
    assert (len(rest.items), rest.next_cursor) == (10, None)


async def test_of_a_beginning_that_many_ids_have_so_many_are_listed_and_more_is_said(
    db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "FITTING", 3)
    for n in range(4):
        await db.execute(
            "update rm.task set task_id = $1 where task_id = md5($2)::uuid", UUID(f"abcd1234{n:024}"), f"t{n + 1}"
        )
        found = await tasks.find(db, TaskFilter(q="abcd1234"), count=True)
        assert (len(found.items), found.total, found.at_least) == (min(n + 1, 3), min(n + 1, 3), n == 3)
