"""A kill at every point where something becomes final: nothing is lost, and nothing has its effect twice.

The watchdog is paused until the end: what a crash leaves behind must be mended by the next start alone. Then it is let
go, and crashes itself while it heals.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.load import Load
from local.stack import Stack
from projections.settings import Settings
from projections.timeline import reads as timeline
from projections.verify.verify import verify
from schemas.process.crashpoints import EXIT_STATUS
from tests.scenarios.crash_rounds import FAULTS, ON_AIOKAFKA, PLANS, POINTS, Crashes, rounds
from tests.support.patience import PATIENCE_S
from tests.support.receivers import HttpReceiver
from tests.support.systems import Systems
from tests.support.webhooks import Told, registered


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "points"
    made.mkdir()
    return made


@pytest.fixture
def host() -> str:
    """What brings the records to the worker's handlers."""
    return "faust"


@pytest.fixture
async def fragile(
    tmp_path: Path, folder: Path, key: str, systems: Systems, hook: HttpReceiver, host: str
) -> AsyncIterator[Stack]:
    """A system that dies where it is asked to."""
    env = {
        "MARKETPLACE_WORKER_HOST": host,
        "MARKETPLACE_BOOTSTRAP_KEY": key,
        "MARKETPLACE_CRASH_POINTS": str(folder),
        "MARKETPLACE_FAULTS": FAULTS,
        "MARKETPLACE_RETRY_DELAYS": "1,1.5,2",
        "MARKETPLACE_SESSION_TIMEOUT": "3",  # the others wait so long for a process that died
        "MARKETPLACE_ANALYSIS_DUE": "2",
        "MARKETPLACE_ALERT_WEBHOOK_URL": hook.url,
        "MARKETPLACE_WEBHOOK_NETWORKS": "127.0.0.0/8",
    }
    async with systems.system(tmp_path / "data", env) as whole:
        whole.pause("watchdog")
        whole.wait_for("watchdog", "paused")
        yield whole


async def told_of_all(told: Told, hook: HttpReceiver) -> list[str]:
    """Return what a webhook was told that is not once, in its order, each event of the history; wait until it was."""
    while await told.pool.fetchval(
        "select exists (select from flow.webhook_delivery where state <> 'sent') or exists (select from"
        ' flow.webhook_cursor c join rm.timeline t using (topic, partition) where t."offset" >= c.next_offset)'
    ):
        await told.due()  # a claim of one that died lasts longer than a test
        await asyncio.sleep(0.2)
    plans = await told.pool.fetch("select distinct plan_id from rm.timeline")
    shown = [one for row in plans for one in await timeline.first(told.pool, row["plan_id"], 10_000)]
    expected = {str(one.event_id) for one in shown}
    got = [one.json for one in hook.got if one.path == "/events"]
    first = {one["id"]: one for one in got}
    wrong = [f"not told of {one}" for one in expected - first.keys()]
    wrong += [f"told of {one}, which is not there" for one in first.keys() - expected]
    versions: dict[str, int] = {}
    for one in first.values():
        if int(one["sequence"]) < versions.get(one["subject"], 0):
            wrong.append(f"{one['subject']} {one['sequence']} after {versions[one['subject']]}")
        versions[one["subject"]] = int(one["sequence"])
    print(f"webhook: {len(first)} events, {len(got) - len(first)} repeats")
    return wrong


@pytest.mark.timeout(1800)
async def test_a_crash_at_every_point_loses_nothing_and_repeats_no_effect(
    fragile: Stack, folder: Path, key: str, hook: HttpReceiver
) -> None:
    began = time.monotonic()
    async with Load(fragile.env, key) as load:
        crashes = Crashes(fragile, load, folder, key)
        told = await registered(load.pool, f"{hook.url}/events")
        last = await load.upload(PLANS)
        assert await load.wait(last, ["awaiting_approval"], within_s=PATIENCE_S) == PLANS
        for points in rounds():
            last = await crashes.round(points, last)
            assert await load.wait(last, ["awaiting_approval"], within_s=PATIENCE_S) == PLANS, points
            assert {name: fragile.state.processes[name].last_exit for name in points} == dict.fromkeys(
                points, EXIT_STATUS
            )
        await load.approve(last)
        assert await load.wait(crashes.uploaded, ["awaiting_approval"], within_s=PATIENCE_S) == len(crashes.uploaded)
        await load.approve(crashes.uploaded[1:])
        await crashes.approve_what_was_analysed_again()
        restarts = {name: fragile.state.processes[name].restarts for name in POINTS}
        await crashes.watchdog_rounds()
        restarts["watchdog"] = fragile.state.processes["watchdog"].restarts - 1  # it was let go
        plans = load.plans + crashes.uploaded
        made = await load.wait_for_tasks(plans, within_s=PATIENCE_S)
        waiting = await load.pool.fetch(
            "select record_id, tier, attempt, code, behind, due_at, since, now()"
            " from flow.parked where state = 'waiting'"
        )
        letters = await load.pool.fetchval("select count(*) from rm.dead_letter")
        async with asyncio.timeout(PATIENCE_S):
            assert await told_of_all(told, hook) == []

    report = await verify(Settings.from_env(fragile.env))
    crashed = {name: len(points) for name, points in POINTS.items()}
    print(
        f"{sum(crashed.values())} crashes, {report.plans} plans, {report.repeats} repeats in the log,"
        f" {time.monotonic() - began:.0f} s"
    )
    assert report.problems == []
    assert report.plans == len(plans) == len(set(plans))
    assert min(made.values()) >= 1
    assert waiting == []
    assert letters == crashes.poison
    assert restarts == crashed  # nothing died of anything else


@pytest.mark.parametrize("host", ["aiokafka"])
@pytest.mark.timeout(1800)
async def test_a_worker_that_aiokafka_alone_hosts_loses_nothing_and_repeats_no_effect(
    fragile: Stack, folder: Path, key: str, host: str
) -> None:
    async with Load(fragile.env, key) as load:
        crashes = Crashes(fragile, load, folder, key)
        last = await load.upload(PLANS)
        assert await load.wait(last, ["awaiting_approval"], within_s=PATIENCE_S) == PLANS
        for point in ON_AIOKAFKA:
            last = await crashes.round({"worker": point}, last)
            assert await load.wait(last, ["awaiting_approval"], within_s=PATIENCE_S) == PLANS, point
            assert fragile.state.processes["worker"].last_exit == EXIT_STATUS
        await load.approve(last)
        assert await load.wait(crashes.uploaded, ["awaiting_approval"], within_s=PATIENCE_S) == len(crashes.uploaded)
        await load.approve(crashes.uploaded)
        plans = load.plans + crashes.uploaded
        made = await load.wait_for_tasks(plans, within_s=PATIENCE_S)
        log = (fragile.data_dir / "logs" / "worker.log").read_text("utf-8")

    report = await verify(Settings.from_env(fragile.env))
    assert f'"host": "{host}"' in log or f"host={host}" in log
    assert report.problems == []
    assert report.plans == len(plans) == len(set(plans))
    assert min(made.values()) >= 1
    assert fragile.state.processes["worker"].restarts == len(ON_AIOKAFKA)
