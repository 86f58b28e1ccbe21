"""What a rate of plans needs of processes, brokers and databases, and what limits one system."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.sizing.measured import Measured
from schemas.retention import OUTBOX_HOURS

#: Share of a core that is planned with. Above it waiting grows faster than work (`python -m bench size` simulates it).
BUSY: Final = 0.6
#: Partitions of the topics of plans and tasks (schemas/topics.toml, held by a test): so many of a process share them.
PARTITIONS: Final = 12
#: Cores of a broker, and of the largest database that is planned with.
BROKER_CORES: Final = 8
DATABASE_CORES: Final = 32
#: Seconds for which a published event stays in the outbox (docs/privacy.md).
OUTBOX_S: Final = OUTBOX_HOURS * 3600
#: Processes of which the members share partitions.
SHARED: Final = ("worker", "runner", "projections", "pump")
#: Processes of which one works while a second one stands by.
ALONE: Final = ("watchdog", "alerts")
#: Whoever has a part in it, in the order in which they are told.
PROCESSES: Final = ("postgres", "broker", "registry", "gateway", "worker", *SHARED[1:], *ALONE)
#: What a document costs nobody else.
READING: Final = frozenset({"gateway", "runner", "worker", "projections", "postgres", "broker"})
MICRO: Final = 1e-6
GIB: Final = 1024**3
DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Wish:
    """The wanted load: `days` of plans on disk, `replicas` of each record, `documents` uploaded for the plans."""

    plans_per_second: float
    tasks: int = 5
    days: int = 90
    replicas: int = 3
    documents: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """All processes of one role: how many, how many cores they use, and the fewest cores to give them."""

    name: str
    processes: int
    busy: float
    fewest: int = 1

    @property
    def known(self) -> float | None:
        """The cores that they keep busy; None where that was too little to be measured."""
        return self.busy or None

    @property
    def cores(self) -> int:
        """Cores to have for it, so that it is busy for `BUSY` of them at most."""
        return max(math.ceil(self.busy / BUSY - 1e-9), self.fewest)


@dataclass(frozen=True, slots=True)
class Needs:
    """The resources for a load; sizes in bytes. `limits`: the plans/s that each part of one system allows.

    `unknown`: whose part in it was too small to be measured, and is not in the sums.
    """

    systems: int
    parts: tuple[Part, ...]
    limits: Mapping[str, float]
    wal_per_second: float
    log_per_second: float
    log_bytes: float
    database_bytes: float
    unknown: tuple[str, ...]

    @property
    def cores(self) -> int:
        return sum(part.cores for part in self.parts)

    @property
    def limit(self) -> str:
        """The part that limits one system first."""
        return min(self.limits, key=lambda name: self.limits[name])

    @property
    def disk(self) -> float:
        """Bytes of all disks: the log with its copies, and each database with a standby."""
        return self.log_bytes + 2 * self.database_bytes

    def month(self, core: float, gib: float) -> float:
        """Return what a month costs where a core with its memory, and a GiB of disk, cost so much a month."""
        return self.cores * core + self.disk / GIB * gib


def needs(wish: Wish, costs: Measured) -> Needs:
    """Return what the wish takes by these costs. Raises ValueError for a wish of nothing."""
    if min(wish.plans_per_second, wish.tasks, wish.days, wish.replicas) <= 0:
        raise ValueError("plans per second, tasks, days and replicas are more than zero")
    of = _of_a_plan(wish, costs)
    limits = _limits(of, costs)
    systems = math.ceil(wish.plans_per_second / min(limits.values()))
    rate = wish.plans_per_second
    longer = costs.longer(wish.tasks)
    log = rate * costs.log * longer
    return Needs(
        systems=systems,
        parts=tuple(_part(name, rate * us * MICRO, systems, wish) for name, us in of.items()),
        limits=limits,
        wal_per_second=rate * costs.wal * longer,
        log_per_second=log,
        log_bytes=log * wish.days * DAY_S * wish.replicas,
        database_bytes=rate * longer * (costs.rows * wish.days * DAY_S + costs.outbox * OUTBOX_S),
        unknown=_unknown(wish, costs),
    )


def _unknown(wish: Wish, costs: Measured) -> tuple[str, ...]:
    uploading = READING - costs.upload.keys() if wish.documents else frozenset()
    return tuple(name for name in PROCESSES if name not in costs.approval or name in uploading)


def _of_a_plan(wish: Wish, costs: Measured) -> dict[str, float]:
    """Return the microseconds that a plan costs each process: by the number of events where it carries them."""
    longer = costs.longer(wish.tasks)
    by_events = {name: us if name in {"gateway", *ALONE} else us * longer for name, us in costs.approval.items()}
    uploads = costs.upload if wish.documents else {}
    of = {name: by_events.get(name, 0.0) + uploads.get(name, 0.0) for name in PROCESSES}
    # each further copy of a record is written as the first one is
    return {**of, "broker": of["broker"] * wish.replicas}


def _limits(of: Mapping[str, float], costs: Measured) -> dict[str, float]:
    """Return the plans/s at which each part of one system is as busy as it may be."""
    most = {
        "relay": (costs.relay, 1),
        **{name: (of[name], PARTITIONS) for name in SHARED},
        **{name: (of[name], 1) for name in ALONE},
        "database": (of["postgres"], DATABASE_CORES),
    }
    return {name: cores * BUSY / MICRO / us for name, (us, cores) in most.items() if us}


def _part(name: str, busy: float, systems: int, wish: Wish) -> Part:
    """Return how many processes share the work. Those in Python and the registry keep one core busy at most."""
    if name == "broker":
        brokers = max(math.ceil(busy / BUSY / BROKER_CORES), wish.replicas)
        return Part(name, brokers, busy, fewest=brokers)  # each stands on a machine of its own
    if name == "postgres":
        return Part(name, systems * 2, busy * 2, fewest=systems * 2)  # a standby replays what the first one writes
    if name in {"registry", *ALONE}:
        return Part(name, systems * 2, busy)
    # one more than the work asks for, so that one may die
    return Part(name, max(math.ceil(busy / BUSY), systems) + systems, busy)
