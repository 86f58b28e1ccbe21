"""The answers of brokers, registry and database. None: a server did not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.rights import Kind
from streams.broker.redpanda import is_redpanda


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """One topic as its broker tells it. `settings` are those that it speaks of; None where they may not be read."""

    partitions: int
    replicas: int  # the fewest of a partition
    in_sync: int  # the fewest of a partition
    settings: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class BrokerFacts:
    """A cluster. `versions`: API key -> lowest and highest version; `settings` those of one broker.

    `topics` are those of ours that are there. `hidden` may not be seen by this user, there or not. `allowed` has the
    bits of what this user may do, by resource; empty where the broker does not tell.
    """

    cluster_id: str
    brokers: int
    versions: Mapping[int, tuple[int, int]]
    settings: Mapping[str, str] | None
    topics: Mapping[str, TopicFacts]
    hidden: frozenset[str] = frozenset()
    allowed: Mapping[tuple[Kind, str], int] = field(default_factory=dict)

    @property
    def is_redpanda(self) -> bool:
        """Whether it is a Redpanda, by the id of the cluster or by settings that only Redpanda has."""
        return is_redpanda(self.cluster_id, {name for topic in self.topics.values() for name in topic.settings or ()})


@dataclass(frozen=True, slots=True)
class RegistryFacts:
    """A registry. `away` says why it could not be asked; `refused` why it does not give the schemas' ids.

    `levels`: subject -> its own level of compatibility, of those of ours that are there. `ahead_s`: its clock less
    ours.
    """

    away: str = ""
    refused: str = ""
    missing: bool = False  # schemas are not registered, or not all
    types: frozenset[str] | None = None
    mode: str | None = None
    levels: Mapping[str, str] | None = None
    ahead_s: float | None = None


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """A database. `away` says why it could not be asked. `ahead_s`: its clock less ours."""

    away: str = ""
    version: int = 0  # such as 160004
    user: str = ""
    superuser: bool = False
    tls: bool = False
    encoding: str = ""
    standby: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    may_create: bool = False  # schemas, in this database
    migrated: bool = False
    closed: tuple[str, ...] = ()  # tables of ours that this user may not read and write
    ahead_s: float = 0.0
    log_prefix: str | None = None  # under which its log is; None where nobody has noted it


@dataclass(frozen=True, slots=True)
class Asked:
    """What the settings require of the servers. `session_s`: the session timeout of group members, in seconds."""

    replication: int
    min_insync: int
    says_min_insync: bool
    session_s: float
    in_the_clear: bool  # brokers are spoken to without TLS
    nameless: bool  # without a user
    near: bool  # every server is on this machine
    registry_in_the_clear: bool
    processes: tuple[str, ...]
    prefix: str = ""  # before the names of topics, groups and subjects outside
