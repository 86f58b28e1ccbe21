"""Two workers, two runners: one of them is deaf or is killed, and nobody waits for that.

Who does the work says it: a killed one does not come back, and the watchdog is kept from helping. How soon the other
one takes over is the broker's session and what adds to it (tests/unit/streams/hosts/test_lane_host_rebalance.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.llm.server import StandInAgent
from local.load import Load
from local.service import Service
from local.stack import Stack
from local.state import ROOT
from schemas.process.places import EACH, PATTERN, key_hash
from schemas.topics import PLAN_EVENTS, WORK, declared
from streams.settings import WORKER_HOSTS
from tests.support.assigned import assigned
from tests.support.patience import PATIENCE_S
from tests.support.systems import Systems

#: What brings a plan to its tasks, and nothing that helps.
WORKING = ("gateway", "worker", "runner", "projections")
START_PATIENCE_S = 2.0
#: Priorities that have one partition of four each: of two workers each has some of one or the other.
RARE = ("low", "high")
#: Plans that are uploaded at most until enough are where they are wanted.
MOST = 200
#: Where a worker stands that handles nothing, by its host.
WAITS: dict[str, str] = {"faust": "hosts/faust_host.py", "aiokafka": "hosts/plain_host.py"}


@contextmanager
def guest(stack: Stack, kind: str, env: dict[str, str] | None = None) -> Iterator[Service]:
    """One more process of a kind, beside the one that the stack looks after."""
    log = stack.data_dir / "logs" / f"guest-{kind}.log"
    service = Service("guest", f"streams.{kind}", env={**stack.env, **(env or {})}, log=log, cwd=ROOT, grace=5.0)
    service.start()
    try:
        yield service
    finally:
        service.stop()


def partition_of(plan_id: str, topic: str) -> int:
    return key_hash(plan_id.encode()) % declared()[topic].partitions


async def ready(
    load: Load, wanted: Callable[[str], bool], count: int, priority: str = "normal"
) -> tuple[list[str], list[str]]:
    """Return plans that wait for their approval: `count` that are wanted, and the others that were made for it."""
    plans: list[str] = []
    while sum(map(wanted, plans)) < count:
        assert len(plans) < MOST, "they do not come where they are wanted"
        plans += await load.upload(8, priority=priority)
    assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == len(plans)
    return [p for p in plans if wanted(p)], [p for p in plans if not wanted(p)]


async def until(seen: Callable[[], bool]) -> float:
    """Return after how many seconds something was seen."""
    began = time.monotonic()
    while not seen():
        assert time.monotonic() - began < PATIENCE_S, "it is not seen"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


@pytest.mark.parametrize("host", WORKER_HOSTS)
async def test_a_deaf_worker_beside_one_that_works_is_started_again_and_its_plans_get_their_tasks(
    tmp_path: Path, key: str, systems: Systems, host: str
) -> None:
    faults = {
        "MARKETPLACE_FAULTS": "; ".join(f"deaf after plan.approved where priority={one}" for one in RARE),
        "MARKETPLACE_START_PATIENCE": str(START_PATIENCE_S),
    }
    env = {"MARKETPLACE_BOOTSTRAP_KEY": key, "MARKETPLACE_WORKER_HOST": host, **faults}
    async with systems.system(tmp_path / "data", env) as stack, Load(stack.env, key) as load:
        with guest(stack, "worker", {"MARKETPLACE_FAULTS": ""}) as beside:
            pid = stack.pid("worker")
            assert beside.pid is not None
            own = (await assigned(load, "worker", PLAN_EVENTS, {pid, beside.pid}))[pid]
            rare = next(one for one in RARE if one in {PATTERN[n % EACH] for n in own})
            (last, *_), _ = await ready(load, lambda p: partition_of(p, PLAN_EVENTS) in own, 1, rare)
            mine, others = await ready(load, lambda p: partition_of(p, PLAN_EVENTS) in own, 5)
            while await age_s(load, pid) < START_PATIENCE_S:  # before that it counts as just begun
                await asyncio.sleep(0.1)
            await load.approve([last])
            await load.wait_for_tasks([last], within_s=PATIENCE_S)

            began = time.monotonic()
            await load.approve(mine + others)
            await load.wait_for_tasks(mine + others, within_s=PATIENCE_S)
            healed_s = time.monotonic() - began
            await asyncio.to_thread(stack.wait_for, "worker", not_pid=pid, timeout=PATIENCE_S)
            print(f"all tasks after {healed_s:.1f} s, a new worker after {time.monotonic() - began:.1f} s")

            why = await load.pool.fetchval("select told_to_end from flow.worker where pid = $1", pid)
            assert why.startswith(f"deaf: nothing is taken from {PLAN_EVENTS}/")
            said = (stack.data_dir / "logs" / "worker.log").read_text("utf-8")
            [stands] = [line for line in said.splitlines() if "where this process stands" in line]
            assert WAITS[host] in stands, "it does not tell where the host waits"
            causes = await load.pool.fetch("select distinct cause, plan_id::text from rm.recovery where cause <> ''")
            assert {row["cause"] for row in causes} == {"worker-deaf"}
            assert {row["plan_id"] for row in causes} <= set(mine)
            assert await load.pool.fetchval("select count(*) from flow.worker where told_to_end <> ''") == 1


async def age_s(load: Load, pid: int) -> float:
    return float(
        await load.pool.fetchval(
            "select extract(epoch from now() - started_at) from flow.worker where pid = $1 and stopped_at is null", pid
        )
    )


@pytest.mark.parametrize("host", WORKER_HOSTS)
async def test_what_a_killed_worker_had_to_do_goes_on_with_the_other_one(
    tmp_path: Path, key: str, systems: Systems, host: str
) -> None:
    # without a watchdog: it would make Phase 1 long before
    env = {"MARKETPLACE_BOOTSTRAP_KEY": key, "MARKETPLACE_WORKER_HOST": host}
    async with systems.system(tmp_path / "data", env, WORKING) as stack, Load(stack.env, key) as load:
        with guest(stack, "worker") as other:
            assert other.pid is not None
            theirs = (await assigned(load, "worker", PLAN_EVENTS, {stack.pid("worker"), other.pid}))[other.pid]
            plans, _ = await ready(load, lambda p: partition_of(p, PLAN_EVENTS) in theirs, 4)

            other.kill()
            began = time.monotonic()
            await load.approve(plans)
            await load.wait_for_tasks(plans, within_s=PATIENCE_S)
            print(f"taken over after {time.monotonic() - began:.1f} s")
            assert other.pid is None, "nobody started it again"


async def test_what_a_killed_runner_had_in_flight_goes_on_with_one_that_has_calls_in_flight(
    tmp_path: Path, key: str, systems: Systems
) -> None:
    topic = WORK["normal"]
    with StandInAgent(["slow:14"]) as agent:
        env = {"MARKETPLACE_BOOTSTRAP_KEY": key, "OPENAI_BASE_URL": agent.base_url, "OPENAI_API_KEY": ""}
        async with systems.system(tmp_path / "data", env) as stack, Load(stack.env, key) as load:
            with guest(stack, "runner") as other:
                assert other.pid is not None
                theirs = (await assigned(load, "runner", topic, {stack.pid("runner"), other.pid}))[other.pid]
                plans = await load.upload(8)
                while len({partition_of(p, topic) in theirs for p in plans}) < 2:
                    plans += await load.upload(1)
                lost = sum(partition_of(p, topic) in theirs for p in plans)
                await until(lambda: len(agent.served) == len(plans))

                other.kill()
                took_s = await until(lambda: len(agent.served) >= len(plans) + lost)
                print(f"taken over after {took_s:.1f} s")

                assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == len(plans)
                # those of the survivor were paid for once: it went on with them
                assert len(agent.served) == len(plans) + lost
