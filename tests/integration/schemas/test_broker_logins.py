"""Each way to authenticate at a broker with TLS, spoken to a real one: who is let in, and who is not."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import NewTopic
from aiokafka.errors import KafkaError

from schemas.process import kafka
from schemas.process.kafka import Brokers
from tests.support.broker_doors import MUTUAL, OPEN, Doors, broker_doors
from tests.support.secure_broker import PASSWORD, USER, certificates

B = "MARKETPLACE_BROKER_"
WAYS = ("PLAIN", "SCRAM-SHA-256", OPEN, MUTUAL)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with broker_doors(tmp_path_factory.mktemp("doors")) as made:
        yield made


def settings(doors: Doors, way: str) -> dict[str, str]:
    env = {"MARKETPLACE_BROKERS": doors.servers[way], f"{B}SECURITY": "SSL", f"{B}CA_FILE": str(doors.ca)}
    if way == OPEN:
        return env
    if way == MUTUAL:
        return {**env, f"{B}CERT_FILE": str(doors.client), f"{B}KEY_FILE": str(doors.client)}
    named = {f"{B}SECURITY": "SASL_SSL", f"{B}USER": USER, f"{B}PASSWORD": PASSWORD}
    # SCRAM-SHA-256 is what there is if nobody says another one
    return {**env, **named, **({f"{B}MECHANISM": way} if way == "PLAIN" else {})}


@pytest.mark.parametrize("way", WAYS)
async def test_a_record_is_written_and_read(way: str, doors: Doors) -> None:
    brokers, topic, said = Brokers.from_env(settings(doors, way)), f"of-{way.lower()}", uuid.uuid4().bytes
    admin = kafka.admin(brokers, "admin")
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1)])
    await admin.close()
    producer = kafka.producer(brokers, "producer")
    await producer.start()
    await producer.send_and_wait(topic, said, key=b"k")
    await kafka.let_go(producer)
    reader = kafka.reader(brokers, "reader")
    await reader.start()
    reader.assign([TopicPartition(topic, 0)])
    await reader.seek_to_beginning()
    assert (await reader.getone()).value == said
    await reader.stop()


async def refused(env: dict[str, str]) -> None:
    stranger = kafka.admin(Brokers.from_env(env), "stranger", answer_ms=5000)
    with pytest.raises(KafkaError):
        await stranger.start()
    await stranger.close()


@pytest.mark.parametrize("way", ["PLAIN", "SCRAM-SHA-256"])
async def test_a_wrong_password_and_another_mechanism_are_refused(way: str, doors: Doors) -> None:
    right = settings(doors, way)
    await refused({**right, f"{B}PASSWORD": "another"})
    await refused({**right, f"{B}MECHANISM": "SCRAM-SHA-512"})


@pytest.mark.parametrize("way", WAYS)
async def test_a_broker_of_another_authority_is_not_spoken_to(way: str, doors: Doors, tmp_path: Path) -> None:
    await refused({**settings(doors, way), f"{B}CA_FILE": str(certificates(tmp_path)[0])})
    await refused({**settings(doors, way), f"{B}CA_FILE": ""})


async def test_a_client_without_a_certificate_or_with_anothers_is_refused(doors: Doors, tmp_path: Path) -> None:
    right = settings(doors, MUTUAL)
    await refused({**right, f"{B}CERT_FILE": "", f"{B}KEY_FILE": ""})
    _, other = certificates(tmp_path)
    await refused({**right, f"{B}CERT_FILE": str(other), f"{B}KEY_FILE": str(other)})
