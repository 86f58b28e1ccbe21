"""What the decision function promises, on a real database."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from typing import Any

import asyncpg
import orjson
import pytest

from gateway.commands.calling import NoRelay
from gateway.commands.commands import Command, Commands

from .conftest import Seed, deadlocks, upload_of


def command(
    name: str, id_: str, *, key: str | None = None, expect: int | None = None, hash_: str = "h", **data: Any
) -> Command:
    return Command(name, id_, "ana", "ana", data, key=key, request_hash=hash_, expect=expect)


async def outbox(pool: asyncpg.Pool, stream: str) -> list[tuple[int, str]]:
    rows = await pool.fetch("select version, type from decide.outbox where stream = $1 order by version", stream)
    return [(r["version"], r["type"]) for r in rows]


async def tasks_of(pool: asyncpg.Pool, plan: str) -> list[str]:
    return [r[0] for r in await pool.fetch("select task_id::text from rm.task where plan_id = $1::uuid", plan)]


async def test_approving_reserves_the_version_of_phase_1_and_carries_what_was_approved(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan()

    answer = await commands.run(command("plan.approve", plan, reason="ok"))

    assert (answer.outcome, answer.status, answer.version) == ("accepted", "approved", 3)
    assert await outbox(pool, f"plan-{plan}") == [(1, "plan.uploaded"), (3, "plan.approved")]
    assert await pool.fetchval("select version from decide.head where stream = $1", f"plan-{plan}") == 4
    data = orjson.loads(
        await pool.fetchval("select data from decide.outbox where stream = $1 and version = 3", f"plan-{plan}")
    )
    assert data["phases"] == [{"number": 1}]
    assert data["channels"] == ["shopee"]


async def test_a_phase_1_that_a_person_gives_goes_into_the_event_with_what_was_approved(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan, given = await waiting_plan(), {"tasks": [{"title": "Fotos"}], "reason": "só isto agora"}

    answer = await commands.run(command("plan.approve", plan, reason="só isto agora", phase1=given))

    assert (answer.outcome, answer.status, answer.version) == ("accepted", "approved", 3)
    row = await pool.fetchrow("select data, actor from decide.outbox where stream = $1 and version = 3", f"plan-{plan}")
    assert row is not None
    data = orjson.loads(row["data"])
    assert (data["phase1"], data["reason"], row["actor"]) == (given, "só isto agora", "ana")
    assert (data["phases"], data["channels"]) == ([{"number": 1}], ["shopee"])


@pytest.mark.parametrize("tasks", [0, 2], ids=["approved", "executing"])
async def test_a_phase_1_that_comes_after_the_approval_is_refused_and_never_lost_in_silence(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed, tasks: int
) -> None:
    plan = await waiting_plan(tasks)
    if not tasks:
        await commands.run(command("plan.approve", plan, reason=""))
    before = await outbox(pool, f"plan-{plan}")

    late = await commands.run(command("plan.approve", plan, reason="", phase1={"tasks": []}))
    plain = await commands.run(command("plan.approve", plan, reason=""))

    assert (late.outcome, late.status) == ("wrong_status", "executing" if tasks else "approved")
    assert plain.outcome == "unchanged"
    assert await outbox(pool, f"plan-{plan}") == before


async def test_a_key_gives_the_first_answer_to_an_approval_with_a_phase_1_too(
    commands: Commands, waiting_plan: Seed
) -> None:
    plan, key, given = await waiting_plan(), uuid.uuid4().hex, {"tasks": [{"title": "Fotos"}]}

    first = await commands.run(command("plan.approve", plan, key=key, reason="", phase1=given))
    again = await commands.run(command("plan.approve", plan, key=key, reason="", phase1=given))

    assert (first.outcome, again.outcome, again.repeated) == ("accepted", "accepted", True)
    assert again.event_id == first.event_id


async def test_approving_twice_is_harmless(pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed) -> None:
    plan = await waiting_plan()

    first, second = [await commands.run(command("plan.approve", plan, reason="")) for _ in range(2)]

    assert (first.outcome, second.outcome) == ("accepted", "unchanged")
    assert len(await outbox(pool, f"plan-{plan}")) == 2


async def test_many_approvals_at_the_same_moment_make_one_event(pool: asyncpg.Pool, waiting_plan: Seed) -> None:
    plan = await waiting_plan()
    gateways = [Commands(pool, NoRelay()) for _ in range(8)]

    answers = await asyncio.gather(*(g.run(command("plan.approve", plan, reason="")) for g in gateways))

    assert sorted(a.outcome for a in answers) == ["accepted"] + ["unchanged"] * 7
    assert len(await outbox(pool, f"plan-{plan}")) == 2


async def test_a_key_answers_the_same_again_and_refuses_another_request(commands: Commands, waiting_plan: Seed) -> None:
    plan = await waiting_plan()
    key = uuid.uuid4().hex

    first = await commands.run(command("plan.approve", plan, key=key, reason=""))
    again = await commands.run(command("plan.approve", plan, key=key, reason=""))
    other = await commands.run(command("plan.approve", plan, key=key, hash_="another", reason="x"))

    assert (first.outcome, first.repeated) == ("accepted", False)
    assert (again.outcome, again.repeated, again.event_id) == ("accepted", True, first.event_id)
    assert other.outcome == "key_reused"


async def test_a_key_that_was_forgotten_makes_another_event(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    """An event is recognised as a repeat by its id. With the id of an earlier one the second comment would be lost."""
    (task,) = await tasks_of(pool, await waiting_plan(tasks=1))
    comment = command("task.comment", task, key=uuid.uuid4().hex, comment="chegou")

    first = await commands.run(comment)
    await pool.execute("delete from decide.idempotency where key = $1", comment.key)  # it was kept for seven days
    second = await commands.run(comment)

    assert (second.outcome, second.repeated, second.version) == ("accepted", False, first.version + 1)
    assert second.event_id != first.event_id


async def test_a_refusal_does_not_use_up_the_key(pool: asyncpg.Pool, commands: Commands) -> None:
    plan, key = str(uuid.uuid4()), uuid.uuid4().hex
    await commands.upload(upload_of(plan))

    early = await commands.run(command("plan.approve", plan, key=key, reason=""))
    await pool.execute(
        "insert into rm.plan (plan_id, version, status, changed_at) values ($1::uuid, 2, 'awaiting_approval', now())",
        plan,
    )
    later = await commands.run(command("plan.approve", plan, key=key, reason=""))

    assert (early.outcome, early.status) == ("wrong_status", "analyzing")
    assert later.outcome == "accepted"


async def test_an_expected_version_that_is_not_there_changes_nothing(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan()

    answer = await commands.run(command("plan.approve", plan, expect=1, reason=""))

    assert (answer.outcome, answer.version) == ("version_mismatch", 2)
    assert len(await outbox(pool, f"plan-{plan}")) == 1


@pytest.mark.parametrize("name", ["plan.approve", "task.start"])
async def test_what_does_not_exist_is_not_found(commands: Commands, name: str) -> None:
    answer = await commands.run(command(name, str(uuid.uuid4())))

    assert answer.outcome == "not_found"


async def test_a_rejected_plan_cannot_be_approved(commands: Commands, waiting_plan: Seed) -> None:
    plan = await waiting_plan()
    await commands.run(command("plan.reject", plan, reason="números errados"))

    answer = await commands.run(command("plan.approve", plan, reason=""))

    assert (answer.outcome, answer.status) == ("wrong_status", "rejected")


async def test_a_read_model_that_is_behind_does_not_move_a_head_back(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan()
    await commands.run(command("plan.approve", plan, reason=""))

    # rm.plan still says awaiting_approval, version 2
    answer = await commands.run(command("plan.reject", plan, reason="tarde"))

    assert (answer.outcome, answer.status) == ("wrong_status", "approved")


async def test_the_last_task_ends_the_plan_once_even_when_two_end_together(
    pool: asyncpg.Pool, waiting_plan: Seed
) -> None:
    plan = await waiting_plan(tasks=2)
    one, two = await tasks_of(pool, plan)
    gateways = [Commands(pool, NoRelay()) for _ in range(2)]

    answers = await asyncio.gather(
        gateways[0].run(command("task.complete", one, note="")), gateways[1].run(command("task.cancel", two, reason=""))
    )

    assert [a.outcome for a in answers] == ["accepted", "accepted"]
    assert (await outbox(pool, f"plan-{plan}"))[1:] == [(5, "plan.completed")]


async def test_cancelling_a_plan_cancels_its_open_tasks_and_leaves_ended_ones(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan = await waiting_plan(tasks=3)
    first, *others = await tasks_of(pool, plan)
    await commands.run(command("task.complete", first, note=""))

    answer = await commands.run(command("plan.cancel", plan, reason="canal fechado"))

    assert answer.outcome == "accepted"
    for task in others:
        assert await outbox(pool, f"task-{task}") == [(2, "task.cancelled")]
    assert await outbox(pool, f"task-{first}") == [(2, "task.completed")]


async def test_a_task_lives_its_life_and_counts_its_tries(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    (task,) = await tasks_of(pool, await waiting_plan(tasks=1))
    steps = [
        command("task.assign", task, assignee="bia"),
        command("task.start", task),
        command("task.assign", task, assignee="caio"),
        command("task.fail", task, reason="sem estoque"),
        command("task.retry", task),
        command("task.comment", task, comment="chegou"),
        command("task.complete", task, note="feito"),
        command("task.start", task),
    ]

    answers = [await commands.run(step) for step in steps]

    assert [a.outcome for a in answers] == ["accepted"] * 7 + ["wrong_status"]
    assert [a.status for a in answers[:7]] == ["assigned", "started", "started", "failed", "open", "open", "completed"]
    attempt = await pool.fetchval(
        "select data ->> 'attempt' from decide.outbox where type = 'task.retried' and stream = $1", f"task-{task}"
    )
    assert attempt == "2"


async def test_a_bad_command_fails_alone(commands: Commands, waiting_plan: Seed) -> None:
    plan = await waiting_plan()
    good = command("plan.approve", plan, reason="")
    bad = command("plan.sing", plan)

    results = await asyncio.gather(commands.run(good), commands.run(bad), return_exceptions=True)

    assert results[0].outcome == "accepted"  # type: ignore[union-attr]
    assert isinstance(results[1], asyncpg.RaiseError)


@pytest.mark.parametrize("poisoned", [False, True])
async def test_who_goes_away_and_what_is_poisoned_change_nothing_for_others_of_a_call(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed, poisoned: bool
) -> None:
    """Commands that came while others were decided go together; each answer is of its own command."""
    plans = [await waiting_plan() for _ in range(9)]
    names = ["plan.reject" if number % 3 == 2 else "plan.approve" for number in range(9)]
    given = [command(name, plan, reason="") for name, plan in zip(names, plans, strict=True)]
    if poisoned:
        given[4] = replace(given[4], data={"reason": "\0"})  # no text of Postgres has it
    before = asyncio.create_task(commands.run(command("plan.approve", await waiting_plan(), reason="")))
    running = [asyncio.create_task(commands.run(one)) for one in given]
    await asyncio.sleep(0)  # each waits in the door
    running[0].cancel()
    running[5].cancel()
    await before
    ended = await asyncio.gather(*running, return_exceptions=True)

    rows = await pool.fetch("select stream, status from decide.head where plan_id = any($1::uuid[])", plans)
    status = {row["stream"].removeprefix("plan-"): row["status"] for row in rows}
    for number, (name, plan, answer) in enumerate(zip(names, plans, ended, strict=True)):
        if poisoned and number == 4:
            assert isinstance(answer, asyncpg.PostgresError)
            continue
        # what was asked for is done, also for one who went before the answer
        assert status[plan] == ("rejected" if name == "plan.reject" else "approved")
        if number in (0, 5):
            assert isinstance(answer, asyncio.CancelledError)
        else:
            assert not isinstance(answer, BaseException)
            assert (answer.outcome, answer.status, answer.plan_id) == ("accepted", status[plan], plan)
    once = "select count(*) from decide.outbox where key = any($1) and type in ('plan.approved', 'plan.rejected')"
    assert await pool.fetchval(once, plans) == (8 if poisoned else 9)


async def test_the_same_file_twice_offers_the_first_plan_unless_asked_again(commands: Commands) -> None:
    first, second, third = (str(uuid.uuid4()) for _ in range(3))
    sha = uuid.uuid4().hex

    answers = [
        await commands.upload(upload_of(first, sha)),
        await commands.upload(upload_of(second, sha)),
        await commands.upload(upload_of(third, sha, again=True)),
    ]

    assert [a.outcome for a in answers] == ["accepted", "duplicate", "accepted"]
    assert answers[1].plan_id == first


async def test_two_uploads_of_one_file_at_the_same_moment_make_one_plan(commands: Commands) -> None:
    sha = uuid.uuid4().hex

    answers = await asyncio.gather(*(commands.upload(upload_of(str(uuid.uuid4()), sha)) for _ in range(6)))

    assert sorted(a.outcome for a in answers) == ["accepted"] + ["duplicate"] * 5


async def test_what_a_person_has_seen_is_what_if_match_is_compared_with(pool: asyncpg.Pool, commands: Commands) -> None:
    plan = str(uuid.uuid4())
    await commands.upload(upload_of(plan))  # version 1; version 2 is kept for plan.analyzed

    stale = await commands.run(command("plan.cancel", plan, expect=2, reason="engano"))
    answer = await commands.run(command("plan.cancel", plan, expect=1, reason="engano"))

    assert (stale.outcome, stale.version) == ("version_mismatch", 1)
    assert (answer.outcome, answer.version) == ("accepted", 3)


async def test_bulk_commands_to_tasks_of_the_same_plans_do_not_lock_each_other_out(
    pool: asyncpg.Pool, waiting_plan: Seed
) -> None:
    plans = [await waiting_plan(tasks=12) for _ in range(6)]
    tasks = [t for plan in plans for t in await tasks_of(pool, plan)]
    gateways = [Commands(pool, NoRelay()) for _ in range(4)]

    before = await deadlocks(pool)
    answers = await asyncio.gather(
        *(g.run_many([command("task.start", t) for t in tasks[n::4]]) for n, g in enumerate(gateways))
    )

    assert {a.outcome for some in answers for a in some} == {"accepted"}
    assert await deadlocks(pool) == before


@pytest.mark.parametrize(("age", "question"), [("3 seconds", "false"), ("2 days", "true")])
async def test_a_plan_whose_tasks_ended_before_its_phase_1_was_readable_is_completed_later(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed, age: str, question: str
) -> None:
    plan = await waiting_plan(tasks=1)
    (task,) = await tasks_of(pool, plan)
    await pool.execute(
        "update rm.plan set status = 'approved', version = 3, phase1 = null where plan_id = $1::uuid", plan
    )
    await commands.run(command("task.complete", task, note=""))
    assert len(await outbox(pool, f"plan-{plan}")) == 1

    await pool.execute(
        "update rm.plan set status = 'executing', version = 4, changed_at = now() - $3::text::interval,"
        " phase1 = jsonb_build_object('tasks', jsonb_build_array(jsonb_build_object('task_id', $2::text)))"
        " where plan_id = $1::uuid",
        plan,
        task,
        age,
    )
    await pool.execute("update rm.task set status = 'completed', version = 2 where task_id = $1::uuid", task)
    for asked in ("false", question, question):  # each time one of two days is left out unless all are asked for
        await pool.fetchval(f"select decide.complete_waiting(100, 'system:watchdog', {asked})")

    assert (await outbox(pool, f"plan-{plan}"))[1:] == [(5, "plan.completed")]
