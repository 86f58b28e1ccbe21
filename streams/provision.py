"""Topics and schemas: what topics.toml declares against what the broker and the registry have.

`plan` prints the differences and exits 2 where there are any, 0 where there are none; `apply` makes them go away, and
notes where in the log signing begins. `retire KEY` notes where the records of a producers' key end: later ones are not
believed. Partition counts are never changed: the key decides the partition, and with it the order.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError

from schemas.catalogue import versions
from schemas.process import kafka, logs, start
from schemas.process.database_away import DATABASE_FAILS
from schemas.process.kafka import BROKER_AWAY
from schemas.process.named import named
from schemas.process.signing import RETIRED_S
from schemas.registry import Registry, RegistryError, placements, subject_of
from schemas.topics import Topic, declared, defaults
from streams.settings import Settings
from streams.signing_begins import begin_belief, end_belief

COMPATIBILITY = "FULL_TRANSITIVE"
#: A broker answers before its metadata follow: so long `apply` waits to see what it has done.
SETTLE_S = 15.0
WRONG_USE: Final = 64
#: What says that a server is not there.
AWAY: Final[tuple[type[Exception], ...]] = (*BROKER_AWAY, RegistryError, *DATABASE_FAILS)
#: A broker makes many topics in one request.
ANSWER_MS = 40_000


@dataclass(slots=True)
class Drift:
    """Topics and settings that are missing or differ. `unfixable` ones are for a person: `apply` exits 2."""

    missing_topics: list[Topic] = field(default_factory=list)
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    missing_schemas: list[tuple[str, str]] = field(default_factory=list)
    unfixable: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the differences, one a line."""
        return [
            *(f"+ topic {t.name} ({t.partitions} partitions)" for t in self.missing_topics),
            *(f"~ topic {n}: {k} = {v}" for n, s in self.settings.items() for k, v in s.items()),
            *(f"+ schema {subject_of(t, e)}" for t, e in self.missing_schemas),
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
            if present:
                await self._compare(admin, present, drift)
        finally:
            await admin.close()
        await asyncio.to_thread(self._compare_schemas, drift)
        return drift

    async def apply(self, drift: Drift) -> None:
        """Make the differences go away, but for the unfixable ones."""
        admin = await self._admin()
        try:
            if drift.missing_topics:
                await self._create(admin, drift.missing_topics)
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

    async def _compare(self, admin: AIOKafkaAdminClient, topics: list[Topic], drift: Drift) -> None:
        for seen in await admin.describe_topics([t.name for t in topics]):
            wanted = declared()[seen["topic"]]
            count = len(seen["partitions"])
            if count != wanted.partitions:
                drift.unfixable.append(
                    f"topic {wanted.name} has {count} partitions, not {wanted.partitions}: changing that would change"
                    " the order of plans; make a new topic and move"
                )
        answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, t.name) for t in topics])
        for answer in answers:
            for _error, _message, _kind, name, entries in answer.resources:
                values = {entry[0]: entry[1] for entry in entries}
                # a setting that a broker does not speak of is one that it does not have (Redpanda: min.insync.replicas)
                settings = self._wanted(declared()[name])
                different = {k: v for k, v in settings.items() if k in values and values[k] != v}
                if different:
                    drift.settings[name] = different

    async def _create(self, admin: AIOKafkaAdminClient, topics: list[Topic]) -> None:
        replication = self._settings.replication or defaults()["replication"]
        with suppress(TopicAlreadyExistsError):  # somebody else provisions at the same time
            await admin.create_topics(
                [NewTopic(t.name, t.partitions, replication, topic_configs=self._wanted(t)) for t in topics]
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
            self._registry.set_compatibility(subject, COMPATIBILITY)
            for version in versions()[type_]:  # old ones too: events of theirs are read for ever
                self._registry.register(subject, version.raw)


async def run(action: str, settings: Settings) -> int:
    """Return the exit code of `plan` or `apply`."""
    provisioner = Provisioner(settings)
    drift = await provisioner.find_drift()
    for line in drift.lines():
        print(line)
    if not drift.lines():
        print("topics and schemas are as declared")
        if action == "apply":
            await begin_belief(settings)
        return 0
    if action == "plan":
        return 2
    await provisioner.apply(drift)
    deadline = time.monotonic() + SETTLE_S
    while True:
        left = await provisioner.find_drift()
        settled = len(left.lines()) == len(left.unfixable)
        if settled or time.monotonic() > deadline:
            await begin_belief(settings)
            return 2 if left.lines() else 0
        await asyncio.sleep(0.1)


async def retire(key_id: str, settings: Settings) -> int:
    """Return the exit code of `retire`: 2 where the key is the one that signs, or is none that was ever given."""
    keys = settings.signing.keys
    if key_id == keys.own or key_id not in keys.secrets:
        print(f"{key_id} is not a key that can be retired: it has to be known here, and another one has to sign")
        return 2
    print(f"records of key {key_id} are believed up to here, in {await end_belief(settings, key_id)} partitions")
    print(f"processes learn it by themselves, within {RETIRED_S:.0f} s: nothing needs to be started again")
    print(f"leave {key_id} among the keys: what it has signed is in the log, and a rebuild believes it by the key")
    return 0


def main() -> int:
    """Run one action; return the exit status. 2 is taken: `plan` says by it that something differs."""
    match sys.argv[1:]:
        case ["plan" | "apply" as action]:
            act = partial(run, action)
        case ["retire", key_id]:
            act = partial(retire, key_id)
        case _:
            print("usage: python -m streams.provision plan|apply|retire KEY", file=sys.stderr)
            return WRONG_USE
    return start.run_command("provision", Settings.from_env, partial(_act, act), refused=WRONG_USE)


async def _act(act: Callable[[Settings], Awaitable[int]], settings: Settings) -> int:
    try:
        return await act(settings)
    except AWAY as error:
        logs.tell(f"provision: {named(error)}", failed=True)
        return start.FAILED


if __name__ == "__main__":
    sys.exit(main())
