"""Rounds of the watchdog: who cares for what, in which turn, how often, and until when."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace

import asyncpg
import pytest

from schemas.causes import RECOMMENDATIONS
from schemas.process.kafka import Brokers
from schemas.process.liveness import LOCK
from streams.settings import Settings
from streams.watchdog import deadlines
from streams.watchdog.broker import BrokerView
from streams.watchdog.care import Care
from streams.watchdog.snapshot import Wait
from streams.watchdog.view import SystemView
from streams.watchdog.watch import Watch
from tests.integration.streams.watchdog.watched import PATIENCE, Watched, approved, publish, said, show_phase1, uploaded
from tests.support.patience import PATIENCE_S


async def test_a_tick_without_anything_late_is_one_question(
    pool: asyncpg.Pool, connection: asyncpg.Connection, database_url: str
) -> None:
    await pool.execute("delete from flow.deadline")
    patience = replace(PATIENCE, phase1_due_s=60.0, analysis_due_s=60.0)
    env = {
        "MARKETPLACE_BROKERS": "127.0.0.1:1",
        "MARKETPLACE_REGISTRY_URL": "http://127.0.0.1:1",
        "MARKETPLACE_DATABASE_URL": database_url,
    }
    watch = Watch(Settings.from_env(env), patience, pool)
    asked: list[str] = []

    def log(record: asyncpg.connection.LoggedQuery) -> None:
        asked.append(record.query)

    await approved(pool)  # it waits, and is not late
    await watch._round(connection)  # the driver asks for types once
    with connection.query_logger(log):
        for _ in range(5):
            await watch._round(connection)
        await asyncio.sleep(0)  # the driver tells a moment later
    assert len(asked) == 5, asked

    await pool.execute("update flow.deadline set check_from = now() - interval '1 hour', since = check_from")
    with connection.query_logger(log):
        await watch._round(connection)
        await asyncio.sleep(0)
    assert any("for update of d skip locked" in query for query in asked), asked
    await pool.execute("delete from flow.deadline")


async def test_two_watchdogs_care_for_different_plans(pool: asyncpg.Pool) -> None:
    plans = [await approved(pool) for _ in range(12)]
    await publish(pool)
    await pool.execute(
        "insert into flow.deadline (plan_id, kind) select unnest($1::uuid[]), 'phase1' on conflict do nothing", plans
    )
    await asyncio.sleep(0.06)

    async def watch() -> int:
        async with pool.acquire() as connection:
            return await Watched().round(connection)

    counts = await asyncio.gather(*(watch() for _ in range(4)))

    assert sum(counts) >= 12
    for plan_id in plans:
        assert await said(pool, plan_id) == [("plan.stalled", 1), ("plan.recovery.started", 2)]


async def test_recoveries_that_do_not_help_end_with_a_person_and_come_more_slowly(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    plan_id = await approved(pool)
    await publish(pool)
    watched = Watched()
    await asyncio.sleep(0.06)
    for _ in range(60):
        await watched.round(connection)
        # nothing of what was made is ever seen
        await pool.execute("delete from decide.outbox where type in ('plan.phase1.created', 'task.created')")
        await pool.execute(
            "update flow.deadline set check_from = now() - interval '1 s', acted_at = acted_at - interval '1 s'"
        )

    types = [type_ for type_, _ in await said(pool, plan_id)]
    assert types[0] == "plan.stalled"
    assert types.count("plan.escalated") == 1
    assert types.count("plan.recovered") == 0
    assert types.index("plan.escalated") == 4, "after the third recovery, one more than the attempts"
    state = await pool.fetchval("select state from flow.breaker where name = $1", f"plan:{plan_id}")
    assert state == "open"
    assert types.count("plan.recovery.started") <= 6
    row = await pool.fetchrow("select cause, recommendation, escalated_at from flow.deadline")
    assert row is not None
    assert row["escalated_at"] is not None
    assert row["recommendation"] == RECOMMENDATIONS["worker-gone"]


async def test_a_clock_that_jumps_escalates_nothing(
    pool: asyncpg.Pool, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.monotonic()
    plan_id = await approved(pool)
    await publish(pool)
    watched, true = Watched(), time.time
    await asyncio.sleep(0.06)

    monkeypatch.setattr(time, "time", lambda: true() + 7200)
    await watched.round(connection)
    monkeypatch.setattr(time, "time", lambda: true() - 3600)
    await show_phase1(pool, plan_id)
    await pool.execute("update flow.deadline set check_from = since")
    await watched.round(connection)

    assert await said(pool, plan_id) == [("plan.stalled", 1), ("plan.recovery.started", 2), ("plan.recovered", 3)]
    late_ms = await pool.fetchval(
        "select (data ->> 'stalled_ms')::bigint from decide.outbox where stream = $1 and type = 'plan.recovered'",
        f"recovery-{plan_id}",
    )
    assert 0 < late_ms <= 1000 * (time.monotonic() - began)


async def test_a_plan_whose_rules_fail_is_escalated_and_the_others_are_healed(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    bad, good = await approved(pool), await approved(pool)
    await pool.execute(
        "insert into flow.deadline (plan_id, kind) values ($1::uuid, 'phase1') on conflict do nothing", bad
    )
    await pool.execute(
        "update decide.outbox set data = '{\"plan_id\": 7}' where stream = $1 and type = 'plan.approved'", f"plan-{bad}"
    )
    await publish(pool)
    await asyncio.sleep(0.06)

    await Watched().round(connection)

    made = await pool.fetch("select key from decide.outbox where type = 'plan.phase1.created'")
    assert [r["key"] for r in made] == [good]
    assert (await said(pool, bad))[0] == ("plan.stalled", 1)


async def test_many_stalled_analyses_keep_no_approval_waiting(
    pool: asyncpg.Pool, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind has its own turn: an analysis that has been due for long is no reason to look at Phase 1 later."""
    monkeypatch.setattr(deadlines, "BATCH", {"phase1": 2, "analysis": 2})
    await pool.execute(
        "insert into flow.deadline (plan_id, kind, since, check_from)"
        " select gen_random_uuid(), 'analysis', now() - interval '1 hour', now() - interval '1 hour'"
        "   from generate_series(1, 10)"
    )
    plan_id = await uploaded(pool)
    await pool.execute("delete from flow.deadline where plan_id = $1::uuid", plan_id)
    await pool.execute("insert into flow.deadline (plan_id, kind) values ($1::uuid, 'phase1')", plan_id)
    await asyncio.sleep(0.06)

    found = await deadlines.missed(connection, PATIENCE)

    assert [row["kind"] for row in found] == ["phase1", "analysis", "analysis"]
    assert found[0]["plan_id"] == plan_id


