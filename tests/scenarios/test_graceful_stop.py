"""SIGTERM under load: each process ends by itself, soon and with status 0, and nothing has to be done twice."""

from __future__ import annotations

import asyncio
import random
import re
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psutil
import pytest

from local.llm.server import StandInAgent
from local.load import Load
from local.stack import NAMES, Stack
from projections.settings import Settings
from projections.verify.verify import verify
from tests.support.patience import PATIENCE_S
from tests.support.repeats import repeated
from tests.support.systems import Systems

#: Every process that handles work of plans.
WORKING = ("gateway", "worker", "runner", "projections", "pump", "alerts")
CHUNK = 10


@pytest.fixture
async def stack(tmp_path: Path, key: str, systems: Systems) -> AsyncIterator[Stack]:
    """All processes but the watchdog: it does the work of a worker that is away, which is a repeat on purpose."""
    async with systems.system(tmp_path / "data", {"MARKETPLACE_BOOTSTRAP_KEY": key}, WORKING) as whole:
        yield whole


@pytest.fixture
def with_broker(tmp_path: Path, key: str) -> Iterator[Stack]:
    """The same, with servers of its own."""
    names = [name for name in NAMES if name != "watchdog"]
    with Stack(tmp_path / "data", names, env={"MARKETPLACE_BOOTSTRAP_KEY": key}) as whole:
        yield whole


async def keep_busy(load: Load, enough: asyncio.Event) -> list[str]:
    """Upload and approve plan after plan until told that it is enough; return all of them."""
    plans: list[str] = []
    while not enough.is_set():
        fresh = await load.upload(CHUNK)
        plans += fresh
        assert await load.wait(fresh, ["awaiting_approval"], within_s=PATIENCE_S) == CHUNK
        await load.approve(fresh)
    return plans


async def stop_gracefully(stack: Stack, name: str) -> tuple[float, int | None]:
    """Send SIGTERM; return after how many seconds the process was gone, and its exit status."""
    pid, took = await stop(stack, name)
    await asyncio.to_thread(stack.wait_for, name, not_pid=pid)
    return took, stack.state.processes[name].last_exit


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def stop(stack: Stack, name: str) -> tuple[int, float]:
    """Send SIGTERM; return the process id once the process is gone, and after how many seconds that was."""
    pid = stack.kill(name, signal.SIGTERM)
    began = time.monotonic()
    while runs(pid):
        assert time.monotonic() - began < PATIENCE_S, f"{name} does not stop"
        await asyncio.sleep(0.01)
    return pid, time.monotonic() - began


async def test_every_process_stops_soon_with_status_0_and_repeats_nothing(
    stack: Stack, key: str, random_source: Callable[[], int]
) -> None:
    rng = random.Random(random_source())
    order = rng.sample(WORKING, k=len(WORKING))
    stopped: dict[str, tuple[float, int | None]] = {}
    async with Load(stack.env, key) as load:
        enough = asyncio.Event()
        working = [asyncio.create_task(keep_busy(load, enough)) for _ in range(8)]
        await asyncio.sleep(2)
        for name in order:
            await asyncio.sleep(rng.uniform(0.3, 1.0))
            stopped[name] = await stop_gracefully(stack, name)
        enough.set()
        plans = [plan for of_one in await asyncio.gather(*working) for plan in of_one]
        await load.wait_for_tasks(plans, within_s=PATIENCE_S)

    report = await verify(Settings.from_env(stack.env))
    times = ", ".join(f"{name} {took:.2f} s" for name, (took, _) in stopped.items())
    print(f"{len(plans)} plans; stopped: {times}; repeats {report.repeats}")
    assert {name: status for name, (_, status) in stopped.items()} == dict.fromkeys(order, 0)
    assert report.problems == []
    assert report.plans == len(plans)
    assert await repeated(Settings.from_env(stack.env)) == {}
    assert await asyncio.to_thread(words_of_the_end, stack) == {}


def words_of_the_end(stack: Stack) -> dict[str, str]:
    """Stop everything; return what the processes that work had to say about it."""
    logs = {name: stack.data_dir / "logs" / f"{name}.log" for name in WORKING}
    before = {name: log.stat().st_size if log.exists() else 0 for name, log in logs.items()}
    stack.stop()
    said = {name: log.read_bytes()[before[name] :].decode() for name, log in logs.items() if log.exists()}
    return {name: words for name, words in said.items() if re.search(r"(?i)error|warning|traceback|exception", words)}


@pytest.fixture
def agent() -> Iterator[StandInAgent]:
    with StandInAgent(["hang"]) as stand_in:
        yield stand_in


@pytest.fixture
async def with_agent(tmp_path: Path, key: str, agent: StandInAgent, systems: Systems) -> AsyncIterator[Stack]:
    """All processes but the watchdog, with an agent whose calls may take longer than any stop."""
    env = {
        "MARKETPLACE_BOOTSTRAP_KEY": key,
        "OPENAI_BASE_URL": agent.base_url,
        "MARKETPLACE_AGENT_DEADLINE": "120",
        "MARKETPLACE_DRAIN": "2",
    }
    async with systems.system(tmp_path / "data", env, WORKING) as whole:
        yield whole


async def test_a_runner_whose_agent_hangs_hands_its_work_back(with_agent: Stack, key: str, agent: StandInAgent) -> None:
    async with Load(with_agent.env, key) as load:
        plans = await load.upload(3)
        while len(agent.served) < len(plans):
            await asyncio.sleep(0.05)

        took, status = await stop_gracefully(with_agent, "runner")
        asked = len(agent.served)
        results = await load.pool.fetchval("select count(*) from decide.channel_result")
        agent.behave("good")

        # those that the next process began while the agent still hung are not waited for: it is stopped as well
        await stop_gracefully(with_agent, "runner")
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == len(plans)
        recorded = await load.pool.fetch(
            "select stream from decide.outbox where type like 'plan.channel.%' or type = 'plan.analyzed'"
        )
        partial = await load.pool.fetchval("select count(*) from rm.plan where partial")

    report = await verify(Settings.from_env(with_agent.env))
    print(f"the runner stopped after {took:.1f} s; {asked} calls hung")
    assert (status, results, partial) == (0, 0, 0)
    assert len(recorded) == len({row["stream"] for row in recorded})
    assert report.problems == []


async def test_a_worker_ends_although_the_broker_is_gone(with_broker: Stack, key: str) -> None:
    async with Load(with_broker.env, key) as load:
        plans = await load.upload(20)
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == len(plans)
        approving = asyncio.create_task(load.approve(plans))
        await asyncio.to_thread(with_broker.pause, "broker")
        with_broker.kill("broker", signal.SIGKILL)
        await asyncio.to_thread(with_broker.wait_for, "broker", "paused")
        await approving

        pid, took = await stop(with_broker, "worker")

        with_broker.resume("broker")
        await asyncio.to_thread(with_broker.wait_for, "broker")
        await asyncio.to_thread(with_broker.wait_for, "worker", not_pid=pid)
        await load.wait_for_tasks(plans, within_s=PATIENCE_S)

    report = await verify(Settings.from_env(with_broker.env))
    print(f"the worker was gone after {took:.1f} s")
    assert report.problems == []
    assert report.plans == len(plans)
