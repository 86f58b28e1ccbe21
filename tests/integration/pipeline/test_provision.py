"""Topics and schemas: what is declared against what is there."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from streams.provision.__main__ import run
from streams.provision.provisioner import Provisioner
from streams.settings import Settings
from tests.integration.pipeline.conftest import Bare
from tests.support.patience import PATIENCE_S


async def test_a_provisioned_system_has_no_drift(bare: Bare, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run("plan", Settings.from_env(bare.env)) == 0
    assert "as declared" in capsys.readouterr().out


async def test_drift_is_shown_with_exit_2_and_mended_by_apply(bare: Bare, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings.from_env(bare.env)
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.brokers.servers)
    await admin.start()
    try:
        await admin.delete_topics(["projections.dlq"])
        await admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, "agents.dlq", configs={"retention.ms": "1000"})]
        )
        await _until_drift(settings, 2)  # one line a difference
        assert await run("plan", settings) == 2
        shown = capsys.readouterr().out
        assert "+ topic projections.dlq (3 partitions)" in shown
        assert "~ topic agents.dlq: retention.ms = 7776000000" in shown

        assert await run("apply", settings) == 0
        await _until_drift(settings, 0)
    finally:
        await admin.close()


async def _until_drift(settings: Settings, lines: int) -> None:
    """Wait until the broker shows what it was told: it answers before its metadata follow."""
    async with asyncio.timeout(PATIENCE_S):
        while len((await Provisioner(settings).find_drift()).lines()) != lines:
            await asyncio.sleep(0.1)


async def test_a_wrong_number_of_partitions_is_left_to_a_person(bare: Bare) -> None:
    settings = Settings.from_env(bare.env)
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.brokers.servers)
    await admin.start()
    try:
        await admin.create_partitions({"projections.dlq": NewPartitions(total_count=5)})
    finally:
        await admin.close()

    await _until_drift(settings, 1)
    (line,) = (await Provisioner(settings).find_drift()).lines()

    assert line.startswith("! topic projections.dlq has 5 partitions, not 3: changing that would change the order")
    assert await run("apply", settings) == 2
