"""What each process may do at the broker: the least that it needs, by the topics, their writers and the groups.

Names of operations and resources are those of Kafka, as its protocol and its tools say them. Who may write a topic may
describe it, too; so may who reads it, and who reads a group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from schemas.prefix import outside
from schemas.topics import AGENTS, ANALYSIS, PROJECTIONS, RETRY_PUMP, declared, groups


class Operation(StrEnum):
    """Kafka's operations, as far as a process of ours needs them."""

    READ = "Read"
    WRITE = "Write"
    CREATE = "Create"
    DESCRIBE = "Describe"
    DESCRIBE_CONFIGS = "DescribeConfigs"
    ALTER = "Alter"
    ALTER_CONFIGS = "AlterConfigs"
    IDEMPOTENT_WRITE = "IdempotentWrite"


class Kind(StrEnum):
    """What a right is about."""

    TOPIC = "topic"
    GROUP = "group"
    CLUSTER = "cluster"


#: The code of each operation in the protocol: bit n of an answer about rights says whether n is allowed.
CODES: Final = {
    Operation.READ: 3,
    Operation.WRITE: 4,
    Operation.CREATE: 5,
    Operation.ALTER: 7,
    Operation.DESCRIBE: 8,
    Operation.DESCRIBE_CONFIGS: 10,
    Operation.ALTER_CONFIGS: 11,
    Operation.IDEMPOTENT_WRITE: 12,
}
#: The one resource of its kind.
CLUSTER: Final = "kafka-cluster"
#: The group in whose name the projections show their offsets; a rebuild reads beside it and commits nothing.
SHOWN: Final = f"{PROJECTIONS}-rm"
#: Roles of processes, and the commands that speak to the broker as a user of their own.
PROCESSES: Final = ("gateway", "worker", "runner", "pump", "projections", "watchdog", "provision", "verify", "backup")


@dataclass(frozen=True, slots=True)
class Right:
    """One operation on one resource."""

    kind: Kind
    name: str
    operation: Operation


def rights_of(process: str) -> tuple[Right, ...]:
    """Return what a process needs, in a fixed order. Raises KeyError for one that does not speak to the broker."""
    if process not in PROCESSES:
        raise KeyError(process)
    return tuple(dict.fromkeys([*_written(process), *_read(process), *_asked(process)]))


def rights_of_all() -> tuple[Right, ...]:
    """Return what one user needs that all processes share."""
    return tuple(dict.fromkeys(right for process in PROCESSES for right in rights_of(process)))


def at_broker(rights: Iterable[Right]) -> tuple[Right, ...]:
    """Return the rights by the names that topics and groups have at the broker."""
    return tuple(
        right if right.kind is Kind.CLUSTER else Right(right.kind, outside(right.name), right.operation)
        for right in rights
    )


def missing(needed: Sequence[Right], allowed: Mapping[tuple[Kind, str], int]) -> list[Right]:
    """Return the rights that are not there; `allowed` has the bits of each resource that is known."""
    return [right for right in needed if not allowed.get((right.kind, right.name), -1) >> CODES[right.operation] & 1]


def _topics(names: Iterable[str], operation: Operation) -> list[Right]:
    return [Right(Kind.TOPIC, name, operation) for name in names]


def _written(process: str) -> list[Right]:
    names = [topic.name for topic in declared().values() if process in topic.writers]
    # Kafka gives the producer's id to whoever may write any topic, since 3.0; Redpanda wants it said
    idempotent = [Right(Kind.CLUSTER, CLUSTER, Operation.IDEMPOTENT_WRITE)] if names else []
    return [*_topics(names, Operation.WRITE), *idempotent]


def _read(process: str) -> list[Right]:
    found = []
    for group in groups().values():
        if process == group.role:
            shown = SHOWN if group.name == PROJECTIONS else group.name
            found += [*_topics(group.topics, Operation.READ), Right(Kind.GROUP, shown, Operation.READ)]
    if process == "verify":
        found += _topics(groups()[PROJECTIONS].topics, Operation.READ)
    return found


def _asked(process: str) -> list[Right]:
    """Return what is asked or changed beside the records."""
    if process in ("watchdog", "backup"):
        read = dict.fromkeys(topic for group in groups().values() for topic in group.topics)
        watched = [Right(Kind.GROUP, group, Operation.DESCRIBE) for group in (AGENTS, ANALYSIS, RETRY_PUMP)]
        # to the watchdog brokers tell how full their disks are
        disks = [Right(Kind.CLUSTER, CLUSTER, Operation.DESCRIBE)] if process == "watchdog" else []
        # a backup reads all of it; the watchdog the last record that is left of a log that was cut: when that was
        return [*_topics(read, Operation.READ), *watched, *disks]
    if process == "provision":
        on_topics = (Operation.CREATE, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS, Operation.ALTER_CONFIGS)
        every = [right for operation in on_topics for right in _topics(declared(), operation)]
        return [*every, *_topics([topic.name for topic in declared().values() if topic.grows], Operation.ALTER)]
    return []
