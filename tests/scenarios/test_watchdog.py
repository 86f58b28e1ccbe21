"""Whatever fails, the watchdog sees it within seconds and every plan gets its tasks, without anybody doing anything."""

from __future__ import annotations

import asyncio
import json
import signal
import time

import asyncpg
import httpx
import pytest

from local.load import Load
from local.stack import Stack
from projections.reads.processes import ROLES
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.process.liveness import GONE
from tests.support.patience import PATIENCE_S, until

PLANS = 20


@pytest.fixture
def stack(well: Stack) -> Stack:
    """One system for all: it lives through one trouble after the other."""
    return well


async def ready_plans(load: Load, count: int = PLANS) -> list[str]:
    plans = await load.upload(count)
    assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == count
    return plans


async def told(load: Load, plans: list[str]) -> list[asyncpg.Record]:
    """Return the recovery log of these plans, once nothing in it is open any more."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        rows = await load.pool.fetch(
            "select plan_id::text, type, cause, action, stalled_ms, evidence, extract(epoch from at - due_at) as late_s"
            " from rm.recovery where plan_id = any($1::uuid[]) order by plan_id, version",
            plans,
        )
        stalled = sum(r["type"] == "plan.stalled" for r in rows)
        if stalled == sum(r["type"] == "plan.recovered" for r in rows) or time.monotonic() > deadline:
            return rows
        await asyncio.sleep(0.2)


async def all_running(load: Load) -> None:
    async def running() -> bool:
        return {r["role"] for r in await load.pool.fetch("select role from flow.running where connected")} >= set(ROLES)

    await until(running)


async def all_heard(load: Load) -> None:
    """Return once every process knows which flags are off: a heartbeat tells it, and the next one that it was heard."""
    for _ in range(2):
        now = await load.pool.fetchval("select clock_timestamp()")
        async with asyncio.timeout(PATIENCE_S):
            while await load.pool.fetchval(
                "select count(*) from flow.worker where stopped_at is null and beat_at < $1", now
            ):
                await asyncio.sleep(0.1)


async def nothing_wrong(stack: Stack) -> None:
    report = await verify(Settings.from_env(stack.env))
    assert report.problems == []


async def heal(stack: Stack, load: Load, plans: list[str], causes: set[str]) -> None:
    """Approve, and wait until each plan that stalled has recovered by itself; how soon is judged by the drills."""
    began = time.monotonic()
    await load.approve(plans)
    await load.wait_for_tasks(plans, within_s=PATIENCE_S)
    healed_s = time.monotonic() - began
    rows = await told(load, plans)
    stalled = [r for r in rows if r["type"] == "plan.stalled"]
    recovered = [r for r in rows if r["type"] == "plan.recovered"]
    late = [float(r["late_s"]) for r in stalled]
    print(f"detected after {max(late, default=0):.2f} s, all healed after {healed_s:.1f} s, stalled {len(stalled)}")
    assert stalled
    assert {r["cause"] for r in stalled} <= causes
    assert len(recovered) == len(stalled)
    assert not [r for r in rows if r["type"] == "plan.escalated"]


async def test_plans_get_their_tasks_while_there_is_no_worker(stack: Stack, key: str) -> None:
    async with Load(stack.env, key) as load:
        plans = await ready_plans(load)
        stack.pause("worker")
        stack.wait_for("worker", "paused", PATIENCE_S)

        await heal(stack, load, plans, {"worker-gone"})

        stack.resume("worker")
        stack.wait_for("worker")
        more = await ready_plans(load, 1)
        await load.approve(more)
        await load.wait_for_tasks(more, within_s=PATIENCE_S)
    await nothing_wrong(stack)


async def test_a_frozen_worker_is_seen_ended_and_started_again(stack: Stack, key: str) -> None:
    async with Load(stack.env, key) as load:
        plans = await ready_plans(load)
        frozen = stack.kill("worker", signal.SIGSTOP)
        began = time.monotonic()

        await heal(stack, load, plans, {"worker-deaf", "worker-gone"})

        assert stack.wait_for("worker", not_pid=frozen, timeout=PATIENCE_S) is not None
        print(f"a new worker after {time.monotonic() - began:.1f} s")
    await nothing_wrong(stack)


async def test_a_killed_process_is_known_to_be_gone_by_the_lock_that_went_with_it(stack: Stack, key: str) -> None:
    async with Load(stack.env, key) as load:
        await all_running(load)
        took: dict[str, float] = {}
        for role in ("worker", "projections", "gateway", "runner", "pump"):
            pid = stack.kill(role)
            began = time.monotonic()
            async with asyncio.timeout(PATIENCE_S):  # the watchdog first gives those that come back with it their time
                while not await load.pool.fetchval(
                    "select stopped_at is not null from flow.worker where pid = $1", pid
                ):
                    await asyncio.sleep(0.02)
            took[role] = time.monotonic() - began
            said = await load.pool.fetchval(
                "select data ->> 'reason' from decide.outbox o join flow.worker w on w.source = o.stream"
                " where w.pid = $1 and o.type = 'worker.stopped'",
                pid,
            )
            assert said == GONE, "it is the watchdog that says so"
        print("known to be gone after:", ", ".join(f"{role} {seconds:.2f} s" for role, seconds in took.items()))


async def broker_is_said_to_be_away(load: Load, *, away: bool) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        health = await load.get("/api/system/health")
        if any(finding["kind"] == "broker-away" for finding in health["verdict"]) is away:
            assert health["degradedMode"] is away
            assert not away or health["status"] == "degraded"
            return True
        await asyncio.sleep(0.2)
    return False


def broker_reached(stack: Stack) -> str:
    """Return what the watchdog tells Prometheus of the broker."""
    groups = json.loads((stack.data_dir / "metrics-targets.json").read_text("utf-8"))
    (address,) = [one["targets"][0] for one in groups if one["labels"]["process"] == "watchdog"]
    lines = httpx.get(f"http://{address}/metrics").text.splitlines()
    return next((line.partition(" ")[2] for line in lines if line.startswith("marketplace_broker_reached ")), "")


async def test_without_the_broker_approvals_answer_and_tasks_appear(stack: Stack, key: str) -> None:
    async with Load(stack.env, key) as load:
        plans = await ready_plans(load)
        stack.pause("broker")
        stack.wait_for("broker", "paused", PATIENCE_S)

        await heal(stack, load, plans, {"broker-away", "relay-stuck", "relay-gone"})
        assert set(load.accepted) >= set(plans), "they were answered while it was away"
        assert await broker_is_said_to_be_away(load, away=True)
        assert broker_reached(stack) == "0.0", "whether there is work or not"

        stack.resume("broker")
        stack.wait_for("broker", timeout=PATIENCE_S)
        deadline = time.monotonic() + PATIENCE_S
        while await load.pool.fetchval("select count(*) from decide.outbox where published_at is null"):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.2)
        more = await ready_plans(load, 1)
        await load.approve(more)
        await load.wait_for_tasks(more, within_s=PATIENCE_S)
        assert await broker_is_said_to_be_away(load, away=False)
        assert broker_reached(stack) == "1.0"
    await nothing_wrong(stack)


async def test_work_goes_on_when_the_database_has_been_away(stack: Stack, key: str) -> None:
    async with Load(stack.env, key) as load:
        plans = await ready_plans(load)
        await load.pool.execute("checkpoint")  # read models are not synced at each commit: they are here

        async def restart() -> None:
            await asyncio.sleep(0.05)
            stack.kill("postgres", signal.SIGKILL)

        await asyncio.gather(load.approve(plans), restart())
        made = await load.wait_for_tasks(plans, within_s=PATIENCE_S)

        assert len(made) == PLANS
        await all_running(load)
    await nothing_wrong(stack)


async def test_work_that_is_switched_off_waits_is_told_and_goes_on(stack: Stack, key: str) -> None:
    async with Load(stack.env, key) as load:
        plans = await ready_plans(load, 3)
        await all_running(load)
        await load.pool.execute("select flow.flag_switch('queue_processing', false, 'a test', 'r', 'test')")
        await all_heard(load)

        await load.approve(plans)
        async with asyncio.timeout(PATIENCE_S):
            while await load.pool.fetchval("select count(*) from flow.deadline where stalled_at is not null") < len(
                plans
            ):
                await asyncio.sleep(0.1)

        assert await load.wait(plans, ["approved"], within_s=0) == len(plans)
        causes = await load.pool.fetch("select distinct cause from flow.deadline where stalled_at is not null")
        assert [r["cause"] for r in causes] == ["processing-off"]
        health = await load.get("/api/system/health")
        assert any(f.startswith("Queue processing is switched off by test") for f in health["findings"])
        pid = stack.kill("worker", signal.SIGTERM)
        assert stack.wait_for("worker", not_pid=pid, timeout=PATIENCE_S), "it holds work back, and ends in order"

        await load.pool.execute("select flow.flag_switch('queue_processing', true, '', 'r', 'test')")
        await load.wait_for_tasks(plans, within_s=PATIENCE_S)
        rows = await told(load, plans)
        assert sum(r["type"] == "plan.recovered" for r in rows) == len(plans)
        assert not [r for r in rows if r["type"] == "plan.escalated"]
    await nothing_wrong(stack)
