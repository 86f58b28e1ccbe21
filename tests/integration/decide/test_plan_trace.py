"""Which trace an event of a plan goes into, and what it is linked to: decided where the event is."""

from __future__ import annotations

import uuid

import asyncpg
import pytest
from opentelemetry.sdk.trace import TracerProvider

from gateway.commands.answer import Answer
from gateway.commands.commands import Command, Commands

from .conftest import Seed, upload_of

UPLOAD = "00-" + "a" * 32 + "-" + "1" * 16 + "-01"
REQUEST = "00-" + "b" * 32 + "-" + "2" * 16 + "-01"
SAME_TRACE = "00-" + "a" * 32 + "-" + "3" * 16 + "-01"


def unsampled(traceparent: str) -> str:
    return traceparent[:-2] + "00"


def command(name: str, id_: str, traceparent: str | None = REQUEST) -> Command:
    return Command(name, id_, "ana", "ana", {"reason": ""}, traceparent=traceparent)


async def traces(pool: asyncpg.Pool, plan: str) -> dict[str, tuple[str | None, str | None]]:
    """Return (trace context, link) of each event of a plan by its type."""
    rows = await pool.fetch("select type, traceparent, link from decide.outbox where key = $1 order by seq", plan)
    return {r["type"]: (r["traceparent"], r["link"]) for r in rows}


async def uploaded(pool: asyncpg.Pool, commands: Commands, traceparent: str | None) -> str:
    """Return a plan that waits for a person, uploaded in this trace."""
    plan = str(uuid.uuid4())
    await commands.upload(upload_of(plan, traceparent=traceparent))
    await pool.execute(
        "insert into rm.plan (plan_id, version, status, channels, changed_at, phases, opportunities)"
        " values ($1::uuid, 2, 'awaiting_approval', '{shopee}', now(), '[]', '[]')",
        plan,
    )
    return plan


@pytest.mark.parametrize(
    ("upload", "request_", "wanted"),
    [
        pytest.param(UPLOAD, REQUEST, (UPLOAD, REQUEST), id="in the plan's trace, linked to the request"),
        pytest.param(UPLOAD, SAME_TRACE, (SAME_TRACE, None), id="a request in the plan's own trace is the parent"),
        pytest.param(UPLOAD, None, (UPLOAD, None), id="no request to link to"),
        pytest.param(None, REQUEST, (REQUEST, None), id="uploaded before plans kept their trace"),
        pytest.param(None, None, (None, None), id="no trace at all"),
        pytest.param(UPLOAD, unsampled(REQUEST), (UPLOAD, unsampled(REQUEST)), id="only the plan is recorded"),
        pytest.param(unsampled(UPLOAD), REQUEST, (REQUEST, unsampled(UPLOAD)), id="only the request is recorded"),
        pytest.param(
            unsampled(UPLOAD), unsampled(REQUEST), (unsampled(UPLOAD), unsampled(REQUEST)), id="neither is recorded"
        ),
    ],
)
async def test_the_trace_of_a_decision(
    pool: asyncpg.Pool,
    commands: Commands,
    upload: str | None,
    request_: str | None,
    wanted: tuple[str | None, str | None],
) -> None:
    plan = await uploaded(pool, commands, upload)

    answer = await commands.run(command("plan.approve", plan, request_))

    assert answer.traceparent == upload
    assert await traces(pool, plan) == {"plan.uploaded": (upload, None), "plan.approved": wanted}


@pytest.mark.parametrize("name", ["plan.approve", "plan.reject", "plan.cancel"])
async def test_every_decision_about_a_plan_is_in_its_trace(pool: asyncpg.Pool, commands: Commands, name: str) -> None:
    plan = await uploaded(pool, commands, UPLOAD)
    await commands.run(command(name, plan))
    found = list((await traces(pool, plan)).values())
    assert found == [(UPLOAD, None), (UPLOAD, REQUEST)]


async def with_tasks(pool: asyncpg.Pool, waiting_plan: Seed, tasks: int) -> tuple[str, list[str]]:
    plan = await waiting_plan(tasks=tasks)
    await pool.execute("update decide.head set traceparent = $2 where stream = $1", f"plan-{plan}", UPLOAD)
    return plan, [r[0] for r in await pool.fetch("select task_id::text from rm.task where plan_id = $1::uuid", plan)]


async def test_the_commands_to_its_tasks_are_too_and_so_is_its_end(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan, tasks = await with_tasks(pool, waiting_plan, 1)
    first = await commands.run(command("task.start", tasks[0]))
    await commands.run(command("task.complete", tasks[0]))
    assert first.traceparent == UPLOAD
    found = await traces(pool, plan)
    assert found.pop("plan.uploaded") == (None, None)
    assert found == dict.fromkeys(("task.started", "task.completed", "plan.completed"), (UPLOAD, REQUEST))


async def test_the_tasks_that_a_cancelled_plan_takes_with_it_are_too(
    pool: asyncpg.Pool, commands: Commands, waiting_plan: Seed
) -> None:
    plan, _ = await with_tasks(pool, waiting_plan, 2)
    await commands.run(command("plan.cancel", plan))
    found = await traces(pool, plan)
    assert found["task.cancelled"] == found["plan.cancelled"] == (UPLOAD, REQUEST)


async def test_a_plan_that_the_watchdog_completes_ends_in_its_trace(pool: asyncpg.Pool, waiting_plan: Seed) -> None:
    plan, tasks = await with_tasks(pool, waiting_plan, 1)
    await pool.execute("update rm.task set status = 'completed', version = 2 where task_id = $1::uuid", tasks[0])
    await pool.execute("update rm.plan set changed_at = now() - interval '3 s' where plan_id = $1::uuid", plan)
    await pool.fetchval("select decide.complete_waiting(100, 'system:watchdog', false)")
    assert (await traces(pool, plan))["plan.completed"] == (UPLOAD, None)


async def test_the_span_of_a_request_is_linked_to_the_plans_it_decided_about(
    pool: asyncpg.Pool, commands: Commands
) -> None:
    others = "00-" + "c" * 32 + "-" + "4" * 16 + "-01"
    plans = [await uploaded(pool, commands, trace) for trace in (UPLOAD, others, others, None)]

    with TracerProvider().get_tracer("test").start_as_current_span("PATCH") as span:
        answers: list[Answer] = await commands.run_many([command("plan.approve", p) for p in plans[1:]])
        answers.append(await commands.run(command("plan.approve", plans[0])))

    assert [a.outcome for a in answers] == ["accepted"] * 4
    linked = [f"{link.context.trace_id:032x}" for link in span.links]  # type: ignore[attr-defined] # the SDK's own span
    assert linked == ["c" * 32, "a" * 32]


async def test_a_gateway_of_the_version_before_finds_what_it_knows(pool: asyncpg.Pool, commands: Commands) -> None:
    """It calls the same functions with the same arguments, and its plans have no trace of their own."""
    plan = await uploaded(pool, commands, UPLOAD)
    await pool.execute("update decide.head set traceparent = null where stream = $1", f"plan-{plan}")
    row = ("plan.approve", plan, "ana", None, "", None, str(uuid.uuid4()), 1, "r-1", "ana", REQUEST, "{}")

    await pool.fetchval("select decide.run_all($1::decide.command[])", [row])

    assert (await traces(pool, plan))["plan.approved"] == (REQUEST, None)
