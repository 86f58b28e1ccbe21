"""Two systems share one broker and one registry, by a prefix; neither sees anything of the other."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from local.load import Load
from local.stack import Stack
from schemas.registry import Registry, placements, subject_of
from schemas.topics import AGENTS, ANALYSIS, PLAN_EVENTS, declared
from tests.conftest import NewDatabase
from tests.scenarios.conftest import KEY
from tests.support.patience import PATIENCE_S
from tests.support.systems import Systems, running

ROOT = Path(__file__).parents[2]
NORTH = "north."
#: What brings a plan to its tasks, and nothing that helps.
WORKING = ("gateway", "worker", "runner", "projections")


def command(module: str, *words: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        env={**os.environ, **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


async def to_tasks(stack: Stack) -> str:
    """Take one plan from its upload to tasks that can be read; return its id."""
    async with Load(stack.env, KEY) as load:
        plans = await load.upload(1)
        assert await load.wait(plans, ["awaiting_approval"], within_s=PATIENCE_S) == 1
        await load.approve(plans)
        tasks = await load.wait_for_tasks(plans, within_s=PATIENCE_S)
        assert tasks[plans[0]] > 0
        assert (await load.get(f"/api/marketplace/analysis/{plans[0]}"))["status"] == "executing"
    return plans[0]


async def keys_of(brokers: str, topic: str) -> set[str]:
    """Return the keys of all records of a topic, by the name that it has at the broker."""
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in range(declared()[PLAN_EVENTS].partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        found = set()
        async with asyncio.timeout(PATIENCE_S):
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found |= {record.key.decode() for record in records}
        return found
    finally:
        await consumer.stop()


@pytest.fixture
async def admin(systems: Systems) -> AsyncIterator[AIOKafkaAdminClient]:
    """An admin of the shared broker, who sees all names as they are; topics with the prefix go at the end."""
    client = AIOKafkaAdminClient(bootstrap_servers=(await systems.bare())["MARKETPLACE_BROKERS"])
    await client.start()
    yield client
    await client.delete_topics([name for name in await client.list_topics() if name.startswith(NORTH)])
    await client.close()


async def nothing_begins(env: dict[str, str]) -> None:
    """Require that whatever uses the log refuses to start on the database of `NORTH`."""
    for module, *words in (
        ("streams.provision", "apply"),
        ("streams.provision", "retire", "local"),
        ("streams.worker",),
        ("streams.watchdog",),
        ("projections",),
        ("gateway",),
        ("projections.verify",),
    ):
        refused = await asyncio.to_thread(command, module, *words, env=env)
        said = refused.stdout + refused.stderr
        assert refused.returncode in {2, 64}, said
        assert f"the log of this database is under '{NORTH}'" in said, said
        assert "Traceback" not in said


async def test_two_systems_share_one_broker_and_see_nothing_of_each_other(
    tmp_path: Path, systems: Systems, new_migrated: NewDatabase, admin: AIOKafkaAdminClient
) -> None:
    key = {"MARKETPLACE_BOOTSTRAP_KEY": KEY}
    async with AsyncExitStack() as both:
        plain = await both.enter_async_context(systems.system(tmp_path / "plain", key, WORKING))
        shared = {name: plain.env[name] for name in ("MARKETPLACE_BROKERS", "MARKETPLACE_REGISTRY_URL")}
        told = {
            **key,
            **shared,
            "MARKETPLACE_DATABASE_URL": await new_migrated(),
            "MARKETPLACE_TOPIC_PREFIX": NORTH,
        }
        made = await asyncio.to_thread(command, "streams.provision", "apply", env=told)
        assert made.returncode == 0, made.stdout + made.stderr
        assert f"+ topic {NORTH}plan.events (12 partitions)" in made.stdout
        north = await both.enter_async_context(running(Stack(tmp_path / "north", WORKING, env=told)))

        plans = await asyncio.gather(to_tasks(plain), to_tasks(north))

        # each log has its own plan, and each database its own
        brokers = shared["MARKETPLACE_BROKERS"]
        assert await keys_of(brokers, PLAN_EVENTS) == {plans[0]}
        assert await keys_of(brokers, NORTH + PLAN_EVENTS) == {plans[1]}
        for stack, own in zip((plain, north), plans, strict=True):
            async with Load(stack.env, KEY) as load:
                assert [str(row[0]) for row in await load.pool.fetch("select plan_id from rm.plan")] == [own]
                assert {row[0] for row in await load.pool.fetch("select topic from rm.projection_offset")} <= set(
                    declared()
                )

        # at the broker and the registry both are there, by name
        topics = set(await admin.list_topics())
        assert set(declared()) | {NORTH + name for name in declared()} <= topics
        groups = {name for name, *_ in await admin.list_consumer_groups()}
        assert {AGENTS, ANALYSIS, NORTH + AGENTS, NORTH + ANALYSIS} <= groups
        subjects = set(Registry(shared["MARKETPLACE_REGISTRY_URL"]).call("GET", "/subjects"))
        wanted = {subject_of(topic, type_) for topic, type_ in placements()}
        assert wanted | {NORTH + name for name in wanted} <= subjects

        checked = await asyncio.to_thread(command, "streams.cluster", env=told)
        assert f"topics, groups and subjects have {NORTH} before their names" in checked.stdout
        assert "does not fit  names" not in checked.stdout

        # with another prefix, or none, nothing begins on this database, and nothing is changed
        for wrong in ("", "south."):
            await nothing_begins({**told, "MARKETPLACE_TOPIC_PREFIX": wrong})
        # another, empty database does not take the log of a system that is there
        strange = {**told, "MARKETPLACE_DATABASE_URL": await new_migrated()}
        refused = await asyncio.to_thread(command, "streams.provision", "apply", env=strange)
        assert refused.returncode == 64
        assert "give a prefix that no other system has" in refused.stdout + refused.stderr
        assert topics == set(await admin.list_topics())
