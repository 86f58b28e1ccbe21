"""Reads the state of the system from Postgres, and remembers for how long nothing has moved."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final

import orjson

from schemas.process.connection import Db
from schemas.process.sessions import FROZEN_S
from schemas.topics import PROJECTIONS, group_of
from streams.watchdog.broker import GROUPS, BrokerView
from streams.watchdog.deadlines import BATCH
from streams.watchdog.reach import PROJECTED
from streams.watchdog.settings import Patience
from streams.watchdog.snapshot import Holder, Place, Role, System

#: A process that has been frozen for so long reads nothing any more: its sessions were ended, others took over.
STILL_ASSIGNED_S: Final = FROZEN_S + 5.0
#: The outbox is counted up to here: more says nothing more.
COUNTED: Final = 1000

# One question for all that a tick looks at: where nothing runs, one row without a process.
_TICK: Final = """
    select worker_id, source, role, host, pid, born, connected, silent_s, progress, told_to_end,
           extract(epoch from clock_timestamp() - started_at)::float8 as age_s, off, missed
      from (select (select coalesce(array_agg(name), '{}') from flow.flag where not enabled) as off,
                   exists (select from unnest($1::text[], $2::float8[]) due (kind, s)
                            where exists (select from flow.deadline d where d.kind = due.kind
                                             and d.check_from < clock_timestamp() - make_interval(secs => due.s)))
                       as missed) here
      left join flow.running on true
"""
#: After a look that came so late nobody is still: what there was to see is old.
GAP_S: Final = 8.0
#: How often it is looked how far the projections are.
PROJECTED_S: Final = 1.0
_REST: Final = f"""
    select (select count(*) from (select 1 from decide.outbox
             where published_at is null and held_at is null limit {COUNTED}) o) as waiting,
           (select extract(epoch from clock_timestamp() - published_at)::float8 from decide.outbox
             where published_at is not null order by published_at desc limit 1) as relay_still_s,
           (select extract(epoch from clock_timestamp() - max(changed_at))::float8
              from rm.projection_offset) as rm_still_s,
           (select coalesce(array_agg(name), '{{}}') from flow.breaker where state <> 'closed') as breakers,
           (select coalesce(array_agg(name), '{{}}') from flow.flag where not enabled) as off,
           (select extract(epoch from clock_timestamp() - changed_at)::float8 from flow.flag
             where name = 'queue_processing' and enabled and version > 0) as resumed_s
"""  # noqa: S608 - a constant
# A person's hold ends with its time, with a reset, or with the switch that lets all breakers hold nothing back.
_HELD_BACK: Final = """
    select b.name, b.reason, b.state = 'open' and b.forced and coalesce(b.retry_at > clock_timestamp(), true)
                             and coalesce(f.enabled, true) as held_back,
           extract(epoch from clock_timestamp() - case
               when b.state = 'open' and b.forced
               then least(b.retry_at, case when not f.enabled then f.changed_at end)
               else b.held_until end)::float8 as released_s,
           case when b.name like 'agent:%' and b.state = 'closed' and b.version > 0
                 and b.changed_at > clock_timestamp() - interval '1 minute'
                then extract(epoch from clock_timestamp() - b.changed_at)::float8 end as closed_s
      from flow.breaker b left join flow.flag f on f.name = 'circuit_breaker'
     where (b.name like 'agent:%' or b.name like 'plan:%')
       and (b.forced or b.held_until > clock_timestamp() - interval '1 day'
            or b.changed_at > clock_timestamp() - interval '1 minute')
