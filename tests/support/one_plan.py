"""One plan goes all its way through a system, from its upload to its tasks."""

from __future__ import annotations

from collections.abc import Mapping

from local.load import Load
from projections.settings import Settings
from projections.verify.verify import verify


async def to_its_tasks(load: Load) -> str:
    """Upload a plan, wait for its analysis, approve it and wait for its tasks; return its id."""
    (plan,) = await load.upload(1)
    assert await load.wait([plan], ["awaiting_approval"], within_s=60) == 1, "it was not analysed"
    await load.approve([plan])
    assert (await load.wait_for_tasks([plan], within_s=60))[plan] > 0, "it has no task"
    return plan


async def is_all_there_is(env: Mapping[str, str], plans: int = 1) -> None:
    """Compare log and read models: they agree, and so many plans are in them. `env` leads to both."""
    report = await verify(Settings.from_env(env))
    assert (report.problems, report.plans) == ([], plans)
