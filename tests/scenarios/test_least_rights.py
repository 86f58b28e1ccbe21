"""A broker where each process is a user of its own, with the rights that `marketplace acls` lists and no more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from aiokafka.errors import KafkaError

from local.stack import Stack
from local.state import ROOT
from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.rights import PROCESSES, Kind, Operation, Right, rights_of
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, WORK
from streams.watchdog.broker import BrokerView
from streams.watchdog.disks import ServerDisks
from streams.watchdog.log_reach import LogReach
from streams.watchdog.reach import Reach
from tests.scenarios.conftest import KEY
from tests.support import one_plan
from tests.support.acls import grant
from tests.support.patience import PATIENCE_S, until
from tests.support.secure_broker import MECHANISM, PASSWORD, Secure, secure_broker
from tests.support.systems import Systems

#: The user that lacks one right of a worker.
SHORT = "marketplace-short"
LACKING = Right(Kind.TOPIC, "task.events", Operation.WRITE)
RUNNING = ("registry", "provision", "migrate", "gateway", "worker", "runner", "projections", "pump", "watchdog")


def user(secure: Secure, process: str) -> dict[str, str]:
    return {
        "MARKETPLACE_BROKERS": secure.servers,
        "MARKETPLACE_BROKER_SECURITY": "SASL_SSL",
        "MARKETPLACE_BROKER_MECHANISM": MECHANISM,
        "MARKETPLACE_BROKER_USER": f"marketplace-{process}",
        "MARKETPLACE_BROKER_PASSWORD": PASSWORD,
        "MARKETPLACE_BROKER_CA_FILE": str(secure.ca),
    }


def run(env: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, *command]
    return subprocess.run(whole, env=env, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def check(env: dict[str, str], process: str) -> subprocess.CompletedProcess[str]:
    return run(env, "-m", "streams.cluster", process)


async def look_for_a_lost_end(brokers: Brokers) -> None:
    """Ask what the watchdog asks where leaders have changed, and read the last record of each log."""
    reach = LogReach(brokers, cast("Any", None), BrokerView(brokers))
    try:
        found = await reach._seen()
        assert found is not None
        seen, leaders = found
        assert {topic for topic, _ in seen} >= {PLAN_EVENTS, TASK_EVENTS, *WORK.values()}
        later = {place: Reach(one.epoch + 1, one.following) for place, one in seen.items()}
        kept = await reach._kept({place: one.epoch for place, one in seen.items()}, later, leaders)
        assert all(kept[place] >= one.following for place, one in seen.items())
        times = await reach._times(kept)
        assert {PLAN_EVENTS, TASK_EVENTS} <= {topic for topic, _ in times}
    finally:
        await reach._clients.drop()


async def look_at_the_disks(brokers: Brokers) -> None:
    """Ask how full the broker's disk is, which needs a right on the cluster."""
    disks = ServerDisks(brokers, cast("Any", None))
    try:
        assert await disks._broker() != []
    finally:
        await disks._clients.drop()


async def test_each_process_does_its_part_of_a_plan_with_its_own_rights_alone(tmp_path: Path, systems: Systems) -> None:
    database = (await systems.bare())["MARKETPLACE_DATABASE_URL"]
    with secure_broker(tmp_path, [SHORT, *map("marketplace-{}".format, PROCESSES)], by_rights=True) as secure:
        for process in PROCESSES:
            await grant(secure.broker.bootstrap, f"marketplace-{process}", rights_of(process))
        await grant(secure.broker.bootstrap, SHORT, [right for right in rights_of("worker") if right != LACKING])
        stack = Stack(
            tmp_path / "data",
            RUNNING,
            env={
                "MARKETPLACE_BROKERS": secure.servers,
                "MARKETPLACE_DATABASE_URL": database,
                "MARKETPLACE_BOOTSTRAP_KEY": KEY,
                # the way of a record through the tiers, the pump and back is walked, too
                "MARKETPLACE_FAULTS": "fail plan.approved times 1",
                "MARKETPLACE_RETRY_DELAYS": "0.1,0.2,0.3",
            },
            own={process: user(secure, process) for process in PROCESSES},
        )
        async with one_plan.through(stack, user(secure, "verify")) as (load, _):
            done = "select count(*) from flow.parked where state = 'done'"
            # a record's tasks can be read before its row says that it is done
            await until(lambda: load.pool.fetchval(done))
            assert await load.pool.fetchval(done) == 1

            await look_for_a_lost_end(Brokers.from_env(user(secure, "watchdog")))
            await look_at_the_disks(Brokers.from_env(user(secure, "watchdog")))
            healthy = run(stack.env | user(secure, "worker"), "deploy/healthy.py", "group", "worker")
            assert healthy.returncode == 0, healthy.stderr
            kept = run(stack.env | user(secure, "backup"), "-m", "streams.backup", "make", str(tmp_path / "backup"))
            assert kept.returncode == 0, kept.stderr

            stranger = kafka.producer(Brokers.from_env(user(secure, "pump")), "stranger")
            await stranger.start()
            try:
                with pytest.raises(KafkaError):
                    await stranger.send_and_wait("plan.events", b"{}", key=b"k")
            finally:
                await stranger.stop()

            whole = check(stack.env | user(secure, "worker"), "worker")
            assert f"all {len(rights_of('worker')) - 1} rights" in whole.stdout, whole.stdout + whole.stderr
            told = check(stack.env | user(secure, "short"), "worker")
            assert told.returncode == 1
            assert "not allowed: Write on topic task.events" in told.stdout, told.stdout
            assert "-> marketplace acls worker" in told.stdout
