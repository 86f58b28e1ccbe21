"""The machine is lost with all its disks: a backup that was made under load is restored on another one."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from local.chaos.histories import Histories
from local.load import Load
from local.signing_keys import NAME as KEYS
from local.stack import Stack
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.process import kafka
from schemas.topics import PLAN_EVENTS
from streams.backup import files
from tests.scenarios.conftest import KEY
from tests.support.busy import Busy
from tests.support.module import told_by
from tests.support.patience import PATIENCE_S
from tests.support.regions import lose

SERVERS = ("postgres", "broker", "registry")
#: Each approval fails once, so that many wait for their retry at any moment.
FAULTS = {"MARKETPLACE_FAULTS": "fail plan.approved times 1"}
ENV = {"MARKETPLACE_BOOTSTRAP_KEY": KEY, "MARKETPLACE_LIMITS": "commands=off,reads=off"}


@dataclass(frozen=True)
class Lived:
    """What the first machine had accepted: settled plans, half of them approved, and what came under load.

    `histories`: what its clients were answered about the plans whose operations had all ended before the backup.
    """

    settled: list[str]
    uploaded: set[str]
    approved: set[str]
    told: dict[str, Any]
    accepted: list[float]
    histories: Histories


async def spoil(settings: Settings, load: Load) -> None:
    """Put something on the log that nobody can read; return once it is told of as two dead letters."""
    producer = kafka.producer(settings.brokers, "stranger")
    await producer.start()
    await producer.send_and_wait(PLAN_EVENTS, b"nobody can read it")
    await producer.stop()
    while await load.pool.fetchval("select count(*) from rm.dead_letter where dead_at is not null") < 2:
        await asyncio.sleep(0.05)


async def live(stack: Stack, folder: Path, recipient: str) -> Lived:
    """Work, make a backup meanwhile that only the recipient can read, and work on."""
    async with Load(stack.env, KEY) as load:
        settled = await load.upload(20)
        assert await load.wait(settled, ["awaiting_approval"], within_s=PATIENCE_S) == 20
        await load.approve(settled[:10])
        await load.wait_for_tasks(settled[:10], within_s=PATIENCE_S)
        await asyncio.gather(*(load.read(plan, "before") for plan in settled))
        await spoil(Settings.from_env(stack.env), load)
        busy = [Busy(load) for _ in range(4)]
        working = [asyncio.create_task(one.run()) for one in busy]
        while not all(one.approved for one in busy):
            await asyncio.sleep(0.05)
        uploaded = {plan for one in busy for plan in one.uploaded}
        approved = {plan for one in busy for plan in one.approved}
        env = {**stack.env, "MARKETPLACE_BACKUP_RECIPIENTS": recipient}
        made = await asyncio.to_thread(told_by, "gateway.cli", "backup", str(folder), env=env)
        for one in busy:
            one.going = False
        await asyncio.gather(*working)
        accepted = [at for one in busy for at in (*one.uploaded.values(), *one.approved.values())]
        assert load.histories.violations() == []
        return Lived(settled, uploaded, approved, made, accepted, load.histories.only({*settled, *approved}))


async def go_on(load: Load, lived: Lived) -> list[str]:
    """Hold the restored system to what was, and let everything end; return its plans."""
    there = {str(row[0]) for row in await load.pool.fetch("select plan_id from decide.document")}
    assert {*lived.settled, *lived.uploaded} <= there
    plans = sorted(there)
    # what was on its way goes on: nobody waits for what only the lost machine knew
    assert await load.wait(plans, ["awaiting_approval", "executing"], within_s=PATIENCE_S) == len(plans)
    status = {str(row[0]): row[1] for row in await load.pool.fetch("select plan_id, status from rm.plan")}
    assert {status[plan] for plan in {*lived.settled[:10], *lived.approved}} == {"executing"}
    await load.approve(lived.settled[:10])  # again, with the same keys: they are known
    await load.approve([plan for plan in plans if status[plan] == "awaiting_approval"])
    await load.wait_for_tasks(plans, within_s=PATIENCE_S)
    task = await load.pool.fetchval("select task_id::text from rm.task where plan_id = $1::uuid", lived.settled[0])
    answer = await load._client.patch(f"/api/tasks/{task}", json={"action": "start"})
    assert answer.status_code == 202, answer.text
    return plans


async def test_a_lost_machine_comes_back_from_its_backup(tmp_path: Path) -> None:
    folder, secret = tmp_path / "backups" / "last", tmp_path / "elsewhere.keys"
    opens = {"MARKETPLACE_BACKUP_IDENTITY_FILE": str(tmp_path / "backup.key")}
    recipient = told_by("gateway.cli", "backup-key", str(tmp_path / "backup.key"), env={})["recipient"]
    first = Stack(tmp_path / "first", env={**ENV, **FAULTS})
    await asyncio.to_thread(first.start, 180)
    try:
        shutil.copy(tmp_path / "first" / KEYS, secret)  # what stands in the environment is not in a backup
        lived = await live(first, folder, recipient)
    finally:
        await asyncio.to_thread(lose, first)
    lost, lost_at = time.monotonic(), time.time()
    tried = next(table.file.rows for table in files.read(folder).tables if table.name == "flow.parked")
    assert tried, "nothing was tried again"

    unopened = told_by("gateway.cli", "restore", str(folder), "--check", env={})
    assert (unopened["records"], unopened["encrypted"], unopened["opened"]) == (lived.told["records"], True, False)
    assert told_by("gateway.cli", "restore", str(folder), "--check", env=opens)["opened"] is True
    env = {**ENV, "MARKETPLACE_SIGNING_KEYS_FILE": str(secret)}
    with Stack(tmp_path / "second", SERVERS, env=env) as servers:
        restored = await asyncio.to_thread(told_by, "gateway.cli", "restore", str(folder), env={**servers.env, **opens})
    second = Stack(tmp_path / "second", env=env)
    await asyncio.to_thread(second.start, 180)
    try:
        async with Load(second.env, KEY) as load:
            load.histories = lived.histories
            new = await load.upload(1)
            assert await load.wait(new, ["awaiting_approval"], within_s=PATIENCE_S) == 1
            rto_s = time.monotonic() - lost
            plans = await go_on(load, lived)
            known = {*lived.settled, *lived.approved}
            await asyncio.gather(*(load.read(plan, "after", load.histories.acknowledged(plan)) for plan in known))
            # to their clients the two machines are one, but for what came after the backup
            judged = load.histories.only(known)
            assert (judged.violations(), len(judged)) == ([], len(known))
        report = await verify(Settings.from_env(second.env), contents=True)
        assert (report.problems, report.plans, report.letters) == ([], len(plans), 2)
    finally:
        await asyncio.to_thread(second.stop)
    made_at = datetime.fromisoformat(lived.told["made_at"]).timestamp()
    print(
        f"backup: {lived.told['records']} records and {lived.told['rows']} rows in {lived.told['seconds']} s, for"
        f" {lived.told['waited_ms']} ms of which others waited. RPO {lost_at - made_at:.1f} s: of that time"
        f" {sum(at > made_at for at in lived.accepted)} uploads and approvals are lost."
        f" RTO {rto_s:.1f} s until a new plan is analysed, {restored['seconds']} s of them to restore."
    )
