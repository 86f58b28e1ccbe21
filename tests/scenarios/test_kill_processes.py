"""500 plans approved at once while processes are killed: each plan ends with its tasks, exactly once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest

from local.load import Load
from local.stack import Stack
from projections.settings import Settings
from projections.verify.verify import verify
from tests.support.patience import PATIENCE_S

PLANS = 500


@pytest.fixture
def stack(well: Stack) -> Stack:
    """One system for all: it lives through one trouble after the other."""
    return well


@pytest.fixture(scope="module")
def known() -> list[str]:
    """Every plan that the system has been given."""
    return []


async def kill_once_it_runs(stack: Stack, victim: str) -> None:
    """Kill a process, also one that has hardly begun; one that was killed just before is not there for a moment."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                stack.kill(victim)
            except LookupError:
                await asyncio.sleep(0.01)
            else:
                return


async def approve_under_fire(
    stack: Stack, key: str, victims: list[str], rng: random.Random, *, within_s: float = PATIENCE_S
) -> Load:
    """Approve PLANS plans, killing each victim at a random moment; return the load, with all tasks made."""
    async with Load(stack.env, key) as load:
        plans = await load.upload(PLANS)
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == PLANS

        async def kill() -> None:
            for victim in victims:
                await asyncio.sleep(rng.uniform(0.05, 0.6))
                await kill_once_it_runs(stack, victim)

        await asyncio.gather(load.approve(plans), kill())
        made = await load.wait_for_tasks(plans, within_s=within_s)
        assert len(made) == PLANS
        assert min(made.values()) >= 1
        return load


async def test_every_plan_has_its_tasks_once_when_worker_projections_and_gateway_are_killed(
    stack: Stack, key: str, known: list[str], random_source: Callable[[], int]
) -> None:
    rng = random.Random(random_source())

    load = await approve_under_fire(stack, key, ["worker", "projections", "gateway", "projections", "worker"], rng)

    report = await verify(Settings.from_env(stack.env))
    known += load.plans
    assert report.problems == []
    assert report.plans == len(known)


async def test_every_plan_has_its_tasks_once_when_the_broker_is_killed(
    stack: Stack, key: str, known: list[str], random_source: Callable[[], int]
) -> None:
    rng = random.Random(random_source())

    load = await approve_under_fire(stack, key, ["broker"], rng)

    report = await verify(Settings.from_env(stack.env))
    known += load.plans
    assert report.problems == []
    assert report.plans == len(known)
