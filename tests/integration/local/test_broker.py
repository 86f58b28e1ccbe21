"""The broker is a real one: what it acknowledged is there after kill -9, groups share partitions."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from local.broker import Broker
from local.cluster import Cluster
from tests.support import formatted
from tests.support.formatted import files
from tests.support.patience import PATIENCE_S


async def create_topic(bootstrap: str, name: str, partitions: int, replication: int = 1) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, replication)])
    finally:
        await admin.close()


async def produce(bootstrap: str, topic: str, values: range) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, request_timeout_ms=10_000
    )
    await producer.start()
    try:
        sent = [await producer.send(topic, b"%d" % value, key=b"%d" % value) for value in values]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def consume(bootstrap: str, topic: str, count: int, group: str | None = None) -> list[int]:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest", session_timeout_ms=6000
    )
    await consumer.start()
    try:
        return [int((await asyncio.wait_for(consumer.getone(), PATIENCE_S)).value) for _ in range(count)]
    finally:
        await consumer.stop()


def test_a_copied_folder_is_what_the_tool_writes_for_a_cluster_of_its_own(broker: Broker, tmp_path: Path) -> None:
    """The tests' second broker begins with the first one's files (tests/support/formatted.py)."""
    made = [Broker(tmp_path / name) for name in ("copied", "formatted")]
    for one in made:
        one.prepare()
    assert broker.running
    copied, again = (one.data_dir / "data" for one in made)
    formatted._format(made[1])

    assert files(copied).keys() == files(again).keys()
    assert settings_of(copied).keys() == settings_of(again).keys()
    assert settings_of(copied)["cluster.id"] == made[0]._cluster_id != made[1]._cluster_id
    assert settings_of(again)["cluster.id"] == made[1]._cluster_id


def settings_of(folder: Path) -> dict[str, str]:
    lines = (folder / formatted.META).read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


async def test_acknowledged_records_survive_kill_9(tmp_path: Path) -> None:
    """Every record that an idempotent producer saw acknowledged is read after SIGKILL and restart, once."""
    with Broker(tmp_path) as broker:
        await create_topic(broker.bootstrap, "orders", 3)
        await produce(broker.bootstrap, "orders", range(500))
        before = broker.pid

        broker.kill()
        broker.restart()

        assert broker.pid != before
        assert sorted(await consume(broker.bootstrap, "orders", 500)) == list(range(500))


async def test_a_group_shares_partitions_and_keeps_its_place(broker: Broker, topic_prefix: str) -> None:
    """Two members of a group get two halves; a later member goes on where the group committed."""
    topic, group = f"{topic_prefix}work", f"{topic_prefix}workers"
    await create_topic(broker.bootstrap, topic, 2)
    members = [
        AIOKafkaConsumer(topic, bootstrap_servers=broker.bootstrap, group_id=group, auto_offset_reset="earliest")
        for _ in range(2)
    ]
    for member in members:
        await member.start()
    try:
        async with asyncio.timeout(PATIENCE_S):
            while [len(member.assignment()) for member in members] != [1, 1]:
                await asyncio.gather(*(member.getmany(timeout_ms=50) for member in members))
    finally:
        for member in members:
            await member.stop()

    await produce(broker.bootstrap, topic, range(10))
    assert len(await consume(broker.bootstrap, topic, 10, group)) == 10
    await produce(broker.bootstrap, topic, range(10, 15))
    assert sorted(await consume(broker.bootstrap, topic, 5, group)) == [10, 11, 12, 13, 14]


async def test_topics_never_appear_by_themselves(broker: Broker, topic_prefix: str) -> None:
    """A misspelt topic is an error, not a new topic."""
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, request_timeout_ms=1000)
    await producer.start()
    try:
        with pytest.raises(Exception, match=r"(?i)topic|timed out"):
            await producer.send_and_wait(f"{topic_prefix}misspelt", b"x")
    finally:
        await producer.stop()


async def test_a_paused_broker_answers_nothing_and_then_goes_on(tmp_path: Path) -> None:
    """pause() is a frozen machine: connections stay, answers wait; resume() ends it."""
    with Broker(tmp_path) as broker:
        broker.pause()
        assert not broker.probe()
        broker.resume()
        broker.wait_ready(10)
        assert broker.probe()


async def test_three_brokers_keep_going_when_one_is_killed(tmp_path: Path) -> None:
    """Replication 3 with two in-sync replicas: no acknowledged record is lost, and writes go on."""
    with Cluster(tmp_path, 3) as cluster:
        await create_topic(cluster.bootstrap, "orders", 3, replication=3)
        await produce(cluster.bootstrap, "orders", range(100))

        cluster.brokers[0].kill()
        await produce(cluster.bootstrap, "orders", range(100, 200))
        assert sorted(await consume(cluster.bootstrap, "orders", 200)) == list(range(200))

        cluster.brokers[0].restart()
        cluster.wait_ready()
        await produce(cluster.bootstrap, "orders", range(200, 250))
        assert sorted(await consume(cluster.bootstrap, "orders", 250)) == list(range(250))
