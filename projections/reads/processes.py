"""The running processes with version and assignment, and the backlog of each group as the watchdog tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from projections.reads.rows import Reader, from_json
from schemas.process.liveness import ASKED, GONE, TOLD
from schemas.process.version import Build

#: Every kind of process that the system needs at least one of.
ROLES: Final = ("gateway", "worker", "runner", "projections", "pump", "watchdog", "alerts")
#: A process that has not said anything for so long, in seconds, is not well.
SILENT_S: Final = 5.0
#: One of several that ended without a word is told of for so long: by then the others have taken over its work. Where
#: another one of its kind has started since, for less; that goes for the only one, too, which may be back before
#: anybody has looked for it.
GONE_S: Final = 7.0
REPLACED_S: Final = 3.0
#: One that was asked or told to end, and has, is started again by its supervisor within so long.
BACK_S: Final = 15.0

_PROCESSES: Final = """
    select source, role, host, pid, version, started_at, silent_s, connected, progress,
           coalesce(told_to_end, '') as told_to_end, coalesce(a.asked_by || ': ' || a.reason, '') as leaves
      from flow.running left join flow.worker_asked a using (worker_id)
    union all
    select source, role, host, pid, version, started_at, extract(epoch from clock_timestamp() - beat_at)::float8, false,
           progress, '', '' from flow.worker w
     cross join lateral (select exists (select from flow.worker o
                                         where o.role = w.role and o.started_at > w.beat_at) as replaced) r
     where stop_reason = $1
       and stopped_at > clock_timestamp() - make_interval(secs => case when replaced then $3::float8 else $2 end)
       and ((replaced and beat_at > clock_timestamp() - make_interval(secs => $2))  -- not since before an outage of all
            or exists (select from flow.worker o where o.role = w.role and o.worker_id <> w.worker_id
                          and o.started_at < w.beat_at and coalesce(o.stopped_at, 'infinity') > w.stopped_at))
    union all
    select source, role, host, pid, version, started_at, extract(epoch from clock_timestamp() - beat_at)::float8, false,
           progress, '', substr(stop_reason, length($4) + 1) from flow.worker w
     where starts_with(stop_reason, $4) and stopped_at > clock_timestamp() - make_interval(secs => $5)
       and not exists (select from flow.worker o
                        where o.role = w.role and o.host = w.host and o.started_at > w.stopped_at)
    union all
    select source, role, host, pid, version, started_at, extract(epoch from clock_timestamp() - beat_at)::float8, false,
           progress, told_to_end, '' from flow.worker w
     where starts_with(stop_reason, $6) and told_to_end is not null
       and stopped_at > clock_timestamp() - make_interval(secs => $5)
       and not exists (select from flow.worker o  -- it may be back before the watchdog has said that it had gone
                        where o.role = w.role and o.host = w.host and o.started_at > w.beat_at)
     order by role, started_at"""


_AGENT: Final = """
    select bool_or(coalesce(progress ->> 'agent', '') <> '') from flow.running where role = 'runner' and connected"""


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition with a backlog: seconds without progress, and its reader ("" without one)."""

    topic: str
    partition: int
    behind: int
    still_seconds: float
    reader: str


@dataclass(frozen=True, slots=True)
class Group:
    """A consumer group: its backlog by partition, and the unread partitions (None: a member does not report).

    `waited_seconds`: how long the first of them has waited, beyond the time of its tier; None from an earlier watchdog.
    """

    name: str
    behind: int
    partitions: list[Partition]
    unread: dict[str, list[int]] | None
    waited_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Process:
    """A running process. `connected`: it holds its lock, so it runs; `silent_seconds`: since its last heartbeat.

    `groups` is what a watchdog has seen of the consumer groups. `told_to_end`: why the watchdog has told it to end and
    to be started again; "" where it has not. `leaves`: who asked it to end in order, and why. In both cases it may have
    ended, and not be back yet.
    """

    source: str
    role: str
    host: str
    pid: int
    version: str
    started_at: datetime
    silent_seconds: float
    connected: bool
    progress: dict[str, Any]
    commit: str = ""
    groups: list[Group] = field(default_factory=list)
    told_to_end: str = ""
    leaves: str = ""

    @property
    def well(self) -> bool:
        return self.connected and self.silent_seconds < SILENT_S

    @property
    def begins_anew(self) -> bool:
        """Return whether the supervisor of a process that was asked to end may still restart it."""
        return bool(self.leaves or (self.told_to_end and self.silent_seconds <= BACK_S))


async def processes(db: Reader) -> list[Process]:
    """Return the processes that run, that ended unexpectedly a moment ago, or that are being restarted."""
    return [_process(row) for row in await db.fetch(_PROCESSES, GONE, GONE_S, REPLACED_S, ASKED, BACK_S, TOLD)]


def groups_seen(running: list[Process]) -> list[Group]:
    """Return the groups by the watchdog with the latest heartbeat; empty if no watchdog reaches the broker.

    What a watchdog saw before an outage of the broker is out of date.
    """
    telling = [p for p in running if p.well and p.groups and not p.progress.get("broker_away_s")]
    return min(telling, key=lambda process: process.silent_seconds).groups if telling else []


def _process(row: Any) -> Process:
    built = Build.parse(row["version"])
    progress = from_json(row["progress"])
    return Process(
        row["source"],
        row["role"],
        row["host"],
        row["pid"],
        built.version,
        row["started_at"],
        round(row["silent_s"], 1),
        row["connected"],
        {name: value for name, value in progress.items() if name != "groups"},
        built.commit,
        [_group(name, told) for name, told in progress.get("groups", {}).items()],
        row["told_to_end"],
        row["leaves"],
    )


def _group(name: str, told: dict[str, Any]) -> Group:
    return Group(
        name,
        told["behind"],
        [Partition(p["topic"], p["partition"], p["behind"], p["still_s"], p["reader"]) for p in told["partitions"]],
        told["unread"],
        told.get("waited_s"),
    )


async def has_agent(db: Reader) -> bool:
    """Return whether a runner has an agent; true if no runner runs, since then it is unknown."""
    told = await db.fetchval(_AGENT)
    return told is not False
