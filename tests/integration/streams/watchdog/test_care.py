"""What the watchdog says of a plan that is late, and how it heals it, on a real database."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import asyncpg
import orjson
import pytest
import structlog

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands
from schemas.process.log_context import job
from streams.hosts.dispatch import dispatch
from streams.watchdog import deadlines
from streams.watchdog.outbox_events import cause_of
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
from tests.support.counted import counted
from tests.support.events import given_phase1, phase_task
from tests.support.log_lines import ids_of, log_lines, the_line
from tests.support.patience import PATIENCE_S


async def test_a_decision_makes_a_deadline_and_a_cancelled_plan_has_none(pool: asyncpg.Pool) -> None:
    plan_id = await uploaded(pool)
    assert await pool.fetchval("select kind from flow.deadline where plan_id = $1::uuid", plan_id) == "analysis"
    await Commands(pool, NoRelay()).run(Command("plan.cancel", plan_id, "ana", "ana", {"reason": "r"}))
    assert await pool.fetchval("select count(*) from flow.deadline") == 0


async def test_what_is_said_and_done_about_a_plan_is_in_its_trace(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    """Also when the outbox has forgotten the cause."""
    plan_id = await approved(pool)
    trace = "00-" + "a" * 32 + "-" + "1" * 16 + "-01"
    await pool.execute("update decide.head set traceparent = $1", trace)
    await publish(pool)
    await pool.execute("delete from decide.outbox")
    await asyncio.sleep(0.06)

    assert await Watched().round(connection) == 1

    assert await said(pool, plan_id) == [("plan.stalled", 1), ("plan.recovery.started", 2)]
    made = await pool.fetch("select type, traceparent from decide.outbox where key = $1", plan_id)
    assert {"plan.stalled", "plan.phase1.created", "task.created"} <= {r["type"] for r in made}
    assert {r["traceparent"] for r in made} == {trace}


async def test_a_stalled_plan_gets_its_phase1_with_the_ids_that_the_worker_would_give(
    pool: asyncpg.Pool, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = counted(monkeypatch, "watchdog")
    plan_id = await approved(pool)
    await publish(pool)
    watched = Watched()
    assert await Watched(replace(PATIENCE, phase1_due_s=60.0)).round(connection) == 0, "nothing is due yet"
    await asyncio.sleep(0.06)

    assert await watched.round(connection) == 1

    assert await said(pool, plan_id) == [("plan.stalled", 1), ("plan.recovery.started", 2)]
    cause = await cause_of(connection, plan_id, "plan.approved")
    assert cause is not None
    wanted = [(e.type, e.event_id, e.stream, e.version) for e in dispatch(cause[0])]
    made = await pool.fetch(
        "select type, event_id::text, stream, version from decide.outbox"
        " where type in ('plan.phase1.created', 'task.created') order by seq"
    )
    assert [tuple(r) for r in made] == wanted
    assert len(wanted) >= 2

    await show_phase1(pool, plan_id)
    await pool.execute("update flow.deadline set check_from = now() - interval '1 s'")
    await watched.round(connection)

    assert (await said(pool, plan_id))[-1] == ("plan.recovered", 3)
    assert await pool.fetchval("select count(*) from flow.deadline") == 0
    assert (watched.care.stalled, watched.care.recovered, watched.care.escalated) == (1, 1, 0)
    cause = await pool.fetchval("select data ->> 'cause' from decide.outbox where type = 'plan.stalled'")
    assert [told(f"{what}_total", cause=cause) for what in ("stalled", "recovered", "escalated")] == [1.0, 1.0, None]
    assert [told(f"{what}_seconds_count") for what in ("detection", "recovery")] == [1.0, 1.0]


async def test_the_watchdog_makes_the_phase1_that_a_person_gave(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    await approved(pool, phase1=given_phase1([phase_task(7, channel="")]))
    watched = Watched()
    async with asyncio.timeout(PATIENCE_S):
        while not watched.care.stalled:
            await watched.round(connection)

    rows = await pool.fetch(
        "select type, data from decide.outbox where type in ('plan.phase1.created', 'task.created')"
    )
    data = {row["type"]: orjson.loads(row["data"]) for row in rows}
    assert len(rows) == 2
    created, task = data["plan.phase1.created"], data["task.created"]
    assert (created["origin"], created["rule"]) == ("operator", "set-by:ana")
    assert (task["title"], task["channel"]) == ("Tarefa 7", "shopee")


async def test_what_is_there_in_time_is_forgotten_without_a_word(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    plan_id = await approved(pool)
    cause = await cause_of(connection, plan_id, "plan.approved")
    assert cause is not None
    await deadlines.put(connection, [("plan.events", e, None) for e in dispatch(cause[0])])
    await show_phase1(pool, plan_id)
    await asyncio.sleep(0.06)

    await Watched().round(connection)

    assert await said(pool, plan_id) == []
    assert await pool.fetchval("select count(*) from flow.deadline") == 0


async def test_a_plan_whose_event_is_set_aside_is_stalled_at_once_and_a_person_is_told_why(
    pool: asyncpg.Pool, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = counted(monkeypatch, "watchdog")
    plan_id = await approved(pool)
    await publish(pool)  # everything else goes out
    await pool.execute(
        "update decide.outbox set published_at = null, held_at = now(), held_why = 'Invalid: reason is no string'"
        " where stream = $1 and type = 'plan.approved'",
        f"plan-{plan_id}",
    )
    watched = Watched()
    await asyncio.sleep(0.06)

    await watched.round(connection)
    assert await said(pool, plan_id) == [("plan.stalled", 1)]
    await later(pool, PATIENCE.escalate_s + 1.0)
    await watched.round(connection)

    assert await said(pool, plan_id) == [("plan.stalled", 1), ("plan.escalated", 2)]
    row = await pool.fetchrow(
        "select cause, evidence ->> 'held' as held, recommendation from flow.deadline where plan_id = $1::uuid", plan_id
    )
    assert row is not None
    why = "plan.approved: Invalid: reason is no string"
    assert (row["cause"], row["held"]) == ("event-held", why)
    assert row["recommendation"].endswith(why)
    seq = await pool.fetchval("select seq from decide.outbox where held_why is not null")
    assert f"`marketplace outbox edit {seq}`" in row["recommendation"]
    told = "select data ->> 'recommendation' from decide.outbox where type = 'plan.escalated' and key = $1"
    assert (await pool.fetchval(told, plan_id)).endswith(why)
    assert [counts(f"{what}_total", cause="event-held") for what in ("stalled", "escalated")] == [1.0, 1.0]


async def test_a_plan_that_the_projections_cannot_show_is_told_at_once(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    """Everything moves, so it looked as if its rows were on their way, for ten minutes."""
    plan_id = await approved(pool)
    await publish(pool)
    await pool.execute("update rm.plan set phase1 = '{\"tasks\": [{}]}' where plan_id = $1::uuid", plan_id)
    await pool.execute("update rm.projection_offset set changed_at = now()")
    watched = Watched()
    await asyncio.sleep(0.06)

    async def letter(type_: str) -> None:
        await pool.execute(
            "insert into rm.dead_letter (record_id, grp, plan_id, type, code, message, dead_at, replay)"
            " values ($1, 'projections', $2::uuid, $1, 'does-not-fit', 'value too long', now(), 0)",
            type_,
            plan_id,
        )

    await letter("plan.commented")
    await watched.round(connection)
    cause = "select cause from flow.deadline where plan_id = $1::uuid"
    assert await pool.fetchval(cause, plan_id) != "dead-lettered", "nothing waits for that"
    await letter("task.created")
    await pool.execute("update flow.deadline set check_from = now() - interval '1 s'")
    await watched.round(connection)

    assert await pool.fetchval(cause, plan_id) == "dead-lettered"
    assert "value too long" in await pool.fetchval("select evidence::text from flow.deadline")
    assert "plan.recovery.started" not in [type_ for type_, _ in await said(pool, plan_id)], "no restart helps"


async def test_an_analysis_without_a_runner_is_asked_of_others_after_the_commit(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    await uploaded(pool)
    await publish(pool)
    watched = Watched()
    await asyncio.sleep(0.06)

    await watched.round(connection)

    [(action, wait)] = watched.asked
    assert action == "request-again"
    assert wait.missing == ("shopee",)
    assert wait.found_at == ("plan.events", 7, 100)


async def test_what_is_logged_of_a_plan_is_in_its_trace_and_in_the_rounds_request(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    async def fails(_action: str, _wait: Wait) -> None:
        raise ValueError("a bug")

    plan_id = await uploaded(pool)
    await pool.execute("update decide.head set traceparent = $1", "00-" + "a" * 32 + "-" + "1" * 16 + "-01")
    await publish(pool)
    await asyncio.sleep(0.06)
    watched = Watched()
    watched.care._outside = fails

    with log_lines() as lines, job("watchdog") as whole:
        assert await watched.round(connection) == 1
        structlog.get_logger("test").info("later")

    request_id = whole.fields()["request_id"]
    for event in ("plan stalled", "recovery started", "recovery failed"):
        assert ids_of(the_line(lines, event)) == (request_id, plan_id, "a" * 32), event
        assert the_line(lines, event)["job"] == "watchdog"
    assert ids_of(the_line(lines, "later")) == (request_id, None, whole.fields()["trace_id"])
