"""Partitions are added while plans come and are approved: no plan changes its partition, and the new ones are used."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from gateway.cli.client import PLANS
from local.load import Load
from local.stack import Stack
from local.state import ROOT
from schemas.process.places import dealt_among, growth, partition_of
from schemas.topics import PLAN_EVENTS, TASK_EVENTS, WORK, declared
from streams.settings import WORKER_HOSTS
from tests.scenarios.conftest import KEY
from tests.support.patience import PATIENCE_S
from tests.support.systems import Systems

BEFORE = declared()[PLAN_EVENTS].partitions
AFTER = 2 * BEFORE


@pytest.fixture(autouse=True)
def _of_one_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process learns of this system's partitions is forgotten with it."""
    monkeypatch.setattr(growth, "there", 0)
    monkeypatch.setattr(growth, "dealt", 0)


async def command(env: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", *words],
        env={**os.environ, **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE_S,
        check=False,
    )


@asynccontextmanager
async def plans_that_come(load: Load) -> AsyncIterator[list[str]]:
    """Upload and approve one plan after the other, as long as the block lasts."""
    made: list[str] = []
    ends = asyncio.Event()

    async def work() -> None:
        while not ends.is_set():
            (plan,) = await load.upload(1)
            made.append(plan)
            assert await load.wait([plan], ["awaiting_approval"], within_s=PATIENCE_S) == 1
            await load.approve([plan])

    working = asyncio.create_task(work())
    try:
        yield made
    finally:
        ends.set()
        await working


async def places(brokers: str, topic: str) -> dict[str, set[int]]:
    """Return key -> the partitions that have a record of it."""
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        every = [TopicPartition(topic, number) for number in range(AFTER)]
        consumer.assign(every)
        ends, found = await consumer.end_offsets(every), defaultdict(set)
        async with asyncio.timeout(PATIENCE_S):
            while any([await consumer.position(place) < ends[place] for place in every]):
                for place, records in (await consumer.getmany(timeout_ms=200)).items():
                    for record in records:
                        found[record.key.decode()].add(place.partition)
        return found
    finally:
        await consumer.stop()


@pytest.mark.parametrize("host", WORKER_HOSTS)
async def test_partitions_are_added_under_load_and_no_plan_changes_its_own(
    tmp_path: Path, systems: Systems, host: str
) -> None:
    env = {"MARKETPLACE_BOOTSTRAP_KEY": KEY, "MARKETPLACE_WORKER_HOST": host}
    async with systems.system(tmp_path / "data", env) as stack, Load(stack.env, KEY) as load:
        early = await load.upload(12)
        assert await load.wait(early, ["awaiting_approval"], within_s=PATIENCE_S) == len(early)
        async with plans_that_come(load) as meanwhile:
            grown = await command(stack.env, "streams.provision", "grow", str(AFTER))
            assert grown.returncode == 0, grown.stdout + grown.stderr
            late = [*await load.upload(40), await uploaded(stack)]
        assert await load.wait(late, ["awaiting_approval"], within_s=PATIENCE_S) == len(late)
        assert meanwhile
        await load.approve([*early, *late])
        every = [*early, *meanwhile, *late]
        tasks = await load.wait_for_tasks(every, within_s=PATIENCE_S)
        assert set(tasks) == set(every)
        assert all(tasks.values())

        assert {dealt_among(plan.encode()) for plan in early} == {0}
        assert {dealt_among(plan.encode()) for plan in late} == {AFTER}
        for topic in (PLAN_EVENTS, TASK_EVENTS, WORK["normal"]):
            found = await places(stack.env["MARKETPLACE_BROKERS"], topic)
            assert {plan: found[plan] for plan in every} == {
                plan: {partition_of(topic, plan.encode())} for plan in every
            }
            assert max(min(found[plan]) for plan in early) < BEFORE <= max(min(found[plan]) for plan in late)

        for check in (["projections.verify"], ["projections.rebuild", "--check"]):
            said = await command(stack.env, *check)
            assert said.returncode == 0, said.stdout + said.stderr
        assert (await command(stack.env, "streams.provision", "plan")).returncode == 0


async def uploaded(stack: Stack) -> str:
    """Upload documents until the gateway has heard of the new partitions; return the id of the plan that is there."""
    async with httpx.AsyncClient(
        base_url=stack.env["MARKETPLACE_URL"], headers={"Authorization": f"Bearer {KEY}"}, timeout=PATIENCE_S
    ) as api:
        async with asyncio.timeout(PATIENCE_S):
            while not dealt_among((plan := await _uploaded(api)).encode()):
                await asyncio.sleep(0.1)
        return plan


async def _uploaded(api: httpx.AsyncClient) -> str:
    day = datetime.now(UTC) - timedelta(days=1)
    body = f"Data;SKU;Produto;Quantidade;Valor total\n{day:%d/%m/%Y};{uuid4().hex[:6]};Caneca;12;358,80\n".encode()
    form = {"channels": "shopee", "currency": "BRL"}
    taken = await api.post(f"{PLANS}/upload", files={"file": ("vendas.csv", body)}, data=form)
    assert taken.status_code == 202, taken.text
    return str(taken.json()["planId"])
