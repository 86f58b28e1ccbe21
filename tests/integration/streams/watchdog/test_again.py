"""A channel that is analysed again and hangs: it is asked for once more, and then what the channel has stays."""

from __future__ import annotations

import uuid
from dataclasses import replace

import asyncpg
import orjson
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands
from local.load import facts
from schemas.process.connection import Db
from streams.analysis.rules import analyse
from streams.watchdog.actions import Actions
from streams.watchdog.snapshot import Wait
from tests.integration.streams.watchdog.watched import PATIENCE, Watched, later, publish, said, uploaded


async def waiting(pool: asyncpg.Pool) -> str:
    """Return a plan that awaits its approval, analysed by the rules."""
    plan_id = await uploaded(pool)
    await pool.execute("delete from flow.deadline")
    await pool.execute(
        "insert into rm.plan (plan_id, version, status, channels, changed_at, analyzed_at, document_id)"
        " select plan_id, 2, 'awaiting_approval', channels, now(), now(), document_id from decide.document"
        " where plan_id = $1::uuid",
        plan_id,
    )
    found = {"plan_id": plan_id, **analyse("shopee", facts()).to_dict()}
    await pool.execute(
        "insert into decide.channel_result (plan_id, channel, type, event_id, data)"
        " values ($1::uuid, 'shopee', 'plan.channel.analyzed', $2::uuid, $3::jsonb)",
        plan_id,
        str(uuid.uuid4()),
        orjson.dumps(found).decode(),
    )
    return plan_id


async def ask(pool: asyncpg.Pool, plan_id: str, analyst: str) -> None:
    data = {"channel": "shopee", "analyst": analyst}
    answer = await Commands(pool, NoRelay()).run(Command("plan.channel.analyse_again", plan_id, "ana", "ana", data))
    assert answer.outcome == "accepted"
    await publish(pool)


async def events(pool: asyncpg.Pool, plan_id: str) -> list[tuple[str, str]]:
    rows = await pool.fetch(
        "select type, stream from decide.outbox where key = $1 and stream not like 'recovery-%' order by seq", plan_id
    )
    return [(r["type"], r["stream"].replace(plan_id, "")) for r in rows][1:]


ASKED = ("plan.channel.requested_again", "plan-")
ITEM = ("analysis.requested", "again-.shopee")


async def stalled(pool: asyncpg.Pool, connection: Db, analyst: str) -> tuple[str, Watched, Wait]:
    """Return a plan whose channel was asked for again, in vain, and what the watchdog knows of it."""
    plan_id = await waiting(pool)
    await ask(pool, plan_id, analyst)
    watched = Watched()
    await later(pool, 1.0)
    await watched.round(connection)
    [(action, wait)] = watched.asked
    assert action == "request-again"
    assert (wait.kind, wait.missing, wait.asked_version) == ("again", ("shopee",), 3)
    return plan_id, watched, wait


async def test_one_that_hangs_is_requested_once_more(pool: asyncpg.Pool, connection: Db) -> None:
    plan_id, _, wait = await stalled(pool, connection, "agent")

    for _ in range(2):
        await Actions(pool, None)("request-again", wait)  # type: ignore[arg-type] # no process is told anything

    assert await events(pool, plan_id) == [ASKED, ITEM]
    data = await pool.fetchval("select data from decide.outbox where type = 'analysis.requested'")
    assert orjson.loads(data)["analyst"] == "agent"
    assert await said(pool, plan_id) == [("plan.stalled", 1), ("plan.recovery.started", 2)]


@pytest.mark.parametrize(
    ("analyst", "wanted"),
    [
        ("agent", [("plan.channel.kept", "plan-.shopee")]),
        ("rules", [("plan.channel.analyzed", "plan-.shopee"), ("plan.analyzed", "plan-")]),
    ],
)
async def test_one_that_goes_on_hanging_is_ended_and_no_plan_is_worse_for_it(
    pool: asyncpg.Pool, connection: Db, analyst: str, wanted: list[tuple[str, str]]
) -> None:
    plan_id, watched, wait = await stalled(pool, connection, analyst)
    before = await pool.fetchval("select event_id from decide.channel_result")

    for _ in range(2):  # whoever repeats it
        await Actions(pool, None)("fail-channels", wait)  # type: ignore[arg-type] # as above

    assert await events(pool, plan_id) == [ASKED, *wanted]
    assert (await pool.fetchval("select event_id from decide.channel_result") == before) is (analyst == "agent")
    await pool.execute("update flow.deadline set check_from = now() - interval '1 s'")
    await watched.round(connection)
    assert await said(pool, plan_id) == [("plan.stalled", 1), ("plan.recovery.started", 2), ("plan.recovered", 3)]
    assert await pool.fetchval("select count(*) from flow.deadline") == 0


async def test_a_decision_ends_the_wait_and_the_recovery(pool: asyncpg.Pool, connection: Db) -> None:
    plan_id, watched, wait = await stalled(pool, connection, "agent")
    await pool.execute("update rm.plan set version = 3")
    rejected = Command("plan.reject", plan_id, "ana", "ana", {"reason": "r"})
    assert (await Commands(pool, NoRelay()).run(rejected)).outcome == "accepted"

    await Actions(pool, None)("fail-channels", wait)  # type: ignore[arg-type] # as above
    await pool.execute("update flow.deadline set check_from = now() - interval '1 s'")
    await watched.round(connection)

    assert await events(pool, plan_id) == [ASKED, ("plan.rejected", "plan-")]
    assert await pool.fetchval("select count(*) from flow.deadline") == 0


async def test_a_request_after_one_that_stalled_begins_anew(pool: asyncpg.Pool, connection: Db) -> None:
    """The stall is closed and told, and the new request has its own deadline, recoveries and stall."""
    plan_id, watched, _ = await stalled(pool, connection, "agent")
    await ask(pool, plan_id, "rules")
    patient = Watched(replace(PATIENCE, analysis_due_s=30.0))
    await patient.round(connection)
    [row] = await pool.fetch(
        "select d.since = g.asked_at as own, d.due_at, d.stalled_at, d.attempts, d.cause"
        "  from flow.deadline d join decide.channel_again g using (plan_id, channel)"
    )
    of_the_first = await said(pool, plan_id)
    quiet = await patient.round(connection)
    await later(pool, 1.0)
    await watched.round(connection)

    assert tuple(row) == (True, None, None, 0, None)
    assert of_the_first == [("plan.stalled", 1), ("plan.recovery.started", 2), ("plan.recovered", 3)]
    assert quiet == 0
    assert (await said(pool, plan_id))[3:] == [("plan.stalled", 4), ("plan.recovery.started", 5)]
    assert [wait.asked_version for _, wait in watched.asked] == [3, 4]


async def test_a_request_that_took_the_place_has_its_own_time(pool: asyncpg.Pool, connection: Db) -> None:
    plan_id = await waiting(pool)
    await ask(pool, plan_id, "agent")
    await later(pool, 1.0)
    await ask(pool, plan_id, "rules")
    patient = Watched(replace(PATIENCE, analysis_due_s=30.0))

    assert await patient.round(connection) == 0
    [row] = await pool.fetch("select kind, channel from flow.deadline")
    assert tuple(row) == ("again", "shopee")
