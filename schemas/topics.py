"""topics.toml as typed constants."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

PLAN_EVENTS: Final = "plan.events"
TASK_EVENTS: Final = "task.events"
SYSTEM_EVENTS: Final = "system.events"
REDELIVER: Final = "agents.redeliver"
AGENTS_DLQ: Final = "agents.dlq"
PROJECTIONS_DLQ: Final = "projections.dlq"
#: lane -> topic, first lane first
WORK: Final = {lane: f"analysis.work.{lane}" for lane in ("high", "normal", "low")}
#: the ladder of delay topics, with the delay in seconds
RETRY_TIERS: Final = (("agents.retry.1s", 1.0), ("agents.retry.5s", 5.0), ("agents.retry.30s", 30.0))


@dataclass(frozen=True, slots=True)
class Topic:
    """One declared topic. `retention_ms` -1 keeps for ever."""

    name: str
    doc: str
    key: str
    partitions: int
    retention_ms: int
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    events: tuple[str, ...]


@cache
def declared() -> dict[str, Topic]:
    """Return every topic of topics.toml by name."""
    raw = tomllib.loads(resources.files("schemas").joinpath("topics.toml").read_text("utf-8"))
    raw.pop("defaults")
    return {
        name: Topic(
            name=name,
            doc=t["doc"],
            key=t["key"],
            partitions=t["partitions"],
            retention_ms=t["retention_ms"],
            producers=tuple(t["producers"]),
            consumers=tuple(t["consumers"]),
            events=tuple(t["events"]),
        )
        for name, t in raw.items()
    }


@cache
def defaults() -> dict[str, int]:
    """Return replication and min_insync_replicas for a single broker."""
    raw = tomllib.loads(resources.files("schemas").joinpath("topics.toml").read_text("utf-8"))
    return dict(raw["defaults"])


@cache
def home_of(type_: str) -> str:
    """Return the one topic of an event type that does not depend on a lane.

    Raises KeyError for a type that no topic declares.
    """
    for topic in declared().values():
        if type_ in topic.events:
            return topic.name
    raise KeyError(type_)
