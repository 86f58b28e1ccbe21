"""`marketplace check cluster` on real servers: what fits, and what does not where somebody has changed it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from local.ports import free_port
from schemas.rights import PROCESSES
from schemas.topics import declared
from streams.broker.protocol import GroupsQuestion, MetadataQuestion
from streams.cluster.__main__ import Given, check
from streams.cluster.check import Check, Fit
from tests.conftest import NewDatabase
from tests.integration.pipeline.conftest import Bare
from tests.support.module import run


async def checked(env: dict[str, str], **other: str) -> dict[str, Check]:
    return {one.id: one for one in await check(Given.from_env(env | other))}


@pytest.fixture(autouse=True)
def _no_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line is that of the tests."""
    monkeypatch.setattr(sys, "argv", ["check"])


async def test_the_local_system_fits_but_for_a_database_of_tests(bare: Bare) -> None:
    found = await checked(bare.env)

    assert {id_ for id_, one in found.items() if one.fit is Fit.NOT} == {"database.durable"}  # it lives for the tests
    assert found["database.durable"].seen.startswith("fsync, full_page_writes, synchronous_commit off")
    assert {id_ for id_, one in found.items() if one.fit is Fit.BETTER} == {"broker.replication", "database.role"}
    assert {id_ for id_, one in found.items() if one.fit is Fit.UNKNOWN} == {"clock.broker"}
    assert {f"rights.{process}" for process in PROCESSES} <= found.keys()
    assert found["registry.mode"].seen == "its mode is READWRITE"


async def test_of_a_broker_that_knows_no_such_requests_all_but_its_rights_is_known(
    bare: Bare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older one: it has none of the versions in which a client can ask what it may do."""
    known = await checked(bare.env)
    monkeypatch.setattr(MetadataQuestion, "API_VERSION", 99)
    monkeypatch.setattr(GroupsQuestion, "API_VERSION", 99)

    found = await checked(bare.env)

    assert {one.fit for id_, one in found.items() if id_.startswith("rights.")} == {Fit.UNKNOWN}
    judged = {id_: one for id_, one in known.items() if id_.startswith("topics.")}
    assert judged == {id_: one for id_, one in found.items() if id_.startswith("topics.")}
    assert {one.fit for one in judged.values()} == {Fit.FITS}


async def test_settings_that_somebody_changed_are_found(bare: Bare) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bare.env["MARKETPLACE_BROKERS"])
    await admin.start()
    changed = {"cleanup.policy": "compact", "retention.bytes": "1000000", "max.message.bytes": "1000"}
    before = {"cleanup.policy": "delete", "retention.ms": "-1", "min.insync.replicas": "1"}
    try:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, "plan.events", configs=changed)])
        found = await checked(bare.env)
        while found["topics.cleanup"].fit is Fit.FITS:  # a broker answers before its metadata follow
            found = await checked(bare.env)
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, "plan.events", configs=before)])
    finally:
        await admin.close()

    wrong = {id_ for id_, one in found.items() if one.fit is Fit.NOT} - {"database.durable"}
    assert wrong == {"topics.cleanup", "topics.retention", "topics.retention-bytes", "topics.record-size"}
    assert found["topics.record-size"].seen == "max.message.bytes: plan.events has 1000"


async def test_what_is_asked_for_and_not_there(bare: Bare) -> None:
    found = await checked(
        bare.env,
        MARKETPLACE_REPLICATION="3",
        MARKETPLACE_MIN_INSYNC="2",
        MARKETPLACE_SESSION_TIMEOUT="0.5",
        MARKETPLACE_REGISTRY_URL=f"http://127.0.0.1:{free_port()}",
        MARKETPLACE_DATABASE_URL=f"postgresql://a:b@127.0.0.1:{free_port()}/c",
    )

    assert {id_ for id_, one in found.items() if one.fit is Fit.NOT} == {
        "broker.replication",
        "broker.sessions",
        "topics.replication",
        "topics.min-insync",
        "registry.reached",
        "database.reached",
    }


async def test_an_empty_database_of_somebody_with_few_rights(
    bare: Bare, new_database: NewDatabase, postgres_url: str
) -> None:
    import asyncpg

    empty = await new_database()
    owner = await asyncpg.connect(postgres_url)
    try:
        await owner.execute("create role least login password 'least'")
        place = empty.rpartition("@")[2]
        found = await checked(bare.env, MARKETPLACE_DATABASE_URL=f"postgresql://least:least@{place}")
        there = bare.env["MARKETPLACE_DATABASE_URL"].rpartition("@")[2]
        seen = await checked(bare.env, MARKETPLACE_DATABASE_URL=f"postgresql://least:least@{there}")
    finally:
        await owner.execute("drop role least")
        await owner.close()

    assert found["database.role"].fit is Fit.FITS
    assert found["database.tables"].seen == "least may make no schema here, and there are no tables yet"
    assert seen["database.tables"].fit is Fit.NOT
    assert "access." in seen["database.tables"].seen


def command(env: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MARKETPLACE_")}
    return run("streams.cluster", *options, env=plain | env, inherited=False)


def test_the_table_says_what_to_do_and_the_exit_status_what_came_of_it(bare: Bare) -> None:
    done = command(bare.env, "worker")

    assert done.returncode == 1, done.stderr
    rows = done.stdout.splitlines()
    assert f"{'fits':<12}  {'topics.there':<24}  {len(declared())} of {len(declared())}" in rows
    at = next(n for n, row in enumerate(rows) if "database.durable" in row)
    assert rows[at].startswith("does not fit")
    assert rows[at + 1].lstrip().startswith("-> fsync")
    assert [row.split()[1] for row in rows if " rights." in row] == ["rights.worker"]
    assert rows[-1].endswith("1 does not fit; 1 not known")


def test_without_a_broker_nothing_is_known(bare: Bare) -> None:
    done = command(bare.env | {"MARKETPLACE_BROKERS": f"127.0.0.1:{free_port()}"}, "--json")

    assert done.returncode == 3
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["ok"] is False
    assert told["error"].startswith("no broker can be reached")


def test_a_process_that_there_is_not_is_a_wrong_setting(bare: Bare) -> None:
    done = command(bare.env, "alerts")
    assert done.returncode == 2
    assert "no process is called alerts" in done.stderr