"""


@dataclass(frozen=True, slots=True)
class Process:
    """A running process, as its row and its lock say."""

    worker_id: int
    source: str
    role: str
    host: str
    pid: int
    born: float
    connected: bool
    silent_s: float
    age_s: float
    told_to_end: str | None
    progress: dict[str, Any]

    @property
    def busy(self) -> int:
        """How many items are under way."""
        return int(self.progress.get("in_flight", 0))

    @property
    def waiting(self) -> int:
        """How many records it has taken and not begun."""
        return int(self.progress.get("waiting", 0))

    @property
    def still_s(self) -> float:
        """For how long it has handled nothing, as it says itself."""
        return float(self.progress.get("idle_s", 0.0)) + self.silent_s

    @property
    def places(self) -> frozenset[Place] | None:
        """The partitions that it says it reads; None where it does not say, as an earlier version."""
        assigned, group = self.progress.get("holds"), group_of(self.role)
        if assigned is None or group is None:
            return None
        return frozenset((group, topic, partition) for topic, numbers in assigned.items() for partition in numbers)


@dataclass(slots=True)
class SystemView:
    """The newest view. `look` takes a view of the processes, `gather` of all else.

    `off`: the flags that are switched off; `missed`: a deadline has passed. Both as of the last look.
    """

    patience: Patience
    broker: BrokerView
    processes: list[Process] = field(default_factory=list)
    off: frozenset[str] = frozenset()
    missed: bool = False
    _moved_at: dict[int, float] = field(default_factory=dict)
    _handled: dict[int, int] = field(default_factory=dict)
    _in_hand_at: dict[int, float] = field(default_factory=dict)
    _assigned_since: dict[int, tuple[object, dict[Place, float]]] = field(default_factory=dict)
    _projected_at: float = -inf
    _looked_at: float = -inf
    _forgiven_at: float = inf

    async def look(self, connection: Db) -> None:
        """See which processes run and which of them have moved something."""
        rows = await connection.fetch(_TICK, list(BATCH), [self.patience.due_s(kind) for kind in BATCH])
        self.off, self.missed = frozenset(rows[0]["off"]), rows[0]["missed"]
        now = time.monotonic()
        if now - self._looked_at > GAP_S:  # it is the first look, or the database kept all waiting who write to it
            self._moved_at = dict.fromkeys(self._moved_at, now)
            self._forgiven_at = now
            self.broker.forgive()
        self._looked_at = now
        self.processes = [
            Process(
                row["worker_id"],
                row["source"],
                row["role"],
                row["host"],
                row["pid"],
                row["born"],
                row["connected"],
                row["silent_s"],
                row["age_s"],
                row["told_to_end"],
                orjson.loads(row["progress"]),
            )
            for row in rows
            if row["worker_id"] is not None
        ]
        for process in self.processes:
            handled = int(process.progress.get("handled", 0))
            if self._handled.get(process.worker_id) != handled:
                self._handled[process.worker_id] = handled
                self._moved_at[process.worker_id] = now
            if process.busy or process.waiting or process.worker_id not in self._in_hand_at:
                self._in_hand_at[process.worker_id] = now
            # after a rebalance it reads them anew: what waited meanwhile did not wait for it
            generation = process.progress.get("generation")
            seen, before = self._assigned_since.get(process.worker_id, (generation, {}))
            kept = before if seen == generation else {}
            assigned = {place: kept.get(place, now) for place in process.places or ()}
            self._assigned_since[process.worker_id] = generation, assigned
        if self.broker.seen and now - self._projected_at >= PROJECTED_S:
            self._projected_at = now
            rows = await connection.fetch(PROJECTED)
            done = {(PROJECTIONS, row["topic"], row["partition"]): row["next_offset"] for row in rows}
            self.broker.note(PROJECTIONS, done)
        for gone in self._handled.keys() - {p.worker_id for p in self.processes}:
            del self._handled[gone], self._moved_at[gone], self._in_hand_at[gone], self._assigned_since[gone]

    def frozen(self, process: Process) -> bool:
        """Say whether a process keeps its connection and writes no heartbeat."""
        return process.connected and process.silent_s > self.patience.frozen_s

    def still_s(self, process: Process) -> float:
        """Return for how long a process has handled nothing: as was seen, or as it says, which is more exact."""
        now = time.monotonic()
        return max(now - self._moved_at[process.worker_id], min(process.still_s, now - self._forgiven_at))

    def idle_s(self, process: Process) -> float:
        """Return for how long a process has had nothing in hand, as often as it said so."""
        return time.monotonic() - self._in_hand_at[process.worker_id]

    def left_s(self, process: Process) -> dict[Place, float]:
        """Return for how long a process has left each partition where something waits, counted from when it got it."""
        now, still = time.monotonic(), self.broker.still()
        _, since = self._assigned_since[process.worker_id]
        return {place: min(still[place], now - since[place]) for place in since if place in still}

    async def gather(self, connection: Db) -> System:
        """Return the snapshot for the diagnosis. `look` comes first."""
        row = (await connection.fetch(_REST))[0]
        holds = await connection.fetch(_HELD_BACK)
        return System(
            roles=self._roles(),
            off=frozenset(row["off"]),
            resumed_s=inf if row["resumed_s"] is None else max(0.0, row["resumed_s"]),
            open_breakers=tuple(row["breakers"]),
            held_back={hold["name"]: hold["reason"] for hold in holds if hold["held_back"]},
            released_s={
                hold["name"]: max(0.0, hold["released_s"])
                for hold in holds
                if not hold["held_back"] and hold["released_s"] is not None
            },
            closed_s={hold["name"]: max(0.0, hold["closed_s"]) for hold in holds if hold["closed_s"] is not None},
            agents=self._agents(),
            broker_away_s=self.broker.away_s,
            broker_silent_s=self.broker.silent_s,
            relay_still_s=_age(row["relay_still_s"]),
            outbox_waiting=row["waiting"],
            projections_still_s=_age(row["rm_still_s"]),
            lag={group: self.broker.lag(group) for group in GROUPS} if self.broker.seen else {},
            done=dict(self.broker.done),
            passed=self.broker.passed.marks(),
            still=self.broker.still(),
            holders=self.holders(),
            untold=self.untold(),
        )

    def untold(self) -> frozenset[str]:
        """Return the roles in which a living process does not tell its assignment."""
        return frozenset(p.role for p in self.processes if p.connected and p.places is None)

    def holders(self) -> dict[Place, Holder]:
        """Return who reads a partition, as far as processes say so."""
        return {
            place: Holder(
                f"{process.role} {process.pid} on {process.host}",
                self.still_s(process),
                self.frozen(process),
                process.busy,
                process.waiting,
            )
            for process in self.processes
            if process.connected
            for place in process.places or ()
        }

    def _agents(self) -> frozenset[str] | None:
        told = [p.progress.get("agent") for p in self.processes if p.connected and p.role == "runner"]
        return frozenset(name for name in told if name) if told and None not in told else None

    def _roles(self) -> dict[str, Role]:
        of_role: dict[str, list[Process]] = defaultdict(list)
        for process in self.processes:
            if process.connected:
                of_role[process.role].append(process)
        return {
            role: Role(
                living=len(living),
                frozen=sum(self.frozen(p) for p in living),
                still_assigned=sum(self.frozen(p) and p.silent_s < STILL_ASSIGNED_S for p in living),
                still_s=min(self.still_s(p) for p in living),
                busy=sum(p.busy for p in living),
            )
            for role, living in of_role.items()
        }


def _age(seconds: float | None) -> float:
    """Return an age; what never happened is old."""
    return 1e9 if seconds is None else max(0.0, seconds)
