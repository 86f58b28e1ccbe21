"""Asks the brokers, by Kafka's protocol alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import GroupAuthorizationFailedError, IncompatibleBrokerVersion, KafkaError, for_code
from aiokafka.protocol.admin import ApiVersionRequest

from schemas.process import kafka
from schemas.process.kafka import Brokers
from schemas.rights import CLUSTER, Kind, rights_of_all
from schemas.topics import declared
from streams.broker.asking import ask
from streams.broker.protocol import UNTOLD, Group, Metadata
from streams.cluster.facts import BrokerFacts, TopicFacts

#: The code of an error in an answer: a topic that this user may not see.
HIDDEN: Final = 29
#: How long a broker that has had no group yet may take until it tells of them.
GROUPS_S: Final = 10.0
#: A busy broker takes its time for all topics' settings.
ANSWER_MS: Final = 20_000


async def ask_broker(brokers: Brokers) -> BrokerFacts:
    """Return what the cluster tells. Raises KafkaError and OSError where it cannot be reached."""
    admin = kafka.admin(brokers, "cluster", answer_ms=ANSWER_MS)
    try:
        await admin.start()
        return await _facts(admin)
    finally:
        await admin.close()


async def _facts(admin: AIOKafkaAdminClient) -> BrokerFacts:
    versions = {key: (low, high) for key, low, high in (await ask(admin, ApiVersionRequest())).api_versions}
    allowed: dict[tuple[Kind, str], int] = {}
    try:
        seen = (await ask(admin, Metadata(list(declared())))).to_object()
    except IncompatibleBrokerVersion:
        # a broker that tells no rights: to ask for topics by name could make them there, so all are asked for
        seen = {**await admin.describe_cluster(), "topics": await admin.describe_topics()}
    else:
        allowed = await _rights(admin, seen)
    ours = [topic for topic in seen["topics"] if topic["topic"] in declared()]
    there = {topic["topic"]: topic for topic in ours if topic["error_code"] == 0}
    hidden = {topic["topic"] for topic in ours if topic["error_code"] == HIDDEN}
    settings = await _topic_settings(admin, sorted(there))
    return BrokerFacts(
        cluster_id=str(seen.get("cluster_id") or "without an id"),
        brokers=len(seen["brokers"]),
        versions=versions,
        settings=await _broker_settings(admin, seen["brokers"][0]["node_id"]) if seen["brokers"] else None,
        topics={name: _topic(topic, settings.get(name)) for name, topic in there.items()},
        hidden=frozenset(hidden),
        allowed=allowed,
    )


async def _rights(admin: AIOKafkaAdminClient, seen: Mapping[str, Any]) -> dict[tuple[Kind, str], int]:
    found = {
        (Kind.TOPIC, str(topic["topic"])): int(topic["authorized_operations"])
        for topic in seen["topics"]
        if topic["error_code"] == 0
    }
    # 0 says that nothing is allowed, or that nothing may be known
    if seen["authorized_operations"]:
        found[Kind.CLUSTER, CLUSTER] = int(seen["authorized_operations"])
    for name in dict.fromkeys(right.name for right in rights_of_all() if right.kind is Kind.GROUP):
        bits = await _group(admin, name)
        if bits is not None:
            found[Kind.GROUP, name] = bits
    return {resource: bits for resource, bits in found.items() if bits != UNTOLD}


async def _group(admin: AIOKafkaAdminClient, name: str) -> int | None:
    """Return what may be done with a group; None where the broker does not tell.

    A broker that has had no group yet makes the topic of their offsets first, and says so meanwhile.
    """
    give_up = time.monotonic() + GROUPS_S
    while True:
        try:
            coordinator = await admin.find_coordinator(name)
            answer = await ask(admin, Group(name), coordinator)
            (group,) = answer.to_object()["groups"]
            if not group["error_code"]:
                return int(group["authorized_operations"])
            raise for_code(group["error_code"])(name)
        except GroupAuthorizationFailedError:
            return 0
        except KafkaError as error:
            if not error.retriable or time.monotonic() > give_up:
                return None
        await asyncio.sleep(0.2)


def _topic(topic: Mapping[str, Any], settings: Mapping[str, str] | None) -> TopicFacts:
    parts = topic["partitions"]
    return TopicFacts(
        partitions=len(parts),
        replicas=min((len(part["replicas"]) for part in parts), default=0),
        in_sync=min((len(part["isr"]) for part in parts), default=0),
        settings=settings,
    )


async def _topic_settings(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    return await _settings(admin, resources)


async def _broker_settings(admin: AIOKafkaAdminClient, node: int) -> dict[str, str] | None:
    found = await _settings(admin, [ConfigResource(ConfigResourceType.BROKER, str(node))])
    return found.get(str(node))


async def _settings(admin: AIOKafkaAdminClient, resources: list[ConfigResource]) -> dict[str, dict[str, str]]:
    """Return resource -> setting -> value, of those that this user may read."""
    if not resources:
        return {}
    found: dict[str, dict[str, str]] = {}
    try:
        answers = await admin.describe_configs(resources)
    except IncompatibleBrokerVersion:  # what this user may not read is told by a code; all else is no answer
        return {}
    for answer in answers:
        for error, _message, _kind, name, entries in answer.resources:
            if not error:
                found[name] = {entry[0]: entry[1] for entry in entries if entry[1] is not None}
    return found
