"""Lists narrowed to what few plans or tasks have, or none: they are found by an index, and the others not looked at."""

from __future__ import annotations

import asyncpg
import pytest

from projections.plans import reads as plans
from projections.plans.reads import PlanFilter
from projections.tasks import reads as tasks
from projections.tasks.reads import TaskFilter
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.test_growth import Reading

MANY = 6000
#: Two of all are of a channel and of a priority that the others have not.
ROWS = (
    """
    insert into rm.plan (plan_id, version, status, title, uploaded_at, changed_at, priority, channels)
    select md5(n::text)::uuid, 1, (array['completed', 'executing'])[1 + n % 2], 'Plan ' || n,
           $2::timestamptz - n * interval '1 second', now(), case when n in (7, 9) then $3 else 'normal' end,
           case when n in (7, 9) then '{shopee, magalu}' else '{shopee}' end::text[]
      from generate_series(1, $1::int) n""",
    """
    insert into rm.task (task_id, plan_id, version, position, title, channel, status, created_at, changed_at, priority)
    select md5('t' || n)::uuid, md5((n / 5)::text)::uuid, 1, n % 3, 'Task ' || n,
           case when n in (7, 9) then 'magalu' else 'shopee' end,
           (array['open', 'assigned', 'started', 'completed', 'failed', 'cancelled'])[1 + n % 6],
           $2::timestamptz - (n / 2) * interval '1 second', now(), case when n in (7, 9) then $3 else 'normal' end
      from generate_series(1, $1::int) n""",
)
#: So many rows are looked at, at most, to list them and to count them: of thousands.
LOOKED_AT = 500


async def fill(db: asyncpg.Connection, rare: str) -> None:
    """Write the rows: `rare` is the priority of two plans and of two tasks."""
    for rows in ROWS:
        await db.execute(rows, MANY, seed.NOW, rare)
    await db.execute("analyze rm.plan, rm.task")


@pytest.mark.parametrize(
    ("wanted", "total"),
    [
        (PlanFilter(channels=("magalu",)), 2),
        (PlanFilter(channels=("magalu", "amazon")), 2),
        (PlanFilter(channels=("amazon",)), 0),
        (PlanFilter(channels=("amazon",), statuses=("completed",)), 0),
        (PlanFilter(priorities=("high",)), 2),
        (PlanFilter(priorities=("high", "low")), 2),
        (PlanFilter(priorities=("low",)), 0),
        (PlanFilter(priorities=("of-a-later-version",)), 0),
    ],
)
async def test_plans_that_are_few_are_found_without_the_others(
    db: asyncpg.Connection, wanted: PlanFilter, total: int
) -> None:
    await fill(db, "high")
    for sort in plans.ORDERS:
        reading = Reading(db)
        page = await plans.find(reading, wanted, sort=sort, count=True, most=MANY)
        assert (page.total, len(page.items), page.next_cursor) == (total, total, None)
        assert reading.rows <= LOOKED_AT, (sort, reading.of)


@pytest.mark.parametrize(
    ("wanted", "total"),
    [
        (TaskFilter(channels=("magalu",)), 2),
        (TaskFilter(channels=("amazon",)), 0),
        (TaskFilter(channels=("magalu",), statuses=("open", "failed")), 0),
        (TaskFilter(priorities=("low",)), 2),
        (TaskFilter(priorities=("high",)), 0),
        (TaskFilter(priorities=("high",), assignees=("",)), 0),
        (TaskFilter(due=("overdue",)), 0),
    ],
)
async def test_tasks_that_are_few_are_found_without_the_others(
    db: asyncpg.Connection, wanted: TaskFilter, total: int
) -> None:
    await fill(db, "low")
    for sort in ("-createdAt", "createdAt", "priority"):
        reading = Reading(db)
        page = await tasks.find(reading, wanted, sort=sort, count=True, most=MANY)
        assert (page.total, len(page.items), page.next_cursor) == (total, total, None)
        assert reading.rows <= LOOKED_AT, (sort, reading.of)


@pytest.mark.parametrize("rare", ["high", "normal", "low"])
async def test_by_priority_the_first_are_found_where_nearly_all_are_alike(db: asyncpg.Connection, rare: str) -> None:
    await fill(db, rare)
    reading = Reading(db)
    page = await plans.find(reading, PlanFilter(), sort="priority", limit=10)
    urgent = 2 if rare == "high" else 0
    assert [one.priority for one in page.items] == ["high"] * urgent + ["normal"] * (10 - urgent)
    assert reading.rows <= LOOKED_AT, reading.of


async def test_of_tasks_that_have_ended_none_is_overdue_and_none_is_looked_at(db: asyncpg.Connection) -> None:
    await fill(db, "low")
    await db.execute("update rm.task set due_on = '2026-01-01' where status = 'completed' or task_id = md5('t6')::uuid")
    await db.execute("analyze rm.task")
    for sort in ("-createdAt", "createdAt", "priority"):
        reading = Reading(db)
        found = await tasks.find(reading, TaskFilter(due=("overdue",)), sort=sort, count=True)
        assert [(one.status, one.overdue) for one in found.items] == [("open", True)]
        assert found.total == 1
        assert reading.rows <= LOOKED_AT, (sort, reading.of)
    assert (await tasks.find(db, TaskFilter(due=("overdue",), statuses=("completed",)), count=True)).items == []
