"""One plan goes all its way through a system, from its upload to its tasks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from local.load import Load
from local.stack import Stack
from projections.settings import Settings
from projections.verify.verify import verify
from tests.support.patience import PATIENCE_S
from tests.support.systems import running


async def to_its_tasks(load: Load) -> str:
    """Upload a plan, wait for its analysis, approve it and wait for its tasks; return its id."""
    (plan,) = await load.upload(1)
    assert await load.wait([plan], ["awaiting_approval"], within_s=PATIENCE_S) == 1, "it was not analysed"
    await load.approve([plan])
    assert (await load.wait_for_tasks([plan], within_s=PATIENCE_S))[plan] > 0, "it has no task"
    return plan


async def is_all_there_is(env: Mapping[str, str], plans: int = 1) -> None:
    """Compare log and read models: they agree, and so many plans are in them. `env` leads to both."""
    report = await verify(Settings.from_env(env))
    assert (report.problems, report.plans) == ([], plans)


@asynccontextmanager
async def through(
    stack: Stack, verifier: Mapping[str, str] | None = None, plans: int = 1
) -> AsyncIterator[tuple[Load, str]]:
    """Start a system, bring a plan to its tasks, yield client and plan; at the end `plans` are all there is.

    `verifier`: settings of whoever compares log and read models, where they are others than the stack's.
    """
    async with running(stack):
        async with Load(stack.env, stack.env["MARKETPLACE_BOOTSTRAP_KEY"]) as load:
            yield load, await to_its_tasks(load)
        await is_all_there_is({**stack.env, **(verifier or {})}, plans)


async def goes_all_its_way(stack: Stack) -> None:
    """Start a system, bring a plan to its tasks, and see that it is all there is."""
    async with through(stack):
        pass
