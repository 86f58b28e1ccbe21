"""Plans and tasks are counted where they change: whatever a statement does, the counts are those of the rows."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from itertools import product
from typing import Any

import asyncpg
import pytest

from projections.reads import by_status
from projections.reads.rows import from_json
from projections.rebuild import tables
from schemas.lifecycle import PlanStatus, TaskStatus
from tests.conftest import NewDatabase

#: An empty list, one that is short, and one that is stored apart.
_LISTS = ("[]", '[{"id": 1}]', '["' + "x" * 9000 + '"]')
_ROWS = """
    select 'plan', status, status = 'awaiting_approval' and partial
                           or status = 'completed' and coalesce(phases_left <> '{{}}', false),
           status = 'awaiting_approval' and opportunities = '[]', count(*) from {0}.plan group by 1, 2, 3, 4
    union all select 'task', status, false, false, count(*) from {0}.task group by 2"""
_KEPT = "select kind, status, partial, empty, sum(n)::bigint from {0}.tally group by 1, 2, 3, 4 having sum(n) <> 0"


@pytest.fixture
async def url(new_migrated: NewDatabase) -> str:
    return await new_migrated()


@pytest.fixture
async def connection(url: str) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(url, server_settings={"search_path": ""})
    yield made
    await made.close()


async def counts(connection: asyncpg.Connection, sql: str, schema: str = "rm") -> set[tuple[Any, ...]]:
    return {tuple(row) for row in await connection.fetch(sql.format(schema))}


async def anything(connection: asyncpg.Connection, rng: random.Random) -> None:
    """Do one of the things that statements do with plans and tasks, to several rows at once or to none."""
    plan, task = rng.choice(list(PlanStatus)), rng.choice(list(TaskStatus))
    some = f"where abs(hashtext({{}}::text || '{rng.random()}')) % 3 = 0"
    many = rng.randrange(5)
    new = f"md5('{rng.random()}' || n.i)::uuid"  # so that a seed does the same each time
    match rng.randrange(8):
        case 0 | 1:
            await connection.execute(
                "insert into rm.plan (plan_id, version, status, partial, opportunities, changed_at)"
                f" select {new}, 1, $1, $2, $3::jsonb, now() from generate_series(1, $4) n (i)",
                plan,
                rng.random() < 0.5,
                rng.choice(_LISTS),
                many,
            )
        case 2:
            await connection.execute(f"update rm.plan set status = $1 {some.format('plan_id')}", plan)
        case 3:
            await connection.execute(
                f"update rm.plan set partial = not partial, opportunities = $1::jsonb {some.format('plan_id')}",
                rng.choice(_LISTS),
            )
        case 4 | 5:  # as the projections do: some are new, some are known
            await connection.execute(
                "insert into rm.task as t (task_id, plan_id, version, status, changed_at)"
                f" select coalesce(known.task_id, {new}), {new}, 1, $1, now()"
                "   from generate_series(1, $2) n (i)"
                "   left join (select task_id, row_number() over (order by task_id) as i from rm.task) known"
                "          on known.i = n.i * 2"
                " on conflict (task_id) do update set status = excluded.status",
                task,
                many,
            )
        case 6:
            await connection.execute(f"update rm.task set status = $1 {some.format('task_id')}", task)
        case 7:
            await connection.execute(f"delete from rm.{rng.choice(['plan', 'task'])} p {some.format('p')}")


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_counts_are_those_of_the_rows(connection: asyncpg.Connection, seed: int) -> None:
    rng = random.Random(seed)
    seen: set[tuple[Any, ...]] = set()
    for _ in range(200):
        transaction = connection.transaction()
        await transaction.start()
        for _ in range(rng.randrange(1, 4)):
            await anything(connection, rng)
        await (transaction.rollback() if rng.random() < 0.2 else transaction.commit())
        kept = await counts(connection, _KEPT)
        assert kept == await counts(connection, _ROWS)
        seen |= {row[:4] for row in kept}
    asking = {("plan", PlanStatus.AWAITING_APPROVAL, *how) for how in product((True, False), repeat=2)}
    plans = {("plan", status, False, False) for status in PlanStatus}
    assert seen == plans | asking | {("task", status, False, False) for status in TaskStatus}

    await connection.execute("truncate rm.plan")
    assert await counts(connection, _KEPT) == await counts(connection, _ROWS)


async def test_the_figures_are_those_that_a_count_of_all_gives(connection: asyncpg.Connection) -> None:
    rng = random.Random(3)
    for _ in range(60):
        await anything(connection, rng)
    await connection.execute(
        "insert into rm.plan (plan_id, version, status, changed_at)"
        " select gen_random_uuid(), 1, unnest($1::text[]), now()",
        list(PlanStatus),
    )
    at = "now() - make_interval(secs => (random() * 1000000)::int)"
    await connection.execute(
        f"update rm.plan set uploaded_at = {at}, analyzed_at = {at}, decided_at = {at}, phase1_at = {at},"
        f" ended_at = case when status in ('completed', 'rejected', 'cancelled') then {at} end;"
        f" update rm.task set created_at = {at}, started_at = {at},"
        f" ended_at = case when status in ('completed', 'failed', 'cancelled') then {at} end;"
        "insert into decide.head (stream, kind, plan_id, status, version, changed_at)"
        " select 'plan-' || plan_id, 'plan', plan_id, status, 1, now() - interval '1 day' * random() from rm.plan"
        "  where abs(hashtext(plan_id::text)) % 2 = 0"
    )
    asked = f"select ({by_status.PLANS}) as plans, ({by_status.TASKS}) as tasks, ({by_status.ASKING}) as asking"
    async with connection.transaction():  # one moment for both
        kept = await connection.fetchrow(asked)
        await connection.execute("drop trigger tally_moved on rm.task; truncate rm.tally")
        counted = await connection.fetchrow(asked)
    assert kept is not None
    assert counted is not None
    assert [from_json(value) for value in kept] == [from_json(value) for value in counted]
    assert len(from_json(kept["plans"])) == len(PlanStatus)


async def test_those_who_write_at_once_do_not_wait_for_one_another(connection: asyncpg.Connection, url: str) -> None:
    other = await asyncpg.connect(url, server_settings={"lock_timeout": "1s"})
    new = "insert into rm.plan (plan_id, version, status, changed_at) values (gen_random_uuid(), 1, 'analyzing', now())"
    moved = "update rm.plan set status = 'cancelled' where ctid = (select min(ctid) from rm.plan where status = $1)"
    try:
        async with connection.transaction():
            await connection.execute(new)
            async with other.transaction():
                await other.execute(new)  # would wait for the row of the count, or for ever
                await other.execute(moved, "analyzing")
            await connection.execute(moved, "analyzing")
    finally:
        await other.close()
    assert await counts(connection, _KEPT) == await counts(connection, _ROWS)


async def test_a_rebuilt_set_counts_its_own(connection: asyncpg.Connection) -> None:
    new = "insert into {}.plan (plan_id, version, status, changed_at) values (gen_random_uuid(), 1, '{}', now())"
    await connection.execute(new.format("rm", "analyzing"))
    await tables.check_bindings(connection, "rm")
    await tables.create(connection, "rm", "rm_new")
    assert await tables.differences(connection, "rm", "rm_new") == []

    await connection.execute(new.format("rm_new", "executing"))
    assert await counts(connection, _KEPT, "rm_new") == {("plan", "executing", False, False, 1)}

    async with connection.transaction():
        await tables.swap(connection, "rm", "rm_new", "rm_old")
    await connection.execute(new.format("rm", "executing"))
    assert await counts(connection, _KEPT) == {("plan", "executing", False, False, 2)}
    assert await counts(connection, _KEPT, "rm_old") == {("plan", "analyzing", False, False, 1)}

    await connection.execute("drop trigger tally_went on rm.plan")
    assert len(await tables.differences(connection, "rm", "rm_old")) == 1, "a rebuild sees a missing trigger"


@pytest.mark.parametrize(("count", "empty"), [(9, 0), (0, 1), (None, 1)])
async def test_a_plan_whose_opportunities_stand_apart_is_empty_by_their_number(
    connection: asyncpg.Connection, count: int | None, empty: int
) -> None:
    await connection.execute(
        "insert into rm.plan (plan_id, version, status, changed_at, opportunities, opportunity_count)"
        " values (gen_random_uuid(), 2, 'awaiting_approval', now(), '[]', $1)",
        count,
    )
    found = await connection.fetchval("select sum(n) filter (where empty) from rm.tally where kind = 'plan'")
    assert (found or 0) == empty
    asked = await connection.fetchval(by_status.ASKING)
    assert json.loads(asked) == [0, empty]
