"""Projecting from the outbox while the log is away: nothing is dropped by a version guard, nothing is skipped."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import orjson
import pytest

from projections.run import degraded
from projections.run.degraded import Degraded
from schemas.belief import Mode
from schemas.outbox_seal import SETTING, session
from schemas.process.places import partition_of
from schemas.process.signing import Signing
from schemas.signing import parse
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, declared

ALL = {(topic, p) for topic in (PLAN_EVENTS, TASK_EVENTS) for p in range(declared()[topic].partitions)}


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    made = await asyncpg.connect(database_url, server_settings={"search_path": "rm"})
    await made.execute("truncate decide.outbox, rm.task, rm.task_comment, rm.timeline, rm.plan, rm.plan_phase")
    yield made
    await made.close()


async def put(
    connection: asyncpg.Connection, topic: str, type_: str, stream: str, version: int, plan: str, **data: Any
) -> int:
    """Store an event that has waited in the outbox for a while; return its seq."""
    seq: int = await connection.fetchval(
        "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data, stored_at) values ($1::uuid, $2, $3, $4, $5, $6, 1, 'c', $3, 'ana', $7::jsonb,"
        " now() - interval '5 seconds') returning seq",
        str(uuid.uuid4()),
        topic,
        plan,
        type_,
        stream,
        version,
        orjson.dumps({"plan_id": plan, **data}).decode(),
    )
    return seq


async def published(connection: asyncpg.Connection, seq: int) -> None:
    await connection.execute("update decide.outbox set published_at = now() - interval '4 seconds' where seq = $1", seq)


async def task_in_the_read_model(connection: asyncpg.Connection, plan: str) -> str:
    task = str(uuid.uuid4())
    await connection.execute(
        "insert into task (task_id, plan_id, version, status, created_at, changed_at)"
        " values ($1::uuid, $2::uuid, 1, 'open', now(), now())",
        task,
        plan,
    )
    await in_history(connection, plan, f"task-{task}", 1)
    return task


async def in_history(connection: asyncpg.Connection, plan: str, stream: str, version: int) -> None:
    await connection.execute(
        "insert into timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor, causation_id,"
        ' topic, partition, "offset", data)'
        " values (gen_random_uuid(), $1::uuid, 't', $2, $3, now(), now(), 'a', 'c', 'x', 0, 1, '{}')",
        plan,
        stream,
        version,
    )


async def step(projector: Degraded, connection: asyncpg.Connection, held: set[tuple[str, int]] = ALL) -> None:
    """Look now, however short ago the last look was."""
    projector._checked_at = 0.0
    await projector.step(connection, held)


async def row_of(connection: asyncpg.Connection, task: str) -> tuple[int, str, str]:
    row = await connection.fetchrow("select version, status, assignee from task where task_id = $1::uuid", task)
    assert row is not None
    return row["version"], row["status"], row["assignee"]


async def assigned_and_commented(connection: asyncpg.Connection, plan: str, task: str) -> tuple[int, int]:
    two = await put(
        connection,
        TASK_EVENTS,
        "task.assigned",
        f"task-{task}",
        2,
        plan,
        task_id=task,
        assignee="rui",
        status="assigned",
    )
    three = await put(connection, TASK_EVENTS, "task.commented", f"task-{task}", 3, plan, task_id=task, comment="olá")
    return two, three


async def test_what_is_shown_is_what_the_log_will_say(connection: asyncpg.Connection) -> None:
    """A field that the event leaves out has its default, as for whoever reads the record: the row stays as it is."""
    plan = str(uuid.uuid4())
    await connection.execute(
        "insert into rm.timeline (event_id, plan_id, type, stream, version, occurred_at, recorded_at, actor,"
        ' causation_id, topic, partition, "offset", data) values'
        " (gen_random_uuid(), $1::uuid, 'plan.analyzed', $2, 2, now(), now(), 'a', 'c', 'plan.events', 0, 0, '{}')",
        plan,
        f"plan-{plan}",
    )
    said = {"reason": "", "channels": ["shopee"], "priority": "normal", "opportunities": [], "phases": []}
    await put(connection, PLAN_EVENTS, "plan.approved", f"plan-{plan}", 3, plan, **said)

    await Degraded().step(connection, ALL)

    data = orjson.loads(await connection.fetchval("select data from rm.timeline where type = 'plan.approved'"))
    assert data == {**said, "phase1": None}, "the plan's id stands in its column alone"


async def test_what_got_to_the_log_and_was_not_read_there_comes_first(connection: asyncpg.Connection) -> None:
    plan = str(uuid.uuid4())
    task = await task_in_the_read_model(connection, plan)
    two, _ = await assigned_and_commented(connection, plan, task)
    await published(connection, two)

    await step(Degraded(), connection)

    assert await row_of(connection, task) == (3, "assigned", "rui")


async def test_an_event_waits_for_one_that_only_the_log_has(connection: asyncpg.Connection) -> None:
    plan = str(uuid.uuid4())
    task = await task_in_the_read_model(connection, plan)
    two, _ = await assigned_and_commented(connection, plan, task)
    await connection.execute("delete from decide.outbox where seq = $1", two)
    projector = Degraded()

    await step(projector, connection)
    assert (await row_of(connection, task))[0] == 1

    await in_history(connection, plan, f"task-{task}", 2)
    projector._began_at = -degraded.AGAIN_S  # the time to look at everything again has come
    await step(projector, connection)
    assert (await row_of(connection, task))[0] == 3


@pytest.mark.parametrize("analyzed", [False, True])
async def test_a_cancellation_does_not_wait_for_an_analysis_that_may_never_come(
    connection: asyncpg.Connection, analyzed: bool
) -> None:
    plan = str(uuid.uuid4())
    await connection.execute(
        "insert into plan (plan_id, version, status, changed_at) values ($1::uuid, 1, 'analyzing', now())", plan
    )
    await in_history(connection, plan, f"plan-{plan}", 1)
    if analyzed:
        data = {"partial": False, "channels": [], "opportunities": [], "phases": []}
        await published(
            connection, await put(connection, PLAN_EVENTS, "plan.analyzed", f"plan-{plan}", 2, plan, **data)
        )
    await put(connection, PLAN_EVENTS, "plan.cancelled", f"plan-{plan}", 3, plan, reason="não")

    await step(Degraded(), connection)

    row = await connection.fetchrow("select version, status, analyzed_at from plan where plan_id = $1::uuid", plan)
    assert row is not None
    assert (row["version"], row["status"], row["analyzed_at"] is not None) == (3, "cancelled", analyzed)


async def test_a_task_that_is_cancelled_before_it_is_there_is_shown(connection: asyncpg.Connection) -> None:
    plan, task = str(uuid.uuid4()), str(uuid.uuid4())
    await put(connection, TASK_EVENTS, "task.cancelled", f"task-{task}", 2, plan, task_id=task, reason="")

    await step(Degraded(), connection)

    assert await row_of(connection, task) == (2, "cancelled", "")


async def test_rows_of_partitions_that_come_later_are_not_skipped(connection: asyncpg.Connection) -> None:
    plan = str(uuid.uuid4())
    task = await task_in_the_read_model(connection, plan)
    await assigned_and_commented(connection, plan, task)
    theirs = (TASK_EVENTS, partition_of(TASK_EVENTS, plan.encode()))
    projector = Degraded()

    await step(projector, connection, ALL - {theirs})
    assert (await row_of(connection, task))[0] == 1

    await step(projector, connection, ALL)
    assert (await row_of(connection, task))[0] == 3


async def test_rows_whose_write_failed_are_not_skipped(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = str(uuid.uuid4())
    task = await task_in_the_read_model(connection, plan)
    await assigned_and_commented(connection, plan, task)
    projector = Degraded()

    async def gone(*_: object) -> None:
        raise ConnectionResetError("the database went away")

    with monkeypatch.context() as broken:
        broken.setattr(degraded, "write", gone)
        with pytest.raises(ConnectionResetError):
            await step(projector, connection)

    await step(projector, connection)
    assert (await row_of(connection, task))[0] == 3


async def test_a_row_that_does_not_fit_the_tables_holds_only_its_own_stream_up(connection: asyncpg.Connection) -> None:
    plan = str(uuid.uuid4())
    bad, good = [await task_in_the_read_model(connection, plan) for _ in range(2)]
    await put(connection, TASK_EVENTS, "task.failed", f"task-{bad}", 2, plan, task_id="no id", reason="x")
    await put(connection, TASK_EVENTS, "task.commented", f"task-{bad}", 3, plan, task_id=bad, comment="x")
    await assigned_and_commented(connection, plan, good)
    projector = Degraded()

    await step(projector, connection)

    assert (await row_of(connection, bad))[0] == 1
    assert await row_of(connection, good) == (3, "assigned", "rui")
    assert projector.projected == 2


async def test_what_is_projected_is_not_written_again(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = str(uuid.uuid4())
    await assigned_and_commented(connection, plan, await task_in_the_read_model(connection, plan))
    projector = Degraded()
    for _ in range(3):
        projector._began_at = -degraded.AGAIN_S
        await step(projector, connection)

    assert projector.projected == 2


async def test_a_record_that_is_sent_again_as_it_was_is_no_event_to_project(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead letter's bytes pass through the outbox: its value may be empty, and its data says nothing."""
    refused: list[int] = []
    monkeypatch.setattr(degraded, "_cannot", lambda row, _: refused.append(row["seq"]))
    plan = str(uuid.uuid4())
    task = await task_in_the_read_model(connection, plan)
    for value in (b"", None):
        await connection.execute(
            "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
            " correlation_id, actor, data, raw, raw_headers, stored_at) values (gen_random_uuid(), $1, $2,"
            " 'task.assigned', $3, 1, 1, 'c', $2, 'ana', '{}', $4, '[]', now() - interval '5 seconds')",
            TASK_EVENTS,
            plan,
            f"raw-{uuid.uuid4()}",
            value,
        )
    await assigned_and_commented(connection, plan, task)
    projector = Degraded()

    await step(projector, connection)

    assert projector.since is not None
    assert refused == []
    assert projector.projected == 2
    assert await row_of(connection, task) == (3, "assigned", "rui")
    streams = await connection.fetch("select distinct stream from timeline")
    assert [row["stream"] for row in streams] == [f"task-{task}"]


