"""Rounds of the watchdog on a real database: what is met, queues or stalls, what is said, and who cares for what."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import orjson
import pytest

from gateway.commands import Command, Commands, Upload
from local.load import facts
from projections.migrate import migrate
from schemas.liveness import LOCK
from schemas.sessions import FROZEN_S
from streams.phase1.handler import handle
from streams.watchdog import deadlines
from streams.watchdog.broker import BrokerView
from streams.watchdog.care import Care
from streams.watchdog.housekeeping import keep_house
from streams.watchdog.processes import Processes
from streams.watchdog.seen import Role, System, Wait
from streams.watchdog.settings import Patience
from streams.watchdog.signs import Signs
from tests.support.events import given_phase1, phase_task

PATIENCE = Patience(phase1_due_s=0.05, analysis_due_s=0.05, recheck_s=0.1, escalate_s=60.0, attempts=2)


@pytest.fixture
async def pool(new_database: Any) -> AsyncIterator[asyncpg.Pool]:
    url = await new_database()
    await migrate(url)
    async with asyncpg.create_pool(url, min_size=0, max_size=8) as made:
        yield made


@pytest.fixture
async def connection(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    async with pool.acquire() as taken:
        yield taken


class Watched:
    """A watchdog without its loop, and what it asked others to do."""

    def __init__(self, patience: Patience = PATIENCE) -> None:
        self.signs = Signs(patience, BrokerView("127.0.0.1:1"))
        self.asked: list[tuple[str, Wait]] = []
        self.care = Care(self.signs, patience, self._ask)

    async def _ask(self, action: str, wait: Wait) -> None:
        self.asked.append((action, wait))

    async def round(self, connection: asyncpg.Connection) -> int:
        await self.signs.look(connection)
        return await self.care.round(connection)


async def uploaded(pool: asyncpg.Pool) -> str:
    plan_id, document_id, sha = str(uuid.uuid4()), str(uuid.uuid4()), uuid.uuid4().hex
    data = {
        "plan_id": plan_id,
        "document_id": document_id,
        "title": "t",
        "filename": "f.csv",
        "media_type": "text/csv",
        "size_bytes": 1,
        "sha256": sha,
        "channels": ["shopee"],
        "priority": "normal",
    }
    upload = Upload(plan_id, document_id, sha, ["shopee"], facts().to_dict(), data, actor="ana", scope="ana")
    await Commands(pool, lambda: None).upload(upload)
    return plan_id


async def approved(pool: asyncpg.Pool, **data: Any) -> str:
    plan_id = await uploaded(pool)
    await pool.execute("delete from flow.deadline")
    await pool.execute(
        "insert into rm.plan (plan_id, version, status, channels, changed_at, analyzed_at)"
        " values ($1::uuid, 2, 'awaiting_approval', '{shopee}', now(), now())",
        plan_id,
    )
    command = Command("plan.approve", plan_id, "ana", "ana", {"reason": "", **data})
    answer = await Commands(pool, lambda: None).run(command)
    assert answer.outcome == "accepted"
    return plan_id


async def said(pool: asyncpg.Pool, plan_id: str) -> list[tuple[str, int]]:
    rows = await pool.fetch(
        "select type, version from decide.outbox where stream = $1 order by version", f"recovery-{plan_id}"
    )
    return [(r["type"], r["version"]) for r in rows]


async def publish(pool: asyncpg.Pool) -> None:
    """Make it so that everything is in the log, and that the history shows it."""
    await pool.execute("update decide.outbox set published_at = now()")
    await pool.execute(
        "insert into rm.timeline select event_id, key::uuid, type, stream, version, now(), now(), actor, causation_id,"
        " null, topic, 7, 100, data from decide.outbox where topic = 'plan.events' on conflict do nothing"
    )


async def show_phase1(pool: asyncpg.Pool, plan_id: str) -> None:
    """Make the read models show what is in the outbox."""
    data = await pool.fetchval(
        "select data::text from decide.outbox where stream = $1 and type = 'plan.phase1.created'", f"plan-{plan_id}"
    )
    await pool.execute("update rm.plan set phase1 = $2::jsonb where plan_id = $1::uuid", plan_id, data)
    for task in json.loads(data)["tasks"]:
        await pool.execute(
            "insert into rm.task (task_id, plan_id, version, status, changed_at)"
            " values ($1::uuid, $2::uuid, 1, 'open', now())",
            task["task_id"],
            plan_id,
        )


async def test_a_decision_makes_a_deadline_and_a_cancelled_plan_has_none(pool: asyncpg.Pool) -> None:
    plan_id = await uploaded(pool)
    assert await pool.fetchval("select kind from flow.deadline where plan_id = $1::uuid", plan_id) == "analysis"
    await Commands(pool, lambda: None).run(Command("plan.cancel", plan_id, "ana", "ana", {"reason": "r"}))
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
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    plan_id = await approved(pool)
    await publish(pool)
    watched = Watched()
    assert await Watched(replace(PATIENCE, phase1_due_s=60.0)).round(connection) == 0, "nothing is due yet"
    await asyncio.sleep(0.06)

    assert await watched.round(connection) == 1

    assert await said(pool, plan_id) == [("plan.stalled", 1), ("plan.recovery.started", 2)]
    cause = await deadlines.cause_of(connection, plan_id, "plan.approved")
    assert cause is not None
    wanted = [(e.type, e.event_id, e.stream, e.version) for e in handle(cause[0])]
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


async def test_the_watchdog_makes_the_phase1_that_a_person_gave(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    await approved(pool, phase1=given_phase1([phase_task(7, channel="")]))
    watched = Watched()
    async with asyncio.timeout(10):
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
    cause = await deadlines.cause_of(connection, plan_id, "plan.approved")
    assert cause is not None
    await deadlines.put(connection, [("plan.events", e, None) for e in handle(cause[0])])
    await show_phase1(pool, plan_id)
    await asyncio.sleep(0.06)

    await Watched().round(connection)

    assert await said(pool, plan_id) == []
    assert await pool.fetchval("select count(*) from flow.deadline") == 0


async def test_a_plan_whose_event_is_set_aside_is_stalled_at_once_and_a_person_is_told_why(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    plan_id = await approved(pool)
    await publish(pool)  # everything else goes out
    await pool.execute(
        "update decide.outbox set published_at = null, held_at = now(), held_why = 'Invalid: reason is no string'"
        " where stream = $1 and type = 'plan.approved'",
        f"plan-{plan_id}",
    )
    watched = Watched(replace(PATIENCE, escalate_s=0.5))
    await asyncio.sleep(0.06)

    await watched.round(connection)
    assert await said(pool, plan_id) == [("plan.stalled", 1)]
    await pool.execute(
        "update flow.deadline set check_from = now() - interval '1 s', due_at = due_at - interval '1 s'"
        " where plan_id = $1::uuid",
        plan_id,
    )
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

    watched.signs = watched.care._signs = cast("Signs", SimpleNamespace(look=watched.signs.look, gather=gather))
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
    watched = Watched(replace(PATIENCE, escalate_s=0.5))
    await asyncio.sleep(0.06)

    for _ in range(4):
        await watched.round(connection)
        await pool.execute(
            "update flow.deadline set check_from = now() - interval '1 s', due_at = due_at - interval '30 s'"
        )
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
    watched = Watched(replace(PATIENCE, escalate_s=0.6, attempts=99))
    await asyncio.sleep(0.7)
    await watched.round(connection)
    await switch(pool, enabled=True)

    async def round_of() -> list[str]:
        await pool.execute("update flow.deadline set check_from = now() - interval '1 s'")
        await watched.round(connection)
        return [type_ for type_, _ in await said(pool, plan_id)]

    assert "plan.escalated" not in await round_of()
    await pool.execute("update flow.flag set changed_at = now() - interval '1 s' where name = 'queue_processing'")
    assert "plan.escalated" in await round_of(), "there is no worker, and nobody is told of it otherwise"


async def switch(pool: asyncpg.Pool, *, enabled: bool) -> None:
    await pool.execute("select flow.flag_switch('queue_processing', $1, 'a pause', 'r', 'ana')", enabled)


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
    assert row["recommendation"].startswith("Start a worker")


async def test_a_clock_that_jumps_escalates_nothing(
    pool: asyncpg.Pool, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    assert 0 < late_ms < 60_000


async def test_switched_off_recovery_is_told_and_not_begun(pool: asyncpg.Pool, connection: asyncpg.Connection) -> None:
    plan_id = await approved(pool)
    await publish(pool)
    await pool.execute("update flow.flag set enabled = false where name = 'automatic_recovery'")
    await asyncio.sleep(0.06)

    await Watched().round(connection)

    assert await said(pool, plan_id) == [("plan.stalled", 1)]
    assert await pool.fetchval("select count(*) from decide.outbox where type = 'plan.phase1.created'") == 0


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
    assert wait.seen_at == ("plan.events", 7, 100)


@asynccontextmanager
async def held_back(
    pool: asyncpg.Pool, connection: asyncpg.Connection, what: str
) -> AsyncIterator[tuple[str, str, Watched, Callable[[float], Awaitable[None]]]]:
    """Give a plan that is due after 30 s, the breaker that a person has tripped, and a round when it is so late."""
    patience = Patience(phase1_due_s=0.05, analysis_due_s=30.0, escalate_s=20.0)
    plan_id = await uploaded(pool)
    breaker = "agent:x/m" if what == "the agent" else f"plan:{plan_id}"
    await publish(pool)
    watched = Watched(patience)

    async def late(seconds: float) -> None:
        await pool.execute(
            "update flow.deadline set since = now() - make_interval(secs => 30 + $1::float8), check_from = now() -"
            " interval '31 s', due_at = case when due_at is not null then now() - make_interval(secs => $1) end",
            seconds,
        )
        await watched.round(connection)

    async with pool.acquire() as processes:
        for role in ("worker", "runner", "gateway", "projections"):
            id_ = await processes.fetchval("select flow.worker_start($1, $1, 'h', 1, 0, 'v')", role)
            await processes.execute("select pg_advisory_lock($1, $2)", LOCK, id_)
        await pool.execute("""update flow.worker set progress = '{"agent": "agent:x/m"}' where role = 'runner'""")
        await pool.execute("select flow.breaker_trip($1, 'maintenance', null, 'ana')", breaker)
        # what is held back waits in a retry topic
        await pool.execute(
            "insert into flow.parked (record_id, grp, key, orig_topic, orig_partition, orig_offset, tier,"
            " replay, attempt, type, code, error_class, message, behind, due_at, since, state, headers)"
            " values ('analysis|t|0|0', 'analysis', $1, 't', 0, 0, 'agents.retry.5s', 0, 0, '', '', '', '', '', now(),"
            " now(), 'waiting', '[]')",
            plan_id,
        )
        yield plan_id, breaker, watched, late


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
        watched.signs._moved_at = dict.fromkeys(watched.signs._moved_at, time.monotonic() - 9.0)
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
        watched.signs._moved_at = dict.fromkeys(watched.signs._moved_at, time.monotonic() - 9.0)
        await late(52.0)
        assert "plan.escalated" in [type_ for type_, _ in await said(pool, plan_id)]


async def test_a_plan_is_not_given_up_in_the_moment_in_which_its_breaker_closes(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    agent = "agent:x/m"
    await pool.execute("insert into flow.breaker (name) values ($1)", f"{agent}:shopee")
    watched = Watched()
    await watched.signs.look(connection)
    assert (await watched.signs.gather(connection)).closed_s == {}, "it was never open"
    await pool.execute("select flow.breaker_report($1, false, 'x', 1, 0.001, 1, 'test')", agent)
    await asyncio.sleep(0.01)
    await pool.execute("select flow.breaker_allow($1, 5, 'test')", agent)
    assert await pool.fetchval("select state from flow.breaker where name = $1", agent) == "half_open"
    assert (await watched.signs.gather(connection)).closed_s == {}
    await pool.execute("select flow.breaker_report($1, true, 'x', 1, 0.001, 1, 'test')", agent)

    seen = await watched.signs.gather(connection)

    assert list(seen.closed_s) == [agent]
    assert 0.0 <= seen.closed_s[agent] < 5.0
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
        return {r["name"]: r["state"] for r in await pool.fetch("select name, state from flow.breaker")}

    kept = {f"plan:{waits}": "open", "agent:x/m": "open"}
    assert await states() == {**kept, f"plan:{done}": "closed", f"plan:{by_a_person}": "open"}
    said = await pool.fetch("select type from decide.outbox where stream = $1 order by seq", f"breaker-plan:{done}")
    assert [r["type"] for r in said] == ["breaker.opened", "breaker.closed"]

    await pool.execute("update flow.breaker set changed_at = now() - interval '25 h'")
    assert await states() == {**kept, f"plan:{by_a_person}": "closed"}
    await pool.execute("update flow.breaker set changed_at = now() - interval '25 h'")
    assert await states() == kept


async def test_a_process_whose_connection_closes_is_said_to_be_gone_once(
    pool: asyncpg.Pool, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.watchdog.processes.SETTLE_S", 0.0)
    watched = Watched()
    processes = Processes(watched.signs, BrokerView("127.0.0.1:1"), PATIENCE)
    async with pool.acquire() as other:
        id_ = await other.fetchval("select flow.worker_start('worker-1', 'worker', 'h', 1, 0, 'v')")
        await other.execute("select pg_advisory_lock($1, $2)", LOCK, id_)
        for _ in range(3):
            await watched.signs.look(connection)
            await processes.see_to(connection, frozenset())
        assert processes.gone == 0
        await other.execute("select pg_advisory_unlock($1, $2)", LOCK, id_)
    await asyncio.sleep(0.25)
    for _ in range(3):
        await watched.signs.look(connection)
        await processes.see_to(connection, frozenset())

    assert processes.gone == 1
    stopped = await pool.fetch(
        "select version, data ->> 'reason' as why from decide.outbox where type = 'worker.stopped'"
    )
    assert [(r["version"], r["why"].split(":")[0]) for r in stopped] == [(2, "gone without a word")]


async def test_a_process_that_has_been_frozen_for_long_holds_nothing_any_more(
    pool: asyncpg.Pool, connection: asyncpg.Connection
) -> None:
    """Its sessions were ended; that of its beats stays, for that the kernel answers."""
    watched = Watched()

    async def seen(silent_s: float) -> tuple[int, int, int]:
        await pool.execute("update flow.worker set beat_at = now() - make_interval(secs => $1)", silent_s)
        await watched.signs.look(connection)
        role = (await watched.signs.gather(connection)).role("projections")
        return role.living, role.frozen, role.holding

    async with pool.acquire() as other:
        id_ = await other.fetchval("select flow.worker_start('p-1', 'projections', 'h', 1, 0, 'v')")
        await other.execute("select pg_advisory_lock($1, $2)", LOCK, id_)
        assert await seen(0.0) == (1, 0, 0)
        assert await seen(10.0) == (1, 1, 1)
        assert await seen(FROZEN_S + 10.0) == (1, 1, 0)
        await other.execute("select pg_advisory_unlock($1, $2)", LOCK, id_)


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
    again_s = await pool.fetchval("select extract(epoch from check_from - now())::float8 from flow.deadline")
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

    signs = Signs(PATIENCE, BrokerView("127.0.0.1:1"))
    care = Care(signs, PATIENCE, fail)
    await asyncio.sleep(0.06)
    await signs.look(connection)

    async with asyncio.timeout(20):
        while len(tried) < 2:
            await care.round(connection)
            await pool.execute(
                "update flow.deadline set check_from = now() - interval '1 s', since = since - interval '30 s'"
            )

    assert set(tried) == set(plans)
