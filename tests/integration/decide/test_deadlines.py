"""Which command makes a plan wait for the system, and which one ends the wait."""

from __future__ import annotations

import uuid

import asyncpg

from gateway.commands.commands import Commands

from .conftest import Seed, upload_of
from .test_commands import command


async def waits(pool: asyncpg.Pool, plan: str) -> set[str]:
    return {r["kind"] for r in await pool.fetch("select kind from flow.deadline where plan_id = $1::uuid", plan)}


async def test_an_upload_waits_for_its_analysis_and_reserves_the_version_of_its_event(
    pool: asyncpg.Pool, commands: Commands
) -> None:
    plan = str(uuid.uuid4())
    await commands.upload(upload_of(plan))
    assert await waits(pool, plan) == {"analysis"}
    head = await pool.fetchrow("select version, reserved from decide.head where stream = $1", f"plan-{plan}")
    assert head is not None
    assert tuple(head) == (2, 1)


async def test_a_duplicate_waits_for_nothing(pool: asyncpg.Pool, commands: Commands) -> None:
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    await commands.upload(upload_of(first, "the same file"))
    assert (await commands.upload(upload_of(second, "the same file"))).outcome == "duplicate"
    assert await waits(pool, second) == set()


async def test_an_approval_waits_for_phase_1_and_one_that_is_refused_for_nothing(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan, refused = await waiting_plan(), await waiting_plan()
    await pool.execute("delete from flow.deadline")
    await commands.run(command("plan.approve", plan, reason=""))
    await commands.run(command("plan.approve", refused, expect=7, reason=""))
    assert await waits(pool, plan) == {"phase1"}
    assert await waits(pool, refused) == set()


async def test_a_rejection_leaves_what_is_due_to_the_read_model(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan()
    await commands.run(command("plan.reject", plan, reason="no"))
    assert await waits(pool, plan) == {"analysis"}


async def test_who_cancels_waits_for_nothing_but_what_was_found_to_be_stuck(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan, stuck = await waiting_plan(), await waiting_plan()
    await pool.execute("update flow.deadline set stalled_at = now() where plan_id = $1::uuid", stuck)
    for each in (plan, stuck):
        assert (await commands.run(command("plan.cancel", each, reason="no"))).outcome == "accepted"
    assert await waits(pool, plan) == set()
    assert await waits(pool, stuck) == {"analysis"}
