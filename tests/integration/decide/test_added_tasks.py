"""Tasks that people add to a plan and texts that they change, on a real database."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import pytest

from gateway.commands.commands import Command, Commands
from schemas.plan import ADDED_TASK_LIMIT

from .conftest import Seed
from .test_commands import command, outbox, tasks_of
from .test_phases import phase


def adding(plan: str, *, key: str | None = None, expect: int | None = None, **fields: Any) -> Command:
    given = {
        "task_id": str(uuid4()),
        "title": "Fotos novas",
        "what": "Com régua",
        "channel": "shopee",
        "priority": "normal",
        "opportunity_id": None,
        "due_on": None,
        "reason": "faltava",
    }
    return command("plan.task.add", plan, key=key, expect=expect, **{**given, **fields})


async def said(pool: asyncpg.Pool, task: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(
        await pool.fetchval("select data from decide.outbox where stream = $1 order by version limit 1", f"task-{task}")
    )
    return found


async def test_an_added_task_stands_behind_those_of_the_phase_and_the_plans_version_stays(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan(2)
    await pool.execute("update rm.task set position = 2 where plan_id = $1::uuid", plan)
    one, other = adding(plan, expect=4), adding(plan, title="Preço", expect=4)

    answers = [await commands.run(one), await commands.run(other)]

    assert [(a.outcome, a.status, a.version) for a in answers] == [("accepted", "open", 1)] * 2
    assert await outbox(pool, f"task-{one.data['task_id']}") == [(1, "task.added")]
    # the first cannot be read yet, and the second stands behind it
    places = [await said(pool, c.data["task_id"]) for c in (one, other)]
    assert [(p["phase"], p["position"], p["title"], p["plan_id"]) for p in places] == [
        (1, 3, "Fotos novas", plan),
        (1, 4, "Preço", plan),
    ]
    assert await outbox(pool, f"plan-{plan}") == [(1, "plan.uploaded")]


async def test_a_plan_is_completed_with_the_added_task_and_not_before(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan(1)
    (task,) = await tasks_of(pool, plan)
    added = adding(plan)
    await commands.run(added)

    await commands.run(command("task.complete", task))
    assert (await outbox(pool, f"plan-{plan}"))[-1] == (1, "plan.uploaded")
    await commands.run(command("task.complete", added.data["task_id"]))
    assert (await outbox(pool, f"plan-{plan}"))[-1] == (5, "plan.completed")
    late = await commands.run(adding(plan))
    assert (late.outcome, late.status) == ("wrong_status", "completed")


async def test_a_task_of_phase_1_that_cannot_be_read_yet_keeps_the_plan_open_however_many_were_added(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan(2)
    unread, task = await tasks_of(pool, plan)
    added = adding(plan)
    await commands.run(added)
    await pool.execute("delete from rm.task where task_id = $1::uuid", unread)  # it is on its way

    for one in (task, added.data["task_id"]):
        await commands.run(command("task.complete", one))

    assert (await outbox(pool, f"plan-{plan}"))[-1] == (1, "plan.uploaded")


@pytest.mark.parametrize(
    ("status", "version"), [("awaiting_approval", 2), ("approved", 3), ("completed", 5), ("cancelled", 5)]
)
async def test_only_a_plan_that_is_being_worked_on_takes_a_task(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed, status: str, version: int
) -> None:
    plan = await waiting_plan(1)
    await pool.execute(
        "update decide.head set status = $2, version = $3, reserved = 0 where stream = $1",
        f"plan-{plan}",
        status,
        version,
    )
    refused = adding(plan)

    answer = await commands.run(refused)

    assert (answer.outcome, answer.status) == ("wrong_status", status)
    assert await outbox(pool, f"task-{refused.data['task_id']}") == []
    heads = await pool.fetchval("select count(*) from decide.head where plan_id = $1::uuid and kind = 'task'", plan)
    assert heads == 0


async def test_a_repeat_with_its_key_adds_no_second_task_even_at_once(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan(1)

    answers = await asyncio.gather(*(commands.run(adding(plan, key="k")) for _ in range(4)))

    assert {a.outcome for a in answers} == {"accepted"}
    assert len({a.task_id for a in answers}) == 1
    assert sorted(a.repeated for a in answers) == [False, True, True, True]
    assert await pool.fetchval("select count(*) from decide.outbox where key = $1 and type = 'task.added'", plan) == 1
    again = adding(plan)
    await commands.run(again)
    assert (await commands.run(again)).outcome == "unchanged"  # the same id, without a key


async def test_a_plan_of_another_version_is_refused(pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed) -> None:
    refused = await commands.run(adding(await waiting_plan(1), expect=3))
    assert (refused.outcome, refused.version) == ("version_mismatch", 4)


async def test_a_task_added_in_a_later_phase_belongs_to_it(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan(1)
    await commands.run(command("task.complete", (await tasks_of(pool, plan))[0]))
    await commands.run(command("plan.phase.start", plan, **phase(plan)))
    added = adding(plan)

    await commands.run(added)

    made = await said(pool, added.data["task_id"])
    assert (made["phase"], made["position"]) == (2, 3)


async def test_cancelling_the_plan_cancels_an_added_task_that_no_read_model_shows(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan(1)
    added = adding(plan)
    await commands.run(added)

    await commands.run(command("plan.cancel", plan, reason="chega"))

    assert await outbox(pool, f"task-{added.data['task_id']}") == [(1, "task.added"), (2, "task.cancelled")]


async def test_a_text_is_changed_until_the_task_has_ended(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan(2)
    task, _ = await tasks_of(pool, plan)
    await commands.run(command("task.start", task))

    changed = await commands.run(command("task.text.change", task, expect=2, title="A", what="B", reason="c"))
    stale = await commands.run(command("task.text.change", task, expect=2, title="X", what="Y", reason=""))
    await commands.run(command("task.complete", task))
    late = await commands.run(command("task.text.change", task, title="X", what="Y", reason=""))

    assert (changed.outcome, changed.status, changed.version) == ("accepted", "started", 3)
    assert (stale.outcome, late.outcome, late.status) == ("version_mismatch", "wrong_status", "completed")
    assert [type_ for _, type_ in await outbox(pool, f"task-{task}")] == [
        "task.started",
        "task.changed",
        "task.completed",
    ]
    found = await pool.fetchval("select data from decide.outbox where stream = $1 and version = 3", f"task-{task}")
    assert orjson.loads(found) == {"plan_id": plan, "task_id": task, "title": "A", "what": "B", "reason": "c"}


async def test_people_add_as_many_tasks_as_the_limit_says_and_no_more_even_at_once(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan, other = await waiting_plan(1), await waiting_plan(1)
    last = adding(plan)
    await pool.execute("update decide.head set added = $2 where stream = $1", f"plan-{plan}", ADDED_TASK_LIMIT - 2)

    answers = await asyncio.gather(*(commands.run(adding(plan)) for _ in range(4)), commands.run(last))

    assert sorted(a.outcome for a in answers) == ["accepted"] * 2 + ["too_many_tasks"] * 3
    assert {(a.status, a.version) for a in answers if a.outcome == "too_many_tasks"} == {("executing", 4)}
    assert await pool.fetchval("select count(*) from decide.outbox where key = $1 and type = 'task.added'", plan) == 2
    assert (await commands.run(adding(other))).outcome == "accepted", "each plan has a limit of its own"


async def test_a_repeat_of_the_last_task_that_was_taken_is_a_repeat(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan(1)
    await pool.execute("update decide.head set added = $2 where stream = $1", f"plan-{plan}", ADDED_TASK_LIMIT - 1)
    last = adding(plan)
    assert [(await commands.run(last)).outcome for _ in range(2)] == ["accepted", "unchanged"]
    assert (await commands.run(adding(plan))).outcome == "too_many_tasks"
