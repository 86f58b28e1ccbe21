"""Later phases, on a real database: begun once, with all of their tasks, and ended like the first."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import asyncpg
import orjson
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Commands
from schemas.events import Event
from schemas.phase_tasks import created_by, is_phase
from schemas.wire import as_read

from .conftest import Seed
from .test_commands import command, outbox, tasks_of


def phase(plan: str, number: int = 2) -> dict[str, Any]:
    ids = [str(uuid5(NAMESPACE_OID, f"{plan} {number} {n}")) for n in (1, 2)]
    return {"phase": number, "weeks": "", "tasks": [{"task_id": id_, "position": n} for n, id_ in enumerate(ids, 1)]}


@pytest.fixture
async def completed(commands: Commands, pool: asyncpg.Pool, waiting_plan: Seed) -> str:
    """A plan whose Phase 1 has ended."""
    plan = await waiting_plan(1)
    (task,) = await tasks_of(pool, plan)
    await commands.run(command("task.complete", task))
    assert (await outbox(pool, f"plan-{plan}"))[-1] == (5, "plan.completed")
    return plan


async def test_a_phase_begins_with_all_of_its_tasks(pool: asyncpg.Pool, commands: Commands, completed: str) -> None:
    wanted = phase(completed)

    answer = await commands.run(command("plan.phase.start", completed, **wanted))

    assert (answer.outcome, answer.status, answer.version) == ("accepted", "executing", 6)
    rows = await pool.fetch(
        "select type, stream, event_id::text, causation_id, data ->> 'phase' as phase, data ->> 'plan_id' as plan"
        " from decide.outbox where key = $1 and seq >= (select seq from decide.outbox where event_id = $2::uuid)"
        " order by seq",
        completed,
        answer.event_id,
    )
    streams = [f"plan-{completed}", *(f"task-{task['task_id']}" for task in wanted["tasks"])]
    assert [row["stream"] for row in rows] == streams
    assert [row["type"] for row in rows] == ["plan.phase.started", "task.created", "task.created"]
    assert {row["causation_id"] for row in rows[1:]} == {answer.event_id}
    assert {(row["phase"], row["plan"]) for row in rows} == {("2", completed)}


async def test_what_the_database_says_of_a_task_is_what_its_phase_tells(
    pool: asyncpg.Pool, commands: Commands, completed: str
) -> None:
    """Whoever reads the phase leaves its task.created unread, by their ids: the two must never differ."""
    said = {"title": "t", "what": "w", "channel": "shopee", "priority": "high", "opportunity_id": None}
    wanted = phase(completed)
    one, other = [{**task, **said} for task in wanted["tasks"]]
    tasks = [{**one, "also_serves": ["o"], "due_on": "2026-04-07"}, other]
    data = {**wanted, "name": "Fase 2", "investment": "", "expected_impact": "", "tasks": tasks}
    answer = await commands.run(replace(command("plan.phase.start", completed), data=data))

    rows = await pool.fetch(
        "select type, event_id::text, stream, version, occurred_at, causation_id, correlation_id, actor, data::text"
        " from decide.outbox where key = $1 and (event_id::text = $2 or causation_id = $2) order by seq",
        completed,
        answer.event_id,
    )
    begun, *made = [as_read(Event(**{**row, "data": orjson.loads(row["data"])})) for row in rows]
    assert is_phase(begun)
    assert made == [as_read(told) for told in created_by(begun)]
    assert len(made) == 2


async def test_however_often_and_by_whom_it_is_asked_it_begins_once(
    pool: asyncpg.Pool, commands: Commands, completed: str
) -> None:
    others = Commands(pool, NoRelay())
    asked = [c.run(command("plan.phase.start", completed, **phase(completed))) for c in (commands, others) * 3]
    answers = await asyncio.gather(*asked)

    assert sorted(a.outcome for a in answers) == ["accepted", *["unchanged"] * 5]
    created = await pool.fetchval(
        "select count(*) from decide.outbox where key = $1 and type = 'task.created'", completed
    )
    assert created == 2


async def test_what_fails_on_the_way_leaves_nothing_behind(
    pool: asyncpg.Pool, commands: Commands, completed: str
) -> None:
    wanted = phase(completed)
    taken = f"task-{wanted['tasks'][1]['task_id']}"  # the second task finds its place in the outbox taken
    await pool.execute(
        "insert into decide.outbox (event_id, topic, key, type, stream, version, occurred_at, causation_id,"
        " correlation_id, actor, data) values (gen_random_uuid(), 't', 'k', 't', $1, 1, 1, 'c', 'k', 'a', '{}')",
        taken,
    )
    before = await pool.fetchval("select count(*) from decide.outbox where key = $1", completed)

    with pytest.raises(asyncpg.PostgresError):
        await commands.run(command("plan.phase.start", completed, **wanted, key="k"))

    assert await pool.fetchval("select count(*) from decide.outbox where key = $1", completed) == before
    assert await pool.fetchval("select phase from decide.head where stream = $1", f"plan-{completed}") == 1
    await pool.execute("delete from decide.outbox where stream = $1", taken)
    again = await commands.run(command("plan.phase.start", completed, **phase(completed), key="k"))
    assert again.outcome == "accepted"


async def test_a_phase_waits_for_the_one_before(pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed) -> None:
    plan = await waiting_plan(1)
    early = await commands.run(command("plan.phase.start", plan, **phase(plan)))
    assert (early.outcome, early.status) == ("wrong_status", "executing")
    await commands.run(command("task.complete", (await tasks_of(pool, plan))[0]))
    await commands.run(command("plan.phase.start", plan, **phase(plan)))
    third = await commands.run(command("plan.phase.start", plan, **phase(plan, 3)))
    assert (third.outcome, third.status) == ("wrong_status", "executing")


async def test_the_plan_is_completed_with_the_last_task_of_the_phase_and_not_before(
    pool: asyncpg.Pool, commands: Commands, completed: str
) -> None:
    """No read model shows the new tasks: their heads alone keep the plan open."""
    (old,) = await tasks_of(pool, completed)
    await commands.run(command("plan.phase.start", completed, **phase(completed)))
    one, other = [task["task_id"] for task in phase(completed)["tasks"]]

    await commands.run(command("task.comment", old, comment="depois de tudo"))
    await commands.run(command("task.complete", one))
    assert (await outbox(pool, f"plan-{completed}"))[-1] == (6, "plan.phase.started")
    await commands.run(command("task.cancel", other, reason=""))
    assert (await outbox(pool, f"plan-{completed}"))[-1] == (7, "plan.completed")
    said = await pool.fetchrow("select data from decide.outbox where stream = $1 and version = 7", f"plan-{completed}")
    assert said is not None
    assert '"tasks_completed": 2' in said["data"]
    assert '"tasks_cancelled": 1' in said["data"]


async def test_cancelling_the_plan_cancels_tasks_that_no_read_model_shows(
    pool: asyncpg.Pool, commands: Commands, completed: str
) -> None:
    await commands.run(command("plan.phase.start", completed, **phase(completed)))
    assert (await commands.run(command("plan.cancel", completed, reason="chega"))).outcome == "accepted"
    for task in phase(completed)["tasks"]:
        assert await outbox(pool, f"task-{task['task_id']}") == [(1, "task.created"), (2, "task.cancelled")]
    late = await commands.run(command("plan.phase.start", completed, **phase(completed)))
    assert (late.outcome, late.status) == ("wrong_status", "cancelled")


async def test_the_watchdog_completes_each_phase_by_an_event_of_its_own(
    pool: asyncpg.Pool, commands: Commands, completed: str
) -> None:
    await commands.run(command("plan.phase.start", completed, **phase(completed)))
    ids = []
    for number in (1, 2):
        await pool.execute(
            "update decide.head set status = 'executing', phase = $2 where stream = $1", f"plan-{completed}", number
        )
        await pool.execute(
            "update decide.head set status = 'completed' where plan_id = $1::uuid and kind = 'task'", completed
        )
        await pool.execute(
            "update rm.plan set status = 'executing', changed_at = now() - interval '1 minute'"
            " where plan_id = $1::uuid",
            completed,
        )
        await pool.execute("update rm.task set status = 'completed' where plan_id = $1::uuid", completed)
        await pool.fetchval("select decide.complete_waiting(100, 'system:watchdog', false)")
        ids.append(
            await pool.fetchval(
                "select event_id from decide.outbox where stream = $1 order by version desc limit 1",
                f"plan-{completed}",
            )
        )
    assert len(set(ids)) == 2
