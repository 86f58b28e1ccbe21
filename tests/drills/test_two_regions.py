"""Two regions on one machine: the active one is lost with all its disks, the other takes over, and later gives back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.chaos.histories import Histories
from local.load import Load
from local.signing_keys import OF_SECRETS, keys_file
from local.stack import Stack
from projections.verify.verify import verify
from schemas.process import key_settings, signing
from tests.scenarios.conftest import KEY
from tests.support.busy import Busy
from tests.support.module import told_by
from tests.support.patience import PATIENCE_S
from tests.support.regions import (
    PROCESSES,
    SERVERS,
    Mirror,
    Standby,
    lose,
    mirroring,
    promote,
    settings_of,
    synchronous,
    topics_of,
)

#: So many uploads and approvals are answered while the line between the logs is broken.
BEHIND = 12


@dataclass
class Region:
    """One region: its servers, and its processes where it is the active one. `seen`: by clients, in whatever region."""

    folder: Path
    env: dict[str, str]
    servers: Stack
    seen: Histories
    processes: Stack | None = None

    @classmethod
    async def of(cls, folder: Path, env: dict[str, str], seen: Histories) -> Region:
        servers = Stack(folder / "servers", SERVERS, env=env)
        await asyncio.to_thread(servers.start, 180)
        return cls(folder, env, servers, seen)

    async def begin(self) -> None:
        """Start the processes."""
        led = {name: self.servers.env[name] for name in ("MARKETPLACE_BROKERS", "MARKETPLACE_DATABASE_URL")}
        self.processes = Stack(self.folder / "processes", PROCESSES, env={**self.env, **led})
        await asyncio.to_thread(self.processes.start, 180)

    def load(self) -> Load:
        """Return clients of this region, of which all that they see is kept."""
        load = Load(self.told, KEY)
        load.histories = self.seen
        return load

    @property
    def told(self) -> dict[str, str]:
        assert self.processes is not None
        return self.processes.env

    def stacks(self) -> list[Stack]:
        return [stack for stack in (self.processes, self.servers) if stack is not None]


async def beside(active: Region, folder: Path) -> Region:
    """Return a region that stands by: a copy of the other one's database, whose commits wait for it from now on."""
    home = folder / "servers" / "postgres"
    port = int(active.servers.env["MARKETPLACE_DATABASE_URL"].rpartition(":")[2].partition("/")[0])
    copied = Standby(home, active.folder / "servers" / "postgres", port)
    await asyncio.to_thread(copied.prepare)
    region = await Region.of(folder, active.env, active.seen)
    await topics_of(active.told, region.servers.env)
    await synchronous(active.servers.env["MARKETPLACE_DATABASE_URL"])
    return region


@asynccontextmanager
async def busy(load: Load, several: int) -> AsyncIterator[list[Busy]]:
    """Upload and approve meanwhile; what is refused once the region is lost was never accepted."""
    every = [Busy(load) for _ in range(several)]
    working = [asyncio.create_task(one.run()) for one in every]
    try:
        yield every
    finally:
        for one in every:
            one.going = False
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)


def accepted(every: list[Busy]) -> int:
    return sum(len(one.uploaded) + len(one.approved) for one in every)


async def caught_up(mirror: Mirror, load: Load) -> None:
    """Return once the mirror has all that the relay has published."""
    async with asyncio.timeout(PATIENCE_S):
        while await load.pool.fetchval(
            "select exists (select from decide.outbox where published_at is null and held_at is null)"
        ):
            await asyncio.sleep(0.1)
        await mirror.whole()


async def whole(region: Region, plans: set[str], approved: set[str]) -> None:
    """Let everything end here, and hold it to what was accepted anywhere."""
    async with region.load() as load:
        there = {str(row[0]) for row in await load.pool.fetch("select plan_id from decide.document")}
        assert plans <= there
        every = sorted(there)
        assert await load.wait(every, ["awaiting_approval", "executing"], within_s=PATIENCE_S) == len(every)
        status = {str(row[0]): row[1] for row in await load.pool.fetch("select plan_id, status from rm.plan")}
        assert {status[plan] for plan in approved} == {"executing"}
        await load.approve(every)  # again, with the same keys: they are known
        tasks = await load.wait_for_tasks(every, within_s=PATIENCE_S)
        assert min(tasks.values()) > 0
        for plan in every:
            await load.read(plan, "afterwards", region.seen.acknowledged(plan))
    assert region.seen.violations() == []
    found = await verify(settings_of(region.told))
    assert found.problems == []
    assert found.plans == len(every)