async def test_what_the_relay_has_set_aside_is_no_outage(connection: asyncpg.Connection) -> None:
    plan = str(uuid.uuid4())
    task = await task_in_the_read_model(connection, plan)
    two, _ = await assigned_and_commented(connection, plan, task)
    await connection.execute("update decide.outbox set held_at = now(), held_why = 'x' where seq = $1", two)
    await connection.execute("update decide.outbox set held_at = now() where seq > $1", two)
    projector = Degraded()

    await step(projector, connection)

    assert projector.since is None
    assert (await row_of(connection, task))[0] == 1


async def test_phases_and_days_of_one_batch_are_all_shown(connection: asyncpg.Connection) -> None:
    """What comes together is folded: no phase takes the place of another, and the last word on a plan counts."""
    plan, task = str(uuid.uuid4()), str(uuid.uuid4())
    await connection.execute(
        "insert into plan (plan_id, version, status, phases_left, ended_at, uploaded_at, changed_at)"
        " values ($1::uuid, 5, 'completed', '{2,3,5}', now(), now(), now())",
        plan,
    )
    await in_history(connection, plan, f"plan-{plan}", 5)
    stream = f"plan-{plan}"
    of_phase = {"name": "Fase", "weeks": "Semanas 5-8", "investment": "", "expected_impact": "", "tasks": []}
    made = {"position": 1, "phase": 2, "title": "t", "what": "", "channel": "shopee", "priority": "high"}
    await put(connection, PLAN_EVENTS, "plan.phase.started", stream, 6, plan, phase=2, **of_phase)
    await put(
        connection, TASK_EVENTS, "task.created", f"task-{task}", 1, plan, task_id=task, due_on="2026-05-01", **made
    )
    await put(connection, TASK_EVENTS, "task.rescheduled", f"task-{task}", 2, plan, task_id=task, due_on="2026-06-01")
    ended = {"tasks_completed": 1, "tasks_cancelled": 0}
    await put(connection, PLAN_EVENTS, "plan.completed", stream, 7, plan, **ended)
    await put(connection, PLAN_EVENTS, "plan.phase.started", stream, 8, plan, phase=3, **of_phase)
    await step(Degraded(), connection)

    shown = await connection.fetchrow(
        "select status, version, ended_at, phases_left from plan where plan_id = $1::uuid", plan
    )
    assert shown is not None
    assert tuple(shown) == ("executing", 8, None, [5])
    rows = await connection.fetch("select number, version from plan_phase where plan_id = $1::uuid order by 1", plan)
    assert [tuple(row) for row in rows] == [(2, 6), (3, 8)]
    assert str(await connection.fetchval("select due_on from task where task_id = $1::uuid", task)) == "2026-06-01"

    await put(connection, TASK_EVENTS, "task.rescheduled", f"task-{task}", 3, plan, task_id=task, due_on="")
    await step(Degraded(), connection)
    assert await connection.fetchval("select due_on from task where task_id = $1::uuid", task) is None


async def test_what_nobody_of_ours_decided_is_not_shown(connection: asyncpg.Connection, database_url: str) -> None:
    """Else an approval that somebody wrote into the outbox would show while the broker is away."""
    plan = str(uuid.uuid4())
    task = await task_in_the_read_model(connection, plan)
    signing = Signing(parse("k1 " + "a1" * 32), Mode.REQUIRE)
    said = {"task_id": task, "assignee": "rui", "status": "assigned"}
    await put(connection, TASK_EVENTS, "task.assigned", f"task-{task}", 2, plan, **said)

    await step(Degraded(signing), connection)
    assert (await row_of(connection, task))[0] == 1

    await connection.execute(f"set {SETTING} = '{session(signing.own)[SETTING]}'")
    await connection.execute("update decide.outbox set data = data, seal = null")
    await step(Degraded(signing), connection)
    assert (await row_of(connection, task))[0] == 2
