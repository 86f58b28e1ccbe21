"""The limits that Redpanda has by default, on a real Kafka: the system fits, and its largest record gets through.

docs/redpanda.md says where Redpanda differs, and which line of the check tells it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from gateway.outbox.relay import LARGEST
from local.broker import Broker
from local.broker_config import Node
from local.ports import free_ports
from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.topics import PLAN_EVENTS
from streams.cluster.__main__ import Given, check
from streams.cluster.check import Fit
from streams.cluster.judge import cluster, rights
from streams.cluster.judge_topics import topics as judged
from streams.provision.__main__ import run
from streams.settings import Settings
from tests.conftest import NewDatabase
from tests.support.doc_tables import names, rows
from tests.unit.streams.cluster.shown import ASKED, REDPANDA, broker, topics

#: As its documentation gives them, in Kafka's names.
LIMITS = {
    "message.max.bytes": 1_048_576,
    "group.min.session.timeout.ms": 6000,
    "group.max.session.timeout.ms": 300_000,
    "auto.create.topics.enable": "false",
    "log.retention.ms": 604_800_000,
    "num.partitions": 1,
}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    port, controller = free_ports(2)
    node = Node(id=1, port=port, controller_port=controller, quorum={1: controller}, more=LIMITS)
    with Broker(tmp_path_factory.mktemp("limited"), node=node) as server:
        yield server


async def test_all_fits_and_the_largest_record_gets_through(
    limited: Broker, registry_url: str, new_migrated: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["check"])
    env = {
        "MARKETPLACE_BROKERS": limited.bootstrap,
        "MARKETPLACE_REGISTRY_URL": registry_url,
        "MARKETPLACE_DATABASE_URL": await new_migrated(),
    }
    before = {one.id: one for one in await check(Given.from_env(env))}
    assert before["topics.there"].fit is Fit.UNKNOWN
    assert "topics.settings" not in before

    assert await run("apply", Settings.from_env(env)) == 0
    after = {one.id: one for one in await check(Given.from_env(env))}
    assert {id_ for id_, one in after.items() if one.fit is Fit.NOT} == {"database.durable"}  # it lives for the tests
    assert after["topics.record-size"].fit is Fit.FITS

    key, headers = b"k" * 36, [("ce_type", b"plan.uploaded")]
    value = b"v" * (LARGEST - len(key) - sum(len(name) + len(text) for name, text in headers))
    producer = kafka.producer(Brokers.from_env(env), "largest")
    await producer.start()
    try:
        await producer.send_and_wait(PLAN_EVENTS, value, key=key, headers=headers)
    finally:
        await producer.stop()


def test_each_line_that_the_page_names_is_one_of_the_check() -> None:
    """Facts as Redpanda tells them give every line, save those that are told where something is wrong."""
    there = broker(cluster_id="redpanda.1", topics=topics(REDPANDA | {"unclean.leader.election.enable": "false"}))
    judgements = [*cluster(there, ASKED), *judged(there, ASKED), *rights(there, ASKED)]
    known = {one.id for one in judgements} | {
        "registry.reached",
        "registry.mode",
        "registry.compatibility",
        "registry.security",
    }
    named = {name for *_, told in rows("redpanda.md", "Redpanda", "what follows", "told by") for name in names(told)}

    assert named <= known
    assert {one.id for one in judgements if one.id.startswith("topics.")} - {"topics.there", "topics.partitions"} - {
        "topics.cleanup"
    } <= named