@dataclass(frozen=True)
class Lost:
    """What a region had accepted when it was lost; times in seconds since 1970 UTC. `late`: since the line broke."""

    uploaded: set[str]
    approved: set[str]
    broken_at: float
    at: float
    late: int


async def work(load: Load) -> tuple[set[str], set[str]]:
    """Upload some plans and approve half of them; return both once all that follows is there."""
    plans = await load.upload(12)
    assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == 12
    await load.approve(plans[:6])
    await load.wait_for_tasks(plans[:6], within_s=PATIENCE_S)
    return set(plans), set(plans[:6])


async def work_and_lose(active: Region, other: Region) -> Lost:
    """Work under load until the region is lost, some seconds after its log was mirrored for the last time."""
    async with mirroring(active.told, other.servers.env) as mirror, active.load() as load:
        plans, approvals = await work(load)
        async with busy(load, 3) as every:
            while not all(one.approved for one in every):
                await asyncio.sleep(0.05)
            mirror.going.clear()
            broken, before = time.time(), accepted(every)
            while accepted(every) < before + BEHIND:
                await asyncio.sleep(0.05)
            at = time.time()
            await asyncio.to_thread(lose, *active.stacks())
    return Lost(
        plans.union(*(one.uploaded for one in every)),
        approvals.union(*(one.approved for one in every)),
        broken,
        at,
        sum(when > broken for one in every for when in (*one.uploaded.values(), *one.approved.values())),
    )


async def give_back(active: Region, other: Region) -> tuple[set[str], set[str], float]:
    """Work, wait until the other region has all of it, and end in order.

    Return what was uploaded and approved, and when the end began, in seconds since 1970 UTC.
    """
    async with mirroring(active.told, other.servers.env) as mirror, active.load() as load:
        uploaded, approved = await work(load)
        await caught_up(mirror, load)
        left = time.time()
        assert active.processes is not None
        await asyncio.to_thread(active.processes.stop)
        async with asyncio.timeout(PATIENCE_S):
            await mirror.whole()
    await asyncio.to_thread(active.servers.stop)
    return uploaded, approved, left


async def take(region: Region) -> dict[str, Any]:
    """Take over, as docs/regions.md says; return what the command said."""
    with pytest.raises(AssertionError, match="this Postgres is a standby still"):
        await asyncio.to_thread(told_by, "streams.takeover", env=region.servers.env)
    await promote(region.servers.env["MARKETPLACE_DATABASE_URL"])
    told = await asyncio.to_thread(told_by, "streams.takeover", env=region.servers.env)
    await region.begin()
    async with region.load() as load:
        entry = await load.pool.fetchval("select after ->> 'sent' from audit.entry where action = 'system.takeover'")
        assert entry is not None, "the audit does not tell of it"
        new = await load.upload(1)
        assert await load.wait(new, ["awaiting_approval"], within_s=PATIENCE_S) == 1
    return told


@pytest.mark.timeout(1200)
async def test_the_other_region_takes_over_and_gives_back(tmp_path: Path) -> None:
    env = {
        "MARKETPLACE_BOOTSTRAP_KEY": KEY,
        "MARKETPLACE_LIMITS": "commands=off,reads=off",
        signing.KEYS_FILE: str(keys_file(tmp_path / "keys")),
        key_settings.KEYS_FILE: str(keys_file(tmp_path / "keys", OF_SECRETS)),
    }
    regions: list[Region] = []
    try:
        regions.append(north := await Region.of(tmp_path / "north", env, Histories()))
        await north.begin()
        regions.append(south := await beside(north, tmp_path / "south"))
        lost = await work_and_lose(north, south)
        taken = await take(south)
        rto_s = time.time() - lost.at
        assert taken["lacked"] > 0, "the mirror was not behind"
        await whole(south, lost.uploaded, lost.approved)
        print(
            f"lost: the mirror of the log was {lost.at - lost.broken_at:.1f} s behind and lacked {taken['lacked']}"
            f" records of {lost.late} uploads and approvals; {taken['sent']} events were sent again."
            f" Of {len(lost.uploaded)} uploads and {len(lost.approved)} approvals none is lost."
            f" RTO {rto_s:.1f} s until a new plan was analysed."
        )

        regions.append(anew := await beside(south, tmp_path / "north-anew"))
        uploaded, approved, left = await give_back(south, anew)
        back = await take(anew)
        print(
            f"given back: the mirror lacked {back['lacked']} records; nobody was served for {time.time() - left:.1f} s."
        )
        await whole(anew, lost.uploaded | uploaded, lost.approved | approved)
    finally:
        for region in reversed(regions):
            for stack in region.stacks():
                await asyncio.to_thread(stack.stop)
