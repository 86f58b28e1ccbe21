"""The history of a plan costs what is shown of it, however long it is and however many tasks its phases have."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from projections.past import reads as past
from projections.tasks.projection import BY_IDS, LAST_COUNTS
from projections.timeline import reads as timeline
from tests.conftest import NewDatabase
from tests.integration.gateway.test_growth import Reading
from tests.support.visible import vacuumed

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


#: Comments: of each of the tasks as many, each stored beside its row.
COMMENTS, OF_TASKS, LETTERS = 3_000, 60, 2_560
SAID = """
    insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id,
                             topic, partition, "offset", data)
    select md5('c' || n)::uuid, $1::uuid, 'task.commented', 'task-' || md5((n % $3 + 1)::text)::uuid, n / $3 + 2,
           now() + n * interval '1 second', now() + n * interval '1 second', 'ana', '', 'task.events', 0, n + 1,
           json_build_object('task_id', md5((n % $3 + 1)::text)::uuid, 'plan_id', $1::uuid, 'comment',
               (select string_agg(md5(n || '.' || i), '') from generate_series(1, $4::int / 32) i))
      from generate_series(0, $2::int - 1) n
"""
#: Events of others that came between them, so that each of the plan's stands on a page of its own.
OTHERS = """
    create temp table mine as select * from rm.timeline;
    truncate rm.timeline;
    insert into rm.timeline select * from (
        select * from mine union all
        select md5('o' || n)::uuid, md5('p' || n / 20)::uuid, 'task.commented', 'task-' || n % 20, n % 20, at, at,
               'ana', '', null, 'task.events', 0, n + 100000,
               json_build_object('comment', repeat(md5(n::text), 13)), null
          from (select n, now() + n * interval '50 ms' as at from generate_series(0, 59999) n) o) every
     order by recorded_at
"""
#: Blocks of what stands beside the rows that were read, as the server counts them.
BESIDE = """
    select coalesce(toast_blks_read, 0) + coalesce(toast_blks_hit, 0)
      from pg_statio_all_tables where schemaname = 'rm' and relname = 'timeline'"""


async def beside(connection: asyncpg.Connection) -> int:
    await connection.execute("select pg_stat_force_next_flush()")
    found: int = await connection.fetchval(BESIDE)
    return found


async def test_of_a_plan_with_thousands_of_comments_a_page_reads_what_it_shows(new_migrated: NewDatabase) -> None:
    url = await new_migrated()
    connection = await asyncpg.connect(url)
    await connection.execute(PHASE, PLAN, OF_TASKS)
    await connection.execute(SAID, PLAN, COMMENTS, OF_TASKS, LETTERS)
    await connection.execute("vacuum analyze rm.timeline")
    total = 1 + OF_TASKS + COMMENTS
    one = LETTERS // 1_996 + 4  # blocks of one comment: its pieces, and the way to them

    before = await beside(connection)
    newest, in_all = await timeline.newest(connection, PLAN, 50)
    middle = await timeline.first(connection, PLAN, 50, after=1_500)
    assert (in_all, len(newest), len(middle)) == (total, 50, 50)
    assert [len(e.data["comment"]) for e in (*newest, *middle)] == [LETTERS] * 100
    shown = await beside(connection)
    assert shown - before < 100 * one + 200, "those that are shown, and the phase"

    events, number = await timeline.until(connection, PLAN, total, LAST_COUNTS, BY_IDS)
    assert (number, len(events)) == (total, total)
    assert [e.event_id for e in events[-50:]] == [e.event_id for e in reversed(newest)]
    assert events[-1].data == newest[0].data, "the last is told as it is"
    assert events[-2].data == {**newest[1].data, "comment": ""}, "and the others by their ids"
    assert await beside(connection) - shown < one + 200

    before = await beside(connection)
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        moment = await past.at(pool, PLAN, total, 25)
    assert moment is not None
    assert [task.comment_count for task in moment.tasks] == [COMMENTS // OF_TASKS] * 25
    (comment,) = [one.row for one in moment.changed if one.table == "task_comment"]
    assert comment["comment"] == newest[0].data["comment"]
    assert await beside(connection) - before < 2 * one + 400
    await connection.close()


async def test_the_rows_of_a_long_history_are_gone_through_once_and_an_index_counts_them(
    new_migrated: NewDatabase,
) -> None:
    connection = await asyncpg.connect(await new_migrated())
    await connection.execute(PHASE, PLAN, OF_TASKS)
    await connection.execute(SAID, PLAN, COMMENTS, OF_TASKS, 64)
    await connection.execute(OTHERS)
    await vacuumed(connection, "rm.timeline")

    counting, showing = Reading(connection), Reading(connection)
    assert await timeline.count(counting, PLAN) == 1 + OF_TASKS + COMMENTS
    assert counting.pages < COMMENTS / 10
    await timeline.newest(showing, PLAN, 50)
    await timeline.first(showing, PLAN, 50, after=2_900)
    assert showing.pages < 2 * COMMENTS + COMMENTS / 3
    await connection.close()
