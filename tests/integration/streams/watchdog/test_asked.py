"""What a person asks the watchdog for is begun at once: before a deadline, and while nothing is recovered by itself."""

from __future__ import annotations

import uuid
from dataclasses import replace

import asyncpg
import pytest

from schemas.process.connection import Db
from streams.watchdog.snapshot import Wait
from tests.integration.streams.watchdog.watched import (
    PATIENCE,
    Watched,
    approved,
    later,
    publish,
    said,
    show_phase1,
    uploaded,
)

PATIENT = replace(PATIENCE, phase1_due_s=60.0, analysis_due_s=60.0)
ASK = (
    "select decide.ask_recovery(($4, $1::uuid, 'ana', null, null, null, gen_random_uuid(), 1, 'r', 'ana', null, null)"
    "::decide.command, $4, $2::text[], $3)"
)


async def ask(pool: asyncpg.Pool, plan_id: str, how: str = "move_on", channels: tuple[str, ...] = ()) -> str:
    outcome: str = await pool.fetchval(ASK, plan_id, list(channels), "sem tempo", how)
    return outcome


async def test_phase_1_is_made_before_it_is_late_and_nobody_calls_it_stalled(
    pool: asyncpg.Pool, connection: Db
) -> None:
    plan_id, watched = await approved(pool), Watched(PATIENT)
    await publish(pool)
    assert await watched.round(connection) == 0, "it is not late"

    assert [await ask(pool, plan_id), await ask(pool, plan_id)] == ["accepted", "unchanged"]
    assert await watched.round(connection) == 1

    assert await said(pool, plan_id) == [("plan.recovery.requested", 1), ("plan.recovery.started", 2)]
    made = await pool.fetchval("select count(*) from decide.outbox where type = 'plan.phase1.created'")
    assert made == 1
    row = await pool.fetchrow(
        "select requested, stalled_at, attempts from flow.deadline where plan_id = $1::uuid", plan_id
    )
    assert row is not None
    assert tuple(row) == (None, None, 1)
    assert await watched.round(connection) == 0, "it has its time anew"
    await show_phase1(pool, plan_id)
    await later(pool, 120.0)
    await watched.round(connection)
    assert await said(pool, plan_id) == [("plan.recovery.requested", 1), ("plan.recovery.started", 2)]


async def test_what_is_asked_for_is_done_while_recovery_is_switched_off(pool: asyncpg.Pool, connection: Db) -> None:
    plan_id, watched = await approved(pool), Watched()
    await publish(pool)
    await pool.execute("select flow.flag_switch('automatic_recovery', false, 'a test', 'r', 'ana')")
    await later(pool, 5.0)
    await watched.round(connection)
    assert await said(pool, plan_id) == [("plan.stalled", 1)]

    await ask(pool, plan_id, "recover")
    await watched.round(connection)

    assert (await said(pool, plan_id))[1:] == [("plan.recovery.requested", 2), ("plan.recovery.started", 3)]
    assert await pool.fetchval("select count(*) from decide.outbox where type = 'plan.phase1.created'") == 1


@pytest.mark.parametrize(
    ("channels", "action"), [((), "fail-channels"), (("shopee",), "fail-channels"), (("amazon",), "")]
)
async def test_a_channel_that_hangs_is_given_up(
    pool: asyncpg.Pool, connection: Db, channels: tuple[str, ...], action: str
) -> None:
    plan_id, watched = await uploaded(pool), Watched(PATIENT)
    await publish(pool)
    await ask(pool, plan_id, channels=channels)
    await watched.round(connection)

    assert [(name, wait.missing) for name, wait in watched.asked] == ([(action, ("shopee",))] if action else [])
    assert await pool.fetchval("select requested is null from flow.deadline where plan_id = $1::uuid", plan_id)
    await watched.round(connection)
    assert len(watched.asked) == bool(action), "once"


async def test_what_could_not_be_done_stays_asked_for(pool: asyncpg.Pool, connection: Db) -> None:
    plan_id, watched = await uploaded(pool), Watched(PATIENT)
    await publish(pool)
    tried: list[str] = []

    async def away_at_first(action: str, wait: Wait) -> None:
        tried.append(action)
        if len(tried) == 1:
            raise OSError("the database is away")

    watched.care._outside = away_at_first
    await ask(pool, plan_id)
    for _ in range(3):
        await watched.round(connection)
    assert tried == ["fail-channels"] * 2


async def test_a_plan_that_waits_for_nothing_takes_no_request(pool: asyncpg.Pool) -> None:
    plan_id = await uploaded(pool)
    await pool.execute("delete from flow.deadline")
    assert await ask(pool, plan_id) == "not_waiting"
    assert await ask(pool, str(uuid.uuid4())) == "not_found"
    assert await said(pool, plan_id) == []
