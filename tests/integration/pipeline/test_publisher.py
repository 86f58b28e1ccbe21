"""The publisher: order, partitions and acknowledgement, on a real broker."""

from __future__ import annotations

import uuid

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from local.broker import Broker
from schemas.process.kafka import Brokers
from schemas.process.places import key_hash
from streams.broker.publisher import Publisher
from streams.broker.records import Outgoing
from tests.support.topic_records import first_of


@pytest.fixture
async def topic(broker: Broker, topic_prefix: str) -> str:
    name = f"{topic_prefix}publisher"
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, 12, 1)])
    await admin.close()
    return name


async def read(
    broker: Broker, topic: str, count: int
) -> list[tuple[int, bytes | None, bytes | None, list[tuple[str, bytes]]]]:
    found = await first_of(broker.bootstrap, topic, count)
    return [(one.partition, one.key, one.value, list(one.headers)) for one in found]


async def test_partitions_are_those_of_every_other_client(broker: Broker, topic: str) -> None:
    keys = [str(uuid.uuid4()).encode() for _ in range(40)]
    publisher = Publisher(Brokers(broker.bootstrap), "test")
    await publisher.publish([Outgoing(topic, key, b"ours", [("h", b"1")]) for key in keys])
    await publisher.close()
    other = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
    await other.start()
    for key in keys:
        await other.send_and_wait(topic, b"theirs", key=key)
    await other.stop()

    found = await read(broker, topic, 80)

    ours = {key: partition for partition, key, value, _ in found if value == b"ours"}
    theirs = {key: partition for partition, key, value, _ in found if value == b"theirs"}
    assert ours == theirs
    assert all(headers == [("h", b"1")] for _, _, value, headers in found if value == b"ours")


async def test_the_records_of_a_key_keep_their_order_through_full_batches(broker: Broker, topic: str) -> None:
    publisher = Publisher(Brokers(broker.bootstrap), "test")
    padding = b"x" * 50_000
    await publisher.publish([Outgoing(topic, b"one", b"%03d" % n + padding, []) for n in range(30)])
    await publisher.close()

    found = await read(broker, topic, 30)

    assert [int((value or b"")[:3]) for _, _, value, _ in found] == list(range(30))


async def test_a_record_without_key_and_value_can_be_buried(broker: Broker, topic: str) -> None:
    publisher = Publisher(Brokers(broker.bootstrap), "test")
    await publisher.publish([Outgoing(topic, None, None, [("x-error-code", b"empty")])])
    await publisher.close()

    assert await read(broker, topic, 1) == [(0, None, b"", [("x-error-code", b"empty")])]


async def test_it_goes_on_where_it_stood_when_the_broker_comes_back(broker: Broker, topic: str) -> None:
    publisher = Publisher(Brokers(broker.bootstrap), "test")
    await publisher.publish([Outgoing(topic, b"k", b"1", [])])
    broker.kill()
    broker.restart()
    await publisher.publish([Outgoing(topic, b"k", b"2", [])])
    await publisher.close()

    assert [value for _, _, value, _ in await read(broker, topic, 2)] == [b"1", b"2"]


async def test_a_copy_that_no_broker_takes_goes_without_its_value(broker: Broker, topic: str) -> None:
    publisher = Publisher(Brokers(broker.bootstrap), "test")
    huge = b"x" * 1_040_000
    await publisher.publish([Outgoing(topic, b"k", huge, [("x-error-code", b"damaged")])])
    await publisher.publish([Outgoing(topic, b"k", b"v" * 900_000, [("foreign", b"y" * 300_000), ("ce_id", b"1")])])
    await publisher.close()

    (_, _, value, headers), second = await read(broker, topic, 2)

    assert value == b""
    assert ("x-value-omitted", b"1040000 bytes") in headers
    assert (second[2], second[3]) == (b"v" * 900_000, [("ce_id", b"1")])


async def test_a_copy_with_a_key_that_no_broker_takes_goes_with_the_beginning_of_it(broker: Broker, topic: str) -> None:
    publisher = Publisher(Brokers(broker.bootstrap), "test")
    await publisher.publish([Outgoing(topic, b"k" * 100_000, b"v" * 947_900, [("x-error-stack", b"s" * 8192)])])
    await publisher.close()

    [(partition, key, value, headers)] = await read(broker, topic, 1)

    assert (key, value) == (b"k" * 1024, b"v" * 947_900)
    assert headers[-1] == ("x-key-omitted", b"100000 bytes")
    assert partition == key_hash(key or b"") % 12
