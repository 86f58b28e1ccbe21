"""A new version starts beside the old one under load, takes over, and is rolled back: nothing is lost or repeated."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from local import probes
from local.load import Load
from local.ports import free_port
from local.service import Service
from local.stack import Stack
from projections.migrate import migrate
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.process.version import build
from tests.support.module import run
from tests.support.next_version import FUNCTION, NOTE, VERSION, make
from tests.support.patience import PATIENCE_S

#: As docs/runbooks/rolling-deploy.md has it: who makes Phase 1 goes before the gateway, and after it on the way back.
FIRST = ("worker", "watchdog")
REST = ("gateway", "runner", "projections", "pump", "alerts")
CHUNK = 8
#: How long each phase is under load.
PHASE_S = 5.0


@pytest.fixture
def old(tmp_path: Path, key: str) -> Iterator[Stack]:
    """The version that runs."""
    env = {"MARKETPLACE_BOOTSTRAP_KEY": key, "MARKETPLACE_SESSION_TIMEOUT": "3"}
    whole = Stack(tmp_path / "data", env=env)
    whole.start(timeout=PATIENCE_S)
    try:
        yield whole
    finally:
        whole.stop()


class NextVersion:
    """The processes of the new version, beside those of the old one and on the same broker and database."""

    def __init__(self, tree: Path, env: dict[str, str], logs: Path) -> None:
        port = str(free_port())
        self.url = f"http://127.0.0.1:{port}"
        self.env = {**env, "MARKETPLACE_PORT": port, "MARKETPLACE_URL": self.url, "PYTHONPATH": str(tree)}
        self._tree = tree
        modules = {"projections": "projections", "gateway": "gateway", "alerts": "gateway.alerts"}
        self._services = {
            name: Service(
                f"next-{name}",
                modules.get(name, f"streams.{name}"),
                env=self.env,
                log=logs / f"next-{name}.log",
                probe=(lambda: probes.http_answers(f"{self.url}/health/live")) if name == "gateway" else None,
                cwd=tree,
            )
            for name in (*FIRST, *REST)
        }

    def command(self, *arguments: str) -> str:
        """Run one of its one-shot commands to its end."""
        done = run(*arguments, env=self.env, cwd=self._tree)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, names: Sequence[str]) -> None:
        for name in names:
            self._services[name].start()
        for name in names:
            self._services[name].wait_ready()

    def stop(self, names: Sequence[str] = (*REST, *FIRST)) -> dict[str, int | None]:
        """Stop them, gracefully; return their exit statuses."""
        for name in names:
            self._services[name].request_stop()
        for name in names:
            self._services[name].stop()
        return {name: self._services[name].returncode for name in names}


@asynccontextmanager
async def under_load(env: dict[str, str], key: str, plans: list[str], tenants: int = 3) -> AsyncIterator[None]:
    """Upload and approve through one gateway, from beginning to end of the block; all plans are put into `plans`."""
    enough = asyncio.Event()

    async def work(load: Load) -> None:
        while not enough.is_set():
            fresh = await load.upload(CHUNK)
            plans.extend(fresh)
            assert await load.wait(fresh, ["awaiting_approval"], within_s=PATIENCE_S) == CHUNK
            await load.approve(fresh)

    async with Load(env, key) as load:
        working = [asyncio.create_task(work(load)) for _ in range(tenants)]
        try:
            yield
        finally:
            enough.set()
            await asyncio.gather(*working)
        await load.wait_for_tasks(plans, within_s=PATIENCE_S)
        assert load.histories.violations() == []


async def pause(stack: Stack, names: Sequence[str]) -> dict[str, int | None]:
    """Stop processes of the old version, gracefully; return their exit statuses."""
    for name in names:
        stack.pause(name)
    for name in names:
        await asyncio.to_thread(stack.wait_for, name, "paused")
    return {name: stack.state.processes[name].last_exit for name in names}


async def resume(stack: Stack, names: Sequence[str]) -> None:
    """Start processes of the old version again."""
    for name in names:
        stack.resume(name)
    for name in names:
        await asyncio.to_thread(stack.wait_for, name)


async def notes(env: dict[str, str], key: str) -> dict[str | None, int]:
    """Return how many plans have a Phase 1 of each version, as the history keeps them."""
    async with Load(env, key) as load:
        rows = await load.pool.fetch(
            "select nullif(data ->> 'note', '') as note, count(*) as n from rm.timeline"
            " where type = 'plan.phase1.created' group by 1"
        )
    return {row["note"]: row["n"] for row in rows}


async def versions_that_run(env: dict[str, str], key: str) -> dict[str, set[str]]:
    """Return the versions of each role that live, as the health report and `marketplace doctor` tell them."""
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {key}"}, timeout=PATIENCE_S) as client:
        report = (await client.get(f"{env['MARKETPLACE_URL']}/api/system/health")).json()
    found: dict[str, set[str]] = {}
    for process in report["processes"]:
        if process["connected"]:
            found.setdefault(process["role"], set()).add(process["version"])
    return found


async def mended(env: dict[str, str], key: str) -> dict[str, int]:
    """Return how many plans a watchdog found stuck, by cause."""
    async with Load(env, key) as load:
        rows = await load.pool.fetch(
            "select cause, count(distinct plan_id) as n from rm.recovery where type = 'plan.stalled' group by 1"
        )
    return {row["cause"]: row["n"] for row in rows}


async def test_a_rolling_deploy_and_its_way_back_lose_and_repeat_nothing(old: Stack, key: str, tmp_path: Path) -> None:
    plans: list[str] = []
    new = NextVersion(make(tmp_path / "next"), old.env, tmp_path / "data" / "logs")
    began = time.monotonic()
    async with under_load(old.env, key, plans):
        # expand first: the old version runs on what the new one needs
        expanded = await asyncio.to_thread(new.command, "projections.migrate", "pre")
        assert expanded == f"applied 9990_pre_note.sql\napplied {FUNCTION}\n"
        await asyncio.to_thread(new.command, "streams.provision", "apply")
        await asyncio.sleep(1)
    before = len(plans)
    try:
        async with under_load(old.env, key, plans):  # both versions, the requests come to the old one
            await asyncio.to_thread(new.start, FIRST)
            await asyncio.sleep(PHASE_S)
            stopped = await pause(old, FIRST)
            await asyncio.to_thread(new.start, REST)
            await asyncio.sleep(PHASE_S)
            beside = await versions_that_run(new.env, key)
        async with under_load(new.env, key, plans):  # ... and to the new one, while the old one goes
            await asyncio.sleep(PHASE_S)
            stopped |= await pause(old, REST)
            await asyncio.sleep(PHASE_S)
        taken_over = await notes(old.env, key)
        async with under_load(new.env, key, plans):  # the way back: the old version reads what the new one wrote
            await resume(old, REST)
        async with under_load(old.env, key, plans):
            ended = await asyncio.to_thread(new.stop, REST)
            await resume(old, FIRST)
            ended |= await asyncio.to_thread(new.stop, FIRST)
            await asyncio.sleep(1)
    finally:
        new.stop()

    made = await notes(old.env, key)
    stuck = await mended(old.env, key)
    report = await verify(Settings.from_env(old.env))
    print(
        f"{len(plans)} plans in {time.monotonic() - began:.0f} s, Phase 1 by version {made}, {report.repeats} repeats,"
        f" stuck {stuck}"
    )
    assert report.problems == []
    assert report.plans == len(plans) == sum(made.values())
    assert report.poison == 0
    # partitions that change hands can repeat what was under way; the same events, so nothing comes of it
    assert report.repeats < len(plans) // 4
    # a busy machine can make a watchdog impatient; a deploy must not live on what it mends
    assert sum(stuck.values()) < len(plans) // 4, stuck
    both = {build().version, VERSION}
    assert beside == {role: both if role in REST else {VERSION} for role in (*REST, *FIRST)}
    assert set(stopped.values()) == {0}
    assert set(ended.values()) == {0}
    assert taken_over[NOTE] > 0, "the new version did nothing"
    assert made[None] >= before, "the old version did nothing"
    assert "no gap, duplicate or drift" in await asyncio.to_thread(new.command, "projections.verify")
    assert await migrate(old.env["MARKETPLACE_DATABASE_URL"]) == []  # the old version leaves the new functions alone
    assert await asyncio.to_thread(new.command, "projections.migrate", "post") == "applied 9991_post_note.sql\n"
