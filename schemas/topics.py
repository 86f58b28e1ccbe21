"""topics.toml as typed constants."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Any, Final

PLAN_EVENTS: Final = "plan.events"
TASK_EVENTS: Final = "task.events"
GOODS_EVENTS: Final = "goods.events"
SYSTEM_EVENTS: Final = "system.events"
REDELIVER: Final = "agents.redeliver"
AGENTS_DLQ: Final = "agents.dlq"
PROJECTIONS_DLQ: Final = "projections.dlq"
# consumer groups
AGENTS: Final = "agents"
ANALYSIS: Final = "analysis"
RETRY_PUMP: Final = "retry-pump"
PROJECTIONS: Final = "projections"
#: lane -> topic, first lane first
WORK: Final = {lane: f"analysis.work.{lane}" for lane in ("high", "normal", "low")}
#: the ladder of delay topics, with the delay in seconds
RETRY_TIERS: Final = (("agents.retry.1s", 1.0), ("agents.retry.5s", 5.0), ("agents.retry.30s", 30.0))


@dataclass(frozen=True, slots=True)
class Topic:
    """One declared topic. `retention_ms` -1 keeps for ever. `writers` are roles of processes, `producers` packages.

    `grows`: partitions can be added to it, and `partitions` are those that it has at first.
    """

    name: str
    doc: str
    key: str
    partitions: int
    grows: bool
    retention_ms: int
    producers: tuple[str, ...]
    writers: tuple[str, ...]
    consumers: tuple[str, ...]
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A consumer group. `role` is the role of its member processes.

    `retries`: whether records that fail wait in the tiers. `redelivered`: the topic of its own in which the group gets
    parked records back, in the order of their keys; None if they come back on the topic that they came from.
    """

    name: str
    doc: str
    package: str
    role: str
    topics: tuple[str, ...]
    retries: bool
    redelivered: str | None


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files("schemas").joinpath("topics.toml").read_text("utf-8"))


@cache
def _types() -> list[str]:
    """Return every event type that has a schema, such as plan.approved of plan.approved.v2.avsc."""
    names = (file.name for file in resources.files("schemas").joinpath("avro").iterdir())
    return sorted({name.rpartition(".v")[0] for name in names if name.endswith(".avsc")})


@cache
def groups() -> dict[str, Group]:
    """Return every consumer group of topics.toml by name."""
    return {
        name: Group(
            name=name,
            doc=g["doc"],
            package=g["package"],
            role=g["role"],
            topics=tuple(g["topics"]),
            retries=g.get("retries", False),
            redelivered=g.get("redelivered"),
        )
        for name, g in _file()["groups"].items()
    }


@cache
def group_of(role: str) -> str | None:
    """Return the group whose members are the processes of a role, None where they are in none."""
    return next((group.name for group in groups().values() if group.role == role), None)


@cache
def declared() -> dict[str, Topic]:
    """Return every topic of topics.toml by name."""
    return {
        name: Topic(
            name=name,
            doc=t["doc"],
            key=t["key"],
            partitions=t["partitions"],
            grows=t.get("grows", False),
            retention_ms=t["retention_ms"],
            producers=tuple(t["producers"]),
            writers=tuple(t["writers"]),
            consumers=tuple(t["consumers"]),
            events=tuple(type_ for type_ in _types() if any(fnmatchcase(type_, one) for one in t["events"])),
        )
        for name, t in _file().items()
        if name not in ("defaults", "groups")
    }


@cache
def defaults() -> dict[str, int]:
    """Return replication and min_insync_replicas for a single broker."""
    return dict(_file()["defaults"])


@cache
def home_of(type_: str) -> str:
    """Return the one topic of an event type that does not depend on a lane.

    Raises KeyError for a type that no topic declares.
    """
    for topic in declared().values():
        if type_ in topic.events:
            return topic.name
    raise KeyError(type_)
