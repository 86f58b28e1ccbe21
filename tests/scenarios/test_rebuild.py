"""Rebuild the read models while people approve plans and read: nobody sees a gap, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from local.load import Load
from local.stack import Stack
from projections import migrate
from projections.rebuild.audited import tell
from projections.rebuild.build import Rebuild, Refused
from projections.rebuild.shadow import Stalled
from projections.rebuild.shares import Sharing
from projections.settings import Settings
from projections.verify.verify import verify
from schemas.process.kafka import Brokers
from schemas.registry import wait_for_codec
from schemas.topics import PLAN_EVENTS, PROJECTIONS_DLQ, declared
from tests.scenarios.conftest import KEY
from tests.support.module import run
from tests.support.patience import PATIENCE_S, until
from tests.support.systems import Systems

FIRST = 300
SECOND = 300


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory, systems: Systems) -> AsyncIterator[Stack]:
    """One system for this module: a rebuild leaves it as it was, or better. Its readers never rest."""
    env = {"MARKETPLACE_BOOTSTRAP_KEY": KEY, "MARKETPLACE_LIMITS": "commands=off,reads=off"}
    async with systems.system(tmp_path_factory.mktemp("rebuild"), env) as whole:
        yield whole


@pytest.fixture(autouse=True)
async def nothing_old(running: Stack) -> AsyncIterator[None]:
    yield
    await rebuild_of(running).drop_old()


def rebuild_of(stack: Stack) -> Rebuild:
    settings = Settings.from_env(stack.env)
    return Rebuild(settings, wait_for_codec(settings.registry_url), tell=tell)


def command(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run("projections.rebuild", *arguments, env=stack.env)


@dataclass
class Readers:
    """Reads as the gateway does, again and again. What was seen once must never be missing later."""

    load: Load
    plan: str
    looks: int = 0
    gaps: list[str] = field(default_factory=list)

    async def read(self) -> None:
        plans = tasks = 0
        connection = await asyncpg.connect(self.load._env["MARKETPLACE_DATABASE_URL"])
        try:
            while True:
                found = (await self.load.get(f"/api/marketplace/analysis/{self.plan}"))["status"]
                seen = await connection.fetchval("select count(*) from rm.plan")
                made = await connection.fetchval("select count(*) from rm.task")
                if found != "executing" or seen < plans or made < tasks:
                    self.gaps.append(f"{found}, {seen} plans after {plans}, {made} tasks after {tasks}")
                plans, tasks = seen, made
                self.looks += 1
                await asyncio.sleep(0.005)
        finally:
            await connection.close()


async def approve_slowly(load: Load, plans: list[str]) -> None:
    for start in range(0, len(plans), 4):
        await load.approve(plans[start : start + 4])
        await asyncio.sleep(0.1)


async def approve_until(rebuilt: asyncio.Event, load: Load, plans: list[str]) -> None:
    """Approve for as long as it takes: the fewer are left the slower. The last ones are for the new tables."""
    for start in range(0, len(plans) - 4, 4):
        await load.approve(plans[start : start + 4])
        with suppress(TimeoutError):
            await asyncio.wait_for(rebuilt.wait(), 0.1 * len(plans) / (len(plans) - start))
    await rebuilt.wait()
    await load.approve(plans[-4:])


async def test_rebuilding_under_load_swaps_equal_tables_and_no_reader_sees_a_gap(running: Stack) -> None:
    async with Load(running.env, KEY) as load:
        first = await load.upload(FIRST)
        second = await load.upload(SECOND)
        assert await load.wait(first + second, ["awaiting_approval"], within_s=PATIENCE_S) == FIRST + SECOND
        await load.approve(first)
        await load.wait_for_tasks(first, within_s=PATIENCE_S)
        readers = Readers(load, first[0])
        reading = [asyncio.create_task(readers.read()) for _ in range(2)]
        rebuilt = asyncio.Event()
        approving = asyncio.create_task(approve_until(rebuilt, load, second))

        outcome = await rebuild_of(running).run()

        during = len(load.accepted) - FIRST
        rebuilt.set()
        await approving
        made = await load.wait_for_tasks(second, within_s=PATIENCE_S)
        for task in reading:
            task.cancel()
        ended = await asyncio.gather(*reading, return_exceptions=True)

        assert outcome.problems == []
        assert outcome.swapped
        told = (
            "select target, after ->> 'differences' from audit.entry where action = 'system.rebuild' order by at desc"
        )
        assert tuple(await load.pool.fetchrow(told) or ()) == ("rm", "0"), "who reads the audit sees it"
        assert len(outcome.pauses_ms) >= 2  # to compare, more than once where a record was still on its way; to swap
        print(f"rebuilt {outcome.records} records in {outcome.seconds} s, writers waited {outcome.pauses_ms} ms")
        print(f"{during} approvals came during it")
        assert outcome.rows["plan"] == FIRST + SECOND
        assert min(made.values()) >= 1
        assert [e for e in ended if not isinstance(e, asyncio.CancelledError)] == []
        assert readers.looks > 20
        assert readers.gaps == []
        assert during > 0, "no approval came during the rebuild: it was not under load"
        old = await load.pool.fetchval("select count(*) from rm_old.task")
        assert await load.pool.fetchval("select count(*) from rm.task") > old  # the load went on in the new tables
    report = await verify(Settings.from_env(running.env))
    assert report.problems == []
    assert report.plans == FIRST + SECOND
    async with Load(running.env, KEY) as load:  # each event counted once, by the live tables and by those made anew
        rows = await load.pool.fetch("select measure, sum(n)::int as n from rm.slo_hour group by measure")
        counted = {row["measure"]: row["n"] for row in rows}
        assert [counted[name] for name in ("uploaded", "approved", "phase1")] == [FIRST + SECOND] * 3
        assert 0 < counted["queue"] <= FIRST + SECOND  # those of which a worker made Phase 1
    with pytest.raises(Refused, match="rm_old"):
        await rebuild_of(running).run()
    assert await rebuild_of(running).drop_old()
    assert not await rebuild_of(running).drop_old()


async def test_drift_is_found_left_alone_and_mended_when_it_is_accepted(running: Stack) -> None:
    async with Load(running.env, KEY) as load:
        plans = await load.upload(3)
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == 3
        await load.approve(plans)
        await load.wait_for_tasks(plans, within_s=PATIENCE_S)
        await load.pool.execute("update rm.plan set title = 'nobody said this' where plan_id = $1::uuid", plans[0])
        await load.pool.execute("delete from rm.task where plan_id = $1::uuid and position = 1", plans[1])

        refused = await asyncio.to_thread(command, running)

        assert refused.returncode == 1, refused.stderr
        assert "plan: 1 different" in refused.stdout
        assert "task: 1 only rebuilt" in refused.stdout
        assert "DIFFERENT: the live read models are as they were" in refused.stdout
        assert await load.pool.fetchval(
            "select to_regnamespace('rm_new') is null and to_regnamespace('rm_old') is null"
        )
        assert await load.pool.fetchval("select count(*) from rm.plan where title = 'nobody said this'") == 1

        accepted = await asyncio.to_thread(command, running, "--accept")

        assert accepted.returncode == 0, accepted.stderr
        assert "SWAPPED" in accepted.stdout
        assert await load.pool.fetchval("select count(*) from rm.plan where title = 'nobody said this'") == 0
    report = await verify(Settings.from_env(running.env))
    assert report.problems == []
    assert (await asyncio.to_thread(command, running, "--drop")).returncode == 0
    checked = await asyncio.to_thread(command, running, "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "EQUAL: nothing was changed" in checked.stdout


async def test_the_way_back_after_a_swap_loses_nothing_and_can_be_gone_twice(running: Stack) -> None:
    async with Load(running.env, KEY) as load:
        refused = await asyncio.to_thread(command, running, "--back")
        assert refused.returncode == 1, refused.stdout
        assert "there is no rm_old" in refused.stderr
        first = await load.upload(3)
        assert await load.wait(first, ["awaiting_approval"], within_s=PATIENCE_S) == 3
        await load.pool.execute("update rm.plan set title = 'of the old tables' where plan_id = $1::uuid", first[0])
        accepted = await asyncio.to_thread(command, running, "--accept")
        assert accepted.returncode == 0, accepted.stderr
        titles = "select count(*) from rm.plan where title = 'of the old tables'"
        assert await load.pool.fetchval(titles) == 0
        since = await load.upload(3)
        assert await load.wait(since, ["awaiting_approval"], within_s=PATIENCE_S) == 3
        await load.approve(since)
        await load.wait_for_tasks(since, within_s=PATIENCE_S)
        await load.pool.execute("create schema rm_new; create table rm_new.plan (leftover int)")  # of a crash
        readers = Readers(load, since[0])
        reading = asyncio.create_task(readers.read())
        approving = asyncio.create_task(approve_slowly(load, first))

        back = await asyncio.to_thread(command, running, "--back")

        await approving
        await load.wait_for_tasks(first, within_s=PATIENCE_S)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        assert back.returncode == 0, back.stderr
        assert "BACK: the tables from before the last swap are live" in back.stdout
        assert await load.pool.fetchval(titles) == 1
        assert await load.pool.fetchval("select to_regnamespace('rm_new') is null")
        assert readers.looks > 5
        assert readers.gaps == []

        await load.pool.execute("alter table rm.plan add column colour text")
        changed = await asyncio.to_thread(command, running, "--back")
        assert changed.returncode == 1, changed.stdout
        assert "plan.colour text" in changed.stderr
        await load.pool.execute("alter table rm.plan drop column colour")

        again = await asyncio.to_thread(command, running, "--back", "--json")

        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout)["swapped"]
        assert await load.pool.fetchval(titles) == 0
    report = await verify(Settings.from_env(running.env))
    assert report.problems == []


async def test_a_rebuild_that_cannot_go_on_leaves_the_live_tables_alone(running: Stack) -> None:
    pool = await asyncpg.create_pool(running.env["MARKETPLACE_DATABASE_URL"], min_size=0, max_size=2)
    try:
        offsets = "select topic, partition, next_offset from rm.projection_offset order by 1, 2"
        before = await pool.fetch(offsets)
        other = await pool.acquire()
        assert await other.fetchval("select pg_try_advisory_lock($1)", 0x72626C64)
        with pytest.raises(Refused, match="another rebuild"):
            await rebuild_of(running).run()
        await pool.release(other)
        broken = Settings(
            Brokers("127.0.0.1:1"), running.env["MARKETPLACE_REGISTRY_URL"], running.env["MARKETPLACE_DATABASE_URL"]
        )
        rebuild = Rebuild(broken, wait_for_codec(broken.registry_url))

        with pytest.raises(Exception, match=r"127\.0\.0\.1:1|Unable to bootstrap"):
            await rebuild.run()

        assert await pool.fetchval("select to_regnamespace('rm_new') is null")
        assert await pool.fetch(offsets) == before
    finally:
        await pool.close()


def shared(stack: Stack, processes: int, **environment: str) -> Rebuild:
    """Return a rebuild that shares every log, however short it is."""
    settings = Settings.from_env(stack.env)
    sharing = Sharing(processes, {**os.environ, **stack.env, **environment}, least=1)
    return Rebuild(settings, wait_for_codec(settings.registry_url), tell=tell, sharing=sharing)


async def test_several_processes_rebuild_what_one_does(running: Stack) -> None:
    async with Load(running.env, KEY) as load:
        plans = await load.upload(6)
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == 6
        await load.approve(plans)
        await load.wait_for_tasks(plans, within_s=PATIENCE_S)
    alone = await rebuild_of(running).run(check=True)
    rebuild, said = shared(running, 3), list[str]()
    rebuild._say = said.append

    together = await rebuild.run(check=True)

    assert "3 processes share the partitions" in said
    assert (together.problems, together.rows) == ([], alone.rows)
    assert (together.records, together.poison) == (alone.records, alone.poison)
    async with Load(running.env, KEY) as load:
        assert await load.pool.fetchval("select to_regnamespace('rm_new') is null")


async def test_a_process_of_the_rebuild_that_fails_ends_it_and_changes_nothing(running: Stack) -> None:
    rebuild = shared(running, 2, MARKETPLACE_DATABASE_URL="postgresql://127.0.0.1:1/nothing")
    with pytest.raises(Stalled, match="a process of the rebuild has failed: "):
        await rebuild.run()
    async with Load(running.env, KEY) as load:
        assert await load.pool.fetchval(
            "select to_regnamespace('rm_new') is null and to_regnamespace('rm_old') is null"
        )


class MeetsMigration(Rebuild):
    """A rebuild that meets a migration once it has compared, before it swaps. The migration takes `takes_s`.

    The way back meets it once the old tables are near.
    """

    takes_s = 0.0
    migrating: asyncio.Task[None]

    async def _compare(self, connection: asyncpg.Connection, shadow: Any, outcome: Any) -> Any:
        found = await super()._compare(connection, shadow, outcome)
        begun = asyncio.Event()
        self.migrating = asyncio.create_task(self._migrate(begun))
        await begun.wait()
        return found

    async def go_back(self) -> Any:
        approach = self._approach

        async def approached(connection: asyncpg.Connection, shadow: Any) -> None:
            await approach(connection, shadow)
            begun = asyncio.Event()
            self.migrating = asyncio.create_task(self._migrate(begun))
            await begun.wait()

        self._approach = approached  # type: ignore[method-assign]
        return await super().go_back()

    async def _migrate(self, begun: asyncio.Event) -> None:
        other = await asyncpg.connect(self._settings.database_url)
        try:
            await other.execute("select pg_advisory_lock($1)", migrate.LOCK)
            async with other.transaction():
                await other.execute("alter table rm.plan add column if not exists later text")
                begun.set()
                await asyncio.sleep(self.takes_s)
        finally:
            await other.close()


@pytest.mark.parametrize("takes_s", [0.0, 2.0])
async def test_tables_that_a_migration_has_changed_meanwhile_stay(running: Stack, takes_s: float) -> None:
    settings = Settings.from_env(running.env)
    rebuild = MeetsMigration(settings, wait_for_codec(settings.registry_url))
    rebuild.takes_s = takes_s
    pool = await asyncpg.create_pool(settings.database_url, min_size=0, max_size=1)
    try:
        with pytest.raises(
            Refused, match=r"a migration has changed rm since the rebuild began: column plan\.later text"
        ):
            await rebuild.run(accept=True)
        await rebuild.migrating

        assert await pool.fetchval("select count(later) from rm.plan") == 0  # the column is there
        assert await pool.fetchval("select to_regnamespace('rm_new') is null and to_regnamespace('rm_old') is null")
        assert await migrate.migrate(settings.database_url) == []  # and nothing holds migrations up
    finally:
        await pool.execute("alter table rm.plan drop column if exists later")
        await pool.close()


@pytest.mark.parametrize("takes_s", [0.0, 2.0])
async def test_the_way_back_is_not_gone_when_a_migration_comes_in_between(running: Stack, takes_s: float) -> None:
    settings = Settings.from_env(running.env)
    await rebuild_of(running).run(accept=True)
    rebuild = MeetsMigration(settings, wait_for_codec(settings.registry_url))
    rebuild.takes_s = takes_s
    pool = await asyncpg.create_pool(settings.database_url, min_size=0, max_size=1)
    try:
        with pytest.raises(Refused, match=r"a migration has changed rm since the swap: column plan\.later text"):
            await rebuild.go_back()
        await rebuild.migrating

        assert await pool.fetchval("select count(later) from rm.plan") == 0  # the live tables are still those
        assert await migrate.migrate(settings.database_url) == []
    finally:
        await pool.execute("alter table rm.plan drop column if exists later")
        await pool.close()
        await rebuild_of(running).drop_old()


async def test_dead_letters_that_the_log_no_longer_holds_are_taken_over(running: Stack) -> None:
    dead = "select count(*) from rm.dead_letter where grp = 'projections'"
    async with Load(running.env, KEY) as load:
        plans = await load.upload(1)
        producer = AIOKafkaProducer(bootstrap_servers=running.env["MARKETPLACE_BROKERS"])
        await producer.start()
        await producer.send_and_wait(PLAN_EVENTS, b"nobody can read this", key=plans[0].encode())
        await producer.stop()
        await until(lambda: load.pool.fetchval(dead))
        admin = AIOKafkaAdminClient(bootstrap_servers=running.env["MARKETPLACE_BROKERS"])
        await admin.start()
        partitions = [TopicPartition(PROJECTIONS_DLQ, n) for n in range(declared()[PROJECTIONS_DLQ].partitions)]
        await admin.delete_records({tp: RecordsToDelete(before_offset=-1) for tp in partitions})
        await admin.close()

        outcome = await rebuild_of(running).run()

        assert outcome.problems == []
        assert outcome.swapped
        assert await load.pool.fetchval(dead) == 1
