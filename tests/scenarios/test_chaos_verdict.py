"""A drill that goes wrong must say so: here the system is broken in ways that it cannot mend."""

from __future__ import annotations

import asyncio

import pytest

from local.chaos import run as module
from local.chaos.run import Pace, run
from local.chaos.scenarios import PLAIN, Scenario
from local.chaos.scene import Scene
from local.chaos.site import Site
from local.chaos.verdict import Thresholds, failures
from projections import verify as verification


async def steal_a_task(scene: Scene) -> None:
    """Delete a task that was there already."""
    await scene.for_a_while(1.0, 1.5)
    scene.cause(lambda: None)
    await scene.load.pool.execute("delete from rm.task where task_id in (select task_id from rm.task limit 1)")


async def stop_the_agents(scene: Scene) -> None:
    """Stop whatever could make a Phase 1, for good."""
    for name in ("worker", "watchdog", "runner"):
        scene.cause(lambda name=name: scene.site.stack.hold(name))  # type: ignore[misc] # the name of this turn
    await asyncio.sleep(0.5)


@pytest.mark.timeout(300)
async def test_what_is_lost_and_what_does_not_heal_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WATCHED_S", 8.0)
    monkeypatch.setattr(module, "CALM_WITHIN_S", 2.0)
    monkeypatch.setattr(verification, "SETTLE_S", 2.0)
    pace = Pace(rate=10.0, plans=40)
    with Site(PLAIN) as site:
        stolen = await run(Scenario("steal", "", steal_a_task), site, 1, pace)
        stopped = await run(Scenario("stop", "", stop_the_agents), site, 1, pace)

    assert stolen.lost >= 1
    assert any("task" in problem and "is missing" in problem for problem in stolen.problems)
    assert "the system never said that something is wrong" in failures(stolen, Thresholds())
    assert stopped.healed_s is None
    assert "did not heal" in failures(stopped, Thresholds())
    assert any("plans wait" in problem for problem in stopped.problems)
