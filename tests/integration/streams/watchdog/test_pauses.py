"""What the watchdog says and does while somebody, or a breaker, holds work back, and after it."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import asyncpg
import pytest

from projections.reads import operations
from streams.watchdog.housekeeping import keep_house
from streams.watchdog.snapshot import Role, System
from streams.watchdog.view import SystemView
from tests.integration.streams.watchdog.watched import (
    PATIENCE,
    Watched,
    approved,
    held_back,
    later,
    publish,
    said,
    show_phase1,
    switch,
    uploaded,
)


@pytest.mark.parametrize("attempts", [0, 1])
async def test_a_plan_goes_on_without_its_channels_though_their_failures_opened_its_breaker(
    pool: asyncpg.Pool, connection: asyncpg.Connection, attempts: int
) -> None:
    """With many channels it is open before anything is due, and stays so for a minute."""
    plan_id = await uploaded(pool)
    await publish(pool)
    for _ in range(4):
        await pool.execute(
            "select flow.breaker_report($1, false, 'status 503', 4, 60, 1, 'system:runner')", f"plan:{plan_id}"
        )
    await pool.execute("update flow.deadline set attempts = $1", attempts)
    watched = Watched(replace(PATIENCE, escalate_s=0.02))
    roles = {name: Role(living=1) for name in ("gateway", "worker", "runner", "projections")}

    async def gather(_: asyncpg.Connection) -> System:
        return System(roles=roles, open_breakers=("agent:x/m", f"plan:{plan_id}"))

    watched.view = watched.care._view = cast("SystemView", SimpleNamespace(look=watched.view.look, gather=gather))
    await asyncio.sleep(0.1)

    await watched.round(connection)

    assert [action for action, _ in watched.asked] == ["fail-channels"]


async def test_a_pause_is_told_once_a_plan_and_escalates_none(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    plans = [await approved(pool) for _ in range(3)]
    await publish(pool)
    await pool.execute(
        "insert into flow.deadline (plan_id, kind) select unnest($1::uuid[]), 'phase1' on conflict do nothing", plans
    )
    await switch(pool, enabled=False)
    watched = Watched()
    await asyncio.sleep(0.06)

    for _ in range(4):
        await watched.round(connection)
        await later(pool, PATIENCE.escalate_s + 1.0)
    for plan_id in plans:
        assert await said(pool, plan_id) == [("plan.stalled", 1)]
    evidence = await pool.fetch("select distinct cause, escalated_at from flow.deadline")
    assert [tuple(e) for e in evidence] == [("processing-off", None)]

    await switch(pool, enabled=True)
    await watched.round(connection)
    assert await pool.fetchval("select count(*) from flow.deadline where escalated_at is not null") == 0
    for plan_id in plans:
        await show_phase1(pool, plan_id)
    await pool.execute("update flow.deadline set check_from = now() - interval '1 s'")
    await watched.round(connection)

    assert [(await said(pool, plan_id))[-1][0] for plan_id in plans] == ["plan.recovered"] * 3
    assert watched.care.escalated == 0


async def test_what_a_pause_has_hidden_is_escalated_in_its_time_after_it(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    plan_id = await approved(pool)
    await publish(pool)
    await switch(pool, enabled=False)
    watched = Watched(replace(PATIENCE, attempts=99))
    await later(pool, PATIENCE.escalate_s + 1.0)
    await watched.round(connection)
    await switch(pool, enabled=True)

    async def round_of() -> list[str]:
        await pool.execute("update flow.deadline set check_from = now() - interval '1 s'")
        await watched.round(connection)
        return [type_ for type_, _ in await said(pool, plan_id)]

    assert "plan.escalated" not in await round_of()
    await pool.execute(
        "update flow.flag set changed_at = now() - make_interval(secs => $1) where name = 'queue_processing'",
        PATIENCE.escalate_s + 1.0,
    )
    assert "plan.escalated" in await round_of(), "there is no worker, and nobody is told of it otherwise"


async def test_switched_off_recovery_is_told_and_not_begun(pool: asyncpg.Pool, connection: asyncpg.Connection) -> None:
    plan_id = await approved(pool)
    await publish(pool)
    await pool.execute("update flow.flag set enabled = false where name = 'automatic_recovery'")
    await asyncio.sleep(0.06)

    await Watched().round(connection)

    assert await said(pool, plan_id) == [("plan.stalled", 1)]
    assert await pool.fetchval("select count(*) from decide.outbox where type = 'plan.phase1.created'") == 0


@pytest.mark.parametrize("what", ["the agent", "the plan"])
async def test_a_plan_that_a_person_holds_back_is_escalated_once_and_goes_on_by_itself(
    pool: asyncpg.Pool, connection: asyncpg.Connection, what: str
) -> None:
    async with held_back(pool, connection, what) as (plan_id, breaker, watched, late):
        for seconds in (1.0, 12.0, 25.0, 300.0):
            await late(seconds)
        assert await said(pool, plan_id) == [("plan.stalled", 1), ("plan.escalated", 2)]
        told = "select data ->> 'recommendation' from decide.outbox where type = 'plan.escalated' and key = $1"
        assert f"{breaker}: maintenance" in await pool.fetchval(told, plan_id)

        await pool.execute("select flow.breaker_reset($1, 'done', 'ana')", breaker)
        await late(301.0)
        assert watched.asked == [], "it has its time again"

        await pool.execute(
            "update flow.breaker set held_until = now() - interval '40 s', changed_at = now() - interval '40 s'"
        )
        watched.view._moved_at = dict.fromkeys(watched.view._moved_at, time.monotonic() - 9.0)
        await late(302.0)
        assert [action for action, _ in watched.asked] == ["fail-channels"], "and no more than that"


@pytest.mark.parametrize("what", ["the agent", "the plan"])
async def test_a_plan_that_was_let_go_is_escalated_for_the_time_after_it_alone(
    pool: asyncpg.Pool, connection: asyncpg.Connection, what: str
) -> None:
    async with held_back(pool, connection, what) as (plan_id, breaker, watched, late):
        await late(1.0)
        await pool.execute("select flow.breaker_reset($1, 'done', 'ana')", breaker)

        await late(25.0)
        assert await said(pool, plan_id) == [("plan.stalled", 1)], "it goes on: there is nothing to tell"

        await pool.execute(
            "update flow.breaker set held_until = now() - interval '51 s', changed_at = now() - interval '51 s'"
        )
        watched.view._moved_at = dict.fromkeys(watched.view._moved_at, time.monotonic() - 9.0)
        await late(52.0)
        assert "plan.escalated" in [type_ for type_, _ in await said(pool, plan_id)]


async def test_a_plan_is_not_given_up_in_the_moment_in_which_its_breaker_closes(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    agent = "agent:x/m"
    await pool.execute("insert into flow.breaker (name) values ($1)", f"{agent}:shopee")
    watched = Watched()
    await watched.view.look(connection)
    assert (await watched.view.gather(connection)).closed_s == {}, "it was never open"
    await pool.execute("select flow.breaker_report($1, false, 'x', 1, 0.001, 1, 'test')", agent)
    await asyncio.sleep(0.01)
    await pool.execute("select flow.breaker_allow($1, 5, 'test')", agent)
    assert await pool.fetchval("select state from flow.breaker where name = $1", agent) == "half_open"
    assert (await watched.view.gather(connection)).closed_s == {}
    open_still = await pool.fetchval("select clock_timestamp()")
    await pool.execute("select flow.breaker_report($1, true, 'x', 1, 0.001, 1, 'test')", agent)

    seen = await watched.view.gather(connection)

    longest = await pool.fetchval("select extract(epoch from clock_timestamp() - $1)::float8", open_still)
    assert list(seen.closed_s) == [agent]
    assert 0.0 <= seen.closed_s[agent] <= longest
    assert (seen.held_back, seen.released_s) == ({}, {}), "no person did it"


async def test_breakers_of_plans_that_wait_for_nothing_go_away(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    waits, done, by_a_person = await uploaded(pool), uuid.uuid4(), uuid.uuid4()
    for id_ in (waits, done, by_a_person):
        await pool.execute("select flow.breaker_trip($1, 'x', 0.001, 'ana')", f"plan:{id_}")
    await pool.execute("update flow.breaker set forced = false where name <> $1", f"plan:{by_a_person}")
    await pool.execute("select flow.breaker_trip('agent:x/m', 'x', 0.001, 'ana')")

    async def states() -> dict[str, str]:
        await keep_house(connection, "system:watchdog")
        return {one.name: one.state for one in await operations.breakers(pool)}

    async def told() -> list[tuple[str, int]]:
        rows = await pool.fetch(
            "select type, version from decide.outbox where stream = $1 order by seq", f"breaker-plan:{done}"
        )
        return [(r["type"], r["version"]) for r in rows]

    kept = {f"plan:{waits}": "open", "agent:x/m": "open"}
    assert await states() == {**kept, f"plan:{done}": "closed", f"plan:{by_a_person}": "open"}
    assert await told() == [("breaker.opened", 1), ("breaker.closed", 2)]

    await pool.execute("update flow.breaker set changed_at = now() - interval '25 h'")
    assert await states() == {**kept, f"plan:{by_a_person}": "closed"}
    await pool.execute("update flow.breaker set changed_at = now() - interval '25 h'")
    assert await states() == kept

    await pool.execute("select flow.breaker_trip($1, 'x', null, 'ana')", f"plan:{done}")
    assert (await told())[2:] == [("breaker.opened", 3)], "as the first time, or nobody hears of it"


async def test_a_breaker_of_a_plan_that_never_opened_leaves_nothing(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    await pool.execute("select flow.breaker_report($1, false, 'x', 5, 60, 1, 'test')", f"plan:{uuid.uuid4()}")
    await keep_house(connection, "system:watchdog")
    assert await pool.fetchval("select count(*) from flow.breaker") == 1
    await pool.execute("update flow.breaker set changed_at = now() - interval '25 h'")

    await keep_house(connection, "system:watchdog")

    assert await pool.fetchval("select count(*) from flow.breaker") == 0
