"""The history of a plan with a long phase costs what its rows cost: a phase's data are read once, not for each task."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from projections.timeline import reads as timeline
from tests.conftest import NewDatabase
from tests.integration.gateway.test_growth import Reading

PLAN = UUID(int=1)
TASKS = 200
#: A phase of many tasks, stored beside its row: their words cannot be compressed.
PHASE = """
    insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id,
                             topic, partition, "offset", data)
    select $1::uuid, $1::uuid, 'plan.phase1.created', 'plan-' || $1::uuid, 4, now(), now(), 'system', '', 'plan.events',
           0, 1,
           json_build_object('plan_id', $1::uuid, 'phase', 1, 'tasks', json_agg(json_build_object(
               'task_id', md5(n::text)::uuid, 'position', n, 'title', md5(n || 'a') || md5(n || 'b'),
               'what', md5(n || 'c'),
               'channel', '', 'priority', 'high', 'opportunity_id', null, 'also_serves', '[]'::json, 'due_on', '')))
      from generate_series(1, $2::int) n
"""


async def test_what_a_phase_says_is_read_once_however_many_tasks_it_has(new_migrated: NewDatabase) -> None:
    connection = await asyncpg.connect(await new_migrated())
    await connection.execute(PHASE, PLAN, TASKS)
    await connection.execute("vacuum analyze rm.timeline")
    reading = Reading(connection)

    found, total = await timeline.newest(reading, PLAN, 25)
    assert total == await timeline.count(reading, PLAN) == 1 + TASKS
    assert await timeline.first(reading, PLAN, 25, after=1 + TASKS - 25) == found[::-1]
    assert reading.pages < TASKS
    await connection.close()
