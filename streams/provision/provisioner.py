"""Compares what topics.toml and the catalogue declare with what the broker and the registry have, and makes it so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError

from schemas.catalogue import versions
from schemas.compatibility import LEVEL
from schemas.prefix import outside
from schemas.process import kafka
from schemas.process.places import partitions_of
from schemas.registry import Registry, RegistryError, placements, subject_of
from schemas.topics import Topic, declared, defaults
from streams.broker.redpanda import is_redpanda, refused_min_insync
from streams.settings import Settings

#: A broker makes many topics in one request.
ANSWER_MS: Final = 40_000


@dataclass(slots=True)
class Drift:
    """Topics and settings that are missing or differ. `unfixable` ones are for a person: `apply` exits 2."""

    missing_topics: list[Topic] = field(default_factory=list)
    #: topic -> its partitions, and how many it is to have: as many as the one that grew furthest
    too_few: dict[str, tuple[int, int]] = field(default_factory=dict)
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    missing_schemas: list[tuple[str, str]] = field(default_factory=list)
    unfixable: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the differences, one a line, by the names that the broker and the registry have."""
        return [
            *(f"+ topic {outside(t.name)} ({partitions_of(t.name)} partitions)" for t in self.missing_topics),
            *(f"+ topic {outside(n)}: {had} -> {wanted} partitions" for n, (had, wanted) in self.too_few.items()),
            *(f"~ topic {outside(n)}: {k} = {v}" for n, s in self.settings.items() for k, v in s.items()),
            *(f"+ schema {outside(subject_of(t, e))}" for t, e in self.missing_schemas),
            *(f"! {line}" for line in self.unfixable),
        ]


class Provisioner:
    """Compares and applies. Raises KafkaError, RegistryError and OSError as they come."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._registry = Registry(settings.registry_url)

    async def find_drift(self) -> Drift:
        """Return every difference."""
        drift = Drift()
        admin = await self._admin()
        try:
            existing = set(await admin.list_topics())
            present = [t for t in declared().values() if t.name in existing]
            drift.missing_topics = [t for t in declared().values() if t.name not in existing]
            spoken = await self._compare(admin, present, drift) if present else set()
            cluster = str((await admin.describe_cluster()).get("cluster_id") or "")
        finally:
            await admin.close()
        refused = refused_min_insync(self._settings.min_insync)
        if refused and is_redpanda(cluster, spoken):
            drift.unfixable.append("; ".join(refused))
        await asyncio.to_thread(self._compare_schemas, drift)
        return drift

    async def apply(self, drift: Drift) -> None:
        """Make the differences go away, but for the unfixable ones."""
        admin = await self._admin()
        try:
            if drift.missing_topics:
                await self._create(admin, drift.missing_topics)
            if drift.too_few:
                wanted = {name: NewPartitions(wanted) for name, (_, wanted) in drift.too_few.items()}
                await admin.create_partitions(wanted)
            if drift.settings:
                # alter_configs replaces all settings of a topic, so all of ours go along
                await admin.alter_configs(
                    [
                        ConfigResource(ConfigResourceType.TOPIC, name, configs=self._wanted(declared()[name]))
                        for name in drift.settings
                    ]
                )
        finally:
            await admin.close()
        await asyncio.to_thread(self._register, drift.missing_schemas)

    async def make_partitions(self, wanted: int) -> None:
        """Give every topic that grows so many partitions, where it has fewer."""
        admin = await self._admin()
        try:
            fewer = [name for name, count in (await _grown(admin)).items() if count < wanted]
            if fewer:
                await admin.create_partitions({name: NewPartitions(wanted) for name in fewer})
        finally:
            await admin.close()

    async def fewest_partitions(self) -> int:
        """Return how many partitions each topic that grows has at least, as some broker tells."""
        admin = await self._admin()
        try:
            return min((await _grown(admin)).values())
        finally:
            await admin.close()

    async def _admin(self) -> AIOKafkaAdminClient:
        admin = kafka.admin(self._settings.brokers, "provision", answer_ms=ANSWER_MS)
        await admin.start()
        return admin

    def _wanted(self, topic: Topic) -> dict[str, str]:
        insync = self._settings.min_insync or defaults()["min_insync_replicas"]
        return {
            "retention.ms": str(topic.retention_ms),
            "cleanup.policy": "delete",
            "min.insync.replicas": str(insync),
        }

    async def _compare(self, admin: AIOKafkaAdminClient, topics: list[Topic], drift: Drift) -> set[str]:
        """Note what differs; return the names of the settings that the broker speaks of."""
        spoken: set[str] = set()
        seen = await admin.describe_topics([t.name for t in topics])
        _compare_partitions({topic["topic"]: len(topic["partitions"]) for topic in seen}, drift)
        answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, t.name) for t in topics])
        for answer in answers:
            for _error, _message, _kind, name, entries in answer.resources:
                values = {entry[0]: entry[1] for entry in entries}
                spoken |= values.keys()
                # a setting that a broker does not speak of is one that it does not have (Redpanda: min.insync.replicas)
                settings = self._wanted(declared()[name])
                different = {k: v for k, v in settings.items() if k in values and values[k] != v}
                if different:
                    drift.settings[name] = different
        return spoken

    async def _create(self, admin: AIOKafkaAdminClient, topics: list[Topic]) -> None:
        replication = self._settings.replication or defaults()["replication"]
        with suppress(TopicAlreadyExistsError):  # somebody else provisions at the same time
            await admin.create_topics(
                [NewTopic(t.name, partitions_of(t.name), replication, topic_configs=self._wanted(t)) for t in topics]
            )
        deadline = time.monotonic() + 30
        names = {t.name for t in topics}
        while not names <= set(await admin.list_topics()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"topics do not appear: {', '.join(sorted(names))}")
            await asyncio.sleep(0.1)

    def _compare_schemas(self, drift: Drift) -> None:
        subjects = set(self._registry.subjects())
        for topic, type_ in placements():
            subject = subject_of(topic, type_)
            if subject not in subjects:
                drift.missing_schemas.append((topic, type_))
                continue
            try:
                for version in versions()[type_]:
                    self._registry.lookup(subject, version.raw)
            except RegistryError as error:
                if error.status != 404:
                    raise
                drift.missing_schemas.append((topic, type_))

    def _register(self, missing: list[tuple[str, str]]) -> None:
        for topic, type_ in missing:
            subject = subject_of(topic, type_)
            self._registry.set_compatibility(subject, LEVEL)
            for version in versions()[type_]:  # old ones too: events of theirs are read for ever
                self._registry.register(subject, version.raw)


async def _grown(admin: AIOKafkaAdminClient) -> dict[str, int]:
    """Return how many partitions each topic has that grows."""
    seen = await admin.describe_topics([topic.name for topic in declared().values() if topic.grows])
    return {topic["topic"]: len(topic["partitions"]) for topic in seen}


def _compare_partitions(there: Mapping[str, int], drift: Drift) -> None:
    """Note the topics with another number of partitions. Those that grow have all as many as the largest of them.

    Some more than are dealt among do no harm: a plan's id says among how many it is dealt.
    """
    grown = max((there[name] for name in there if declared()[name].grows), default=0)
    for name, count in there.items():
        wanted = max(partitions_of(name), grown) if declared()[name].grows else declared()[name].partitions
        if count < wanted and count >= declared()[name].partitions:
            drift.too_few[name] = (count, wanted)
        elif count != wanted:
            drift.unfixable.append(
                f"topic {outside(name)} has {count} partitions, not {wanted}: changing that would change the order of"
                " plans; make a new topic and move"
            )
