"""The page of a plan with many tasks reads what it shows: the opportunities behind its first tasks, and no others."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import orjson

from projections.reads import tasks_in_short
from projections.tasks import reads as tasks
from tests.integration.gateway import gateway_seed as seed
from tests.integration.gateway.test_growth import Reading

MANY = 200


async def plan_of_many(db: asyncpg.Connection) -> UUID:
    plan = await seed.add_plan(db, status="executing", head=False)
    found = [{**seed.OPPORTUNITY, "id": f"shopee-{n}", "what": "x" * 400} for n in range(50)]
    await db.execute("update rm.plan set opportunities = $2 where plan_id = $1", plan, orjson.dumps(found).decode())
    await db.execute(
        "insert into rm.task (task_id, plan_id, version, position, title, channel, status, opportunity_id, also_serves,"
        " created_at, changed_at) select md5('m' || n)::uuid, $1, 1, n, 'Task ' || n, 'shopee', 'open',"
        " 'shopee-' || n % 50, '[]', now(), now() from generate_series(1, $2::int) n",
        *(plan, MANY),
    )
    await db.execute("analyze rm.task")
    return plan


async def test_the_first_tasks_are_those_of_all_and_cost_what_they_are(db: asyncpg.Connection) -> None:
    plan = await plan_of_many(db)
    whole, some = Reading(db), Reading(db)
    every = await tasks.of_plan(whole, plan)
    first = await tasks.of_plan(some, plan, 25)

    assert len(every) == MANY
    assert first == every[:25]
    assert [one.serves[0].opportunity_id for one in first] == [f"shopee-{n % 50}" for n in range(1, 26)]
    assert some.rows * 4 < whole.rows


async def test_in_short_they_are_the_same_tasks(db: asyncpg.Connection) -> None:
    plan = await plan_of_many(db)
    every = await tasks.of_plan(db, plan)
    short = await tasks_in_short.of_plan(db, plan)

    assert [(one.task_id, one.title, one.status, one.opportunity_id, one.typed) for one in short] == [
        (one.task_id, one.title, one.status, one.opportunity_id, one.typed) for one in every
    ]
