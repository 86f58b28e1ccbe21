"""A row in the outbox that nobody decided keeps its own plan from being completed, and no other one."""

from __future__ import annotations

import asyncpg
import pytest

from gateway.commands.commands import Commands
from schemas.outbox_seal import FORGED, IS_TOLD
from tests.integration.decide.conftest import Seed
from tests.integration.decide.test_commands import command, outbox, tasks_of

COMPLETE = "select decide.complete_waiting(100, 'system:watchdog', false)"


async def ended(pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed) -> str:
    """Return a plan whose one task ended before its Phase 1 was readable."""
    plan = await waiting_plan(tasks=1)
    (task,) = await tasks_of(pool, plan)
    await pool.execute(
        "update rm.plan set status = 'approved', version = 3, phase1 = null where plan_id = $1::uuid", plan
    )
    await commands.run(command("task.complete", task, note=""))
    await pool.execute(
        "update rm.plan set status = 'executing', version = 4, changed_at = now() - interval '3 seconds',"
        " phase1 = jsonb_build_object('tasks', jsonb_build_array(jsonb_build_object('task_id', $2::text)))"
        " where plan_id = $1::uuid",
        plan,
        task,
    )
    await pool.execute("update rm.task set status = 'completed', version = 2 where task_id = $1::uuid", task)
    return plan


@pytest.mark.parametrize("place", ["its version", "its id"])
async def test_the_others_are_completed_and_the_row_is_judged(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed, place: str
) -> None:
    plans = sorted([await ended(pool, commands, waiting_plan) for _ in range(3)])
    in_the_way = plans[0]  # the first that is looked at
    seq = await pool.fetchval(
        "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data, published_at)"
        " values (case when $3 then gen_random_uuid()"
        "              else md5(md5('complete' || $1)::uuid::text || 'plan.completed')::uuid end,"
        " 'plan.events', $1, 'plan.rejected', $2, 5, 1, 'c', $1, 'mallory', '{}', 'infinity') returning seq",
        in_the_way,
        f"plan-{in_the_way}" if place == "its version" else f"x-{in_the_way}",
        place == "its version",
    )

    await pool.fetchval(COMPLETE)

    for plan in plans[1:]:
        assert (await outbox(pool, f"plan-{plan}"))[1:] == [(5, "plan.completed")]
    assert await pool.fetchval("select published_at is null from decide.outbox where seq = $1", seq)
    await pool.execute(
        "update decide.outbox set held_at = now(), held_why = $2 where seq = $1", seq, f"{FORGED} nobody has sealed it"
    )
    await pool.fetchval(COMPLETE)
    assert await pool.fetchval(f"select {IS_TOLD} from decide.outbox where seq = $1", seq)  # it stays in the list
    await pool.execute("delete from decide.outbox where seq = $1", seq)
    await pool.fetchval(COMPLETE)
    assert (await outbox(pool, f"plan-{in_the_way}"))[1:] == [(5, "plan.completed")]
