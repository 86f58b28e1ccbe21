"""The broker comes back without the end of its log, which it had acknowledged: nothing is lost, nothing is twice."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from local.load import Load
from local.stack import Stack
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, WORK
from tests.scenarios.conftest import KEY
from tests.support.patience import PATIENCE_S
from tests.support.power_loss import cut

_NOTED = """
    select not exists (
        select from rm.projection_offset o left join flow.log_end e on e.topic = o.topic and e.partition = o.partition
         where coalesce(e.next_offset, 0) < o.next_offset)
"""
_WHOLE = """
    select exists (select from flow.log_cut) and not exists (select from flow.log_cut where whole_at is null)
       and not exists (select from decide.outbox where published_at is null)
"""


async def until(load: Load, question: str, within_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + within_s
    while not await load.pool.fetchval(question):
        assert time.monotonic() < deadline, question
        await asyncio.sleep(0.1)


async def test_what_the_log_has_lost_is_in_it_again(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "data", env={"MARKETPLACE_BOOTSTRAP_KEY": KEY})
    await asyncio.to_thread(stack.start, 180)
    try:
        async with Load(stack.env, KEY) as load:
            plans = await load.upload(24)
            assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == 24
            for some in (plans[:10], plans[10:20]):  # partitions with several batches of tasks
                await load.approve(some)
                await load.wait_for_tasks(some, within_s=PATIENCE_S)
            await until(load, _NOTED)
            await asyncio.gather(*(load.read(plan, "before") for plan in plans))

            stack.pause("broker")
            await asyncio.to_thread(stack.wait_for, "broker", "paused", 60)
            await load.approve(plans[20:22])  # goes out at once when the broker is back, over what was lost
            ends = cut(tmp_path / "data" / "broker" / "data", [PLAN_EVENTS, TASK_EVENTS, *WORK.values()], 0.6)
            assert {topic for topic, _ in ends} >= {PLAN_EVENTS, TASK_EVENTS}
            stack.resume("broker")
            await asyncio.to_thread(stack.wait_for, "broker", "ready", 60)

            await until(load, _WHOLE)
            rows = await load.pool.fetch("select topic, partition, kept from flow.log_cut")
            assert {(row["topic"], row["partition"]): row["kept"] for row in rows} == ends
            await load.approve(plans[22:])
            tasks = await load.wait_for_tasks(plans, within_s=PATIENCE_S)
            assert min(tasks.values()) > 0
            report = await load.get("/api/system/health")
            assert "log-cut" in {finding["kind"] for finding in report["verdict"]}
            # what was acknowledged before the power went is what is read after it
            await asyncio.gather(*(load.read(plan, "after", load.histories.acknowledged(plan)) for plan in plans))
            assert load.histories.violations() == []
            assert len(load.histories) == 24

        found = await verify(Settings.from_env(stack.env), contents=True)
        # what was sent again has a later time in the log: the hours keep how long it took at first
        assert [problem for problem in found.problems if not problem.startswith("contents: slo_")] == []
        assert found.plans == 24
        assert found.repeats > 0
    finally:
        await asyncio.to_thread(stack.stop)