async def test_an_escalated_plan_is_looked_at_less_often(pool: asyncpg.Pool, connection: asyncpg.Connection) -> None:
    await approved(pool)
    await publish(pool)
    watched = Watched(replace(PATIENCE, escalate_s=0.01))
    await asyncio.sleep(0.1)

    await watched.round(connection)

    assert watched.care.escalated == 1
    again_s = await pool.fetchval("select extract(epoch from check_from - escalated_at)::float8 from flow.deadline")
    assert again_s + PATIENCE.phase1_due_s > 1.5


async def test_a_recovery_that_fails_keeps_no_other_plan_waiting(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    plans = [await uploaded(pool) for _ in range(2)]
    await publish(pool)
    tried: list[str] = []

    async def fail(_action: str, wait: Wait) -> None:
        tried.append(wait.plan_id)
        raise KeyError("a bug that only this plan shows")

    view = SystemView(PATIENCE, BrokerView(Brokers("127.0.0.1:1")))
    care = Care(view, PATIENCE, fail)
    await asyncio.sleep(0.06)
    await view.look(connection)

    async with asyncio.timeout(PATIENCE_S):
        while len(tried) < 2:
            await care.round(connection)
            await pool.execute(
                "update flow.deadline set check_from = now() - interval '1 s', since = since - interval '30 s'"
            )

    assert set(tried) == set(plans)


async def test_a_worker_is_deaf_as_soon_as_it_and_the_outbox_say_so(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    """That is more exact than the watchdog's own looks at the broker."""
    plan_id, watched = await approved(pool), Watched()
    await publish(pool)
    facts = {"handled": 9, "idle_s": 60.0, "holds": {"plan.events": [7]}, "generation": 1}
    broker = watched.view.broker
    broker.seen, broker.ends["plan.events", 7] = True, 101
    broker.note("agents", {("agents", "plan.events", 7): 100})
    async with pool.acquire() as worker:
        id_ = await worker.fetchval("select flow.worker_start('worker', 'worker', 'h', 1, 0, 'v')")
        await worker.execute("select pg_advisory_lock($1, $2)", LOCK, id_)
        await watched.view.look(connection)
        watched.view._forgiven_at -= 60.0  # it has watched for a minute

        async def after(seconds: float) -> str | None:
            await worker.execute("select flow.worker_beat($1, $2)", id_, json.dumps(facts))
            await pool.execute("update decide.outbox set published_at = now() - make_interval(secs => $1)", seconds)
            await pool.execute("update flow.deadline set check_from = now() - interval '1 s'")
            await watched.round(connection)
            cause: str | None = await pool.fetchval("select cause from flow.deadline where plan_id = $1::uuid", plan_id)
            return cause

        assert await after(-60.0) is None
        broker.note("agents", {("agents", "plan.events", 7): 99})  # it has moved just now, as far as is seen
        assert await after(3.0) == "worker-deaf"
    await pool.execute("delete from flow.deadline")
