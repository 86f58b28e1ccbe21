"""Facts of servers that fit, to change one thing of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from schemas.rights import CLUSTER, PROCESSES, Kind, rights_of_all
from schemas.topics import declared
from streams.cluster.check import Check
from streams.cluster.facts import Asked, BrokerFacts, DatabaseFacts, RegistryFacts, TopicFacts
from streams.cluster.judge import OF_LOG_ENDS, SPOKEN

#: Every operation is allowed.
ALL = 0x7FFF
ASKED = Asked(
    replication=3,
    min_insync=2,
    says_min_insync=True,
    session_s=6.0,
    in_the_clear=False,
    nameless=False,
    near=False,
    registry_in_the_clear=False,
    processes=PROCESSES,
)
#: As Redpanda's documentation says: what its topics have beside, and what Kafka's have and they have not.
REDPANDA = {"write.caching": "false", "redpanda.remote.read": "false"}
KAFKA = {"min.insync.replicas": "2", "unclean.leader.election.enable": "false"}


def settings(name: str, **other: str) -> dict[str, str]:
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(declared()[name].retention_ms),
        "retention.bytes": "-1",
        "max.message.bytes": "1048588",
        **{key.replace("_", "."): value for key, value in other.items()},
    }


def topics(own: dict[str, str] | None = None, **other: str) -> dict[str, TopicFacts]:
    more = KAFKA if own is None else own
    return {
        name: TopicFacts(
            topic.partitions, 3, 3, settings(name) | more | {k.replace("_", "."): v for k, v in other.items()}
        )
        for name, topic in declared().items()
    }


BROKER = BrokerFacts(
    cluster_id="kRaFt",
    brokers=3,
    versions=dict.fromkeys([*SPOKEN, *OF_LOG_ENDS], (0, 99)),
    settings={
        "auto.create.topics.enable": "false",
        "group.min.session.timeout.ms": "6000",
        "group.max.session.timeout.ms": "1800000",
        "message.max.bytes": "1048588",
    },
    topics=topics(),
    allowed={(right.kind, right.name): ALL for right in rights_of_all()} | {(Kind.CLUSTER, CLUSTER): ALL},
)
REGISTRY = RegistryFacts(
    types=frozenset({"AVRO", "JSON"}), mode="READWRITE", levels={"a": "FULL_TRANSITIVE"}, ahead_s=0.4
)
DATABASE = DatabaseFacts(
    version=180000, user="marketplace", tls=True, encoding="UTF8", may_create=True, migrated=True, ahead_s=0.01
)


def broker(**other: Any) -> BrokerFacts:
    return replace(BROKER, **other)


def asked(**other: Any) -> Asked:
    return replace(ASKED, **other)


def only(checks: list[Check], id_: str) -> Check:
    (found,) = [check for check in checks if check.id == id_]
    return found
