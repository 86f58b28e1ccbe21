"""A snapshot of the system for the diagnosis: the whole, and one plan that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal, TypeAlias

from streams.watchdog.passed import Marks, Partition

#: group, topic, partition
Place: TypeAlias = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Role:
    """The processes of one role. `still_s`: for how long none of them has moved anything; `busy`: items under way.

    `still_assigned`: those of the frozen ones that may still read what they had; others' sessions were ended for it.
    """

    living: int = 0
    frozen: int = 0
    still_assigned: int = 0
    still_s: float = 0.0
    busy: int = 0


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that reads a partition. `still_s`: for how long it has handled nothing, of any partition.

    `busy`: items under way; `waiting`: records that it has taken and not begun.
    """

    name: str
    still_s: float = 0.0
    frozen: bool = False
    busy: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class System:
    """The whole system at one moment.

    `lag`: records that a group has before it; `done`: (group, topic, partition) -> the next offset that it will take.
    `passed`: where the log ended once the workers had come to an offset of a partition.
    `still`: for how long nothing was done in a partition in which something waits; those without are not in it.
    `held_back`: the breakers of agents and plans that a person holds open, and why.
    `released_s`: for how long such a hold is over.
    `broker_away_s`: for how long the broker is known to be away; `broker_silent_s`: since its last answer, in any case.
    `closed_s`: for how long an agent's breaker is closed again, of those that were not a minute ago.
    `agents`: what the breakers of the runners' agents are named after; None where not all runners say.
    `resumed_s`: for how long queue processing has been on again, infinite where it was never off.
    `holders`: who reads a partition, as far as processes say so; those of `untold` roles do not all.
    """

    roles: Mapping[str, Role] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    resumed_s: float = inf
    open_breakers: tuple[str, ...] = ()
    held_back: Mapping[str, str] = field(default_factory=dict)
    released_s: Mapping[str, float] = field(default_factory=dict)
    closed_s: Mapping[str, float] = field(default_factory=dict)
    agents: frozenset[str] | None = None
    broker_away_s: float = 0.0
    broker_silent_s: float = 0.0
    relay_still_s: float = 0.0
    outbox_waiting: int = 0
    projections_still_s: float = 0.0
    lag: Mapping[str, int] = field(default_factory=dict)
    done: Mapping[Place, int] = field(default_factory=dict)
    passed: Mapping[Partition, Marks] = field(default_factory=dict)
    still: Mapping[Place, float] = field(default_factory=dict)
    holders: Mapping[Place, Holder] = field(default_factory=dict)
    untold: frozenset[str] = frozenset()

    def role(self, name: str) -> Role:
        return self.roles.get(name, Role())


@dataclass(frozen=True, slots=True)
class Wait:
    """One plan that waits too long.

    `published`: its cause (plan.approved, plan.uploaded) is in the log; None where the outbox has forgotten it.
    `set_aside`: the event of it that is set aside as unfit, and why; `set_aside_seq`: its number in the outbox.
    `found_at`: where the projections found its cause in the log. `lane`: topic and partition of the requests for its
    analysis. `missing`: channels without a result. `concluded`: plan.analyzed or plan.phase1.created is decided or was
    seen, and only its rows are missing. `dead_letter`: why a record of it is one, `poison` where nobody can read it.
    `unshown`: why the projections have put that event aside, so that no rows come. `asked_version`: of a channel that
    is analysed again, the version of its request; None once it counts no more. `in_log_s`: for how long its cause has
    been in the log, 0.0 where the outbox does not say. `result_s`: for how long the last result of a channel is stored,
    infinite where the outbox has forgotten it.
    """

    plan_id: str
    kind: Literal["analysis", "phase1", "again"]
    waited_s: float
    late_s: float
    attempts: int = 0
    published: bool | None = True
    set_aside: str | None = None
    set_aside_seq: int | None = None
    found_at: tuple[str, int, int] | None = None
    lane: tuple[str, int] | None = None
    missing: tuple[str, ...] = ()
    concluded: bool = False
    conclusion_published: bool = True
    parked: str | None = None
    dead_letter: str | None = None
    poison: bool = False
    unshown: str | None = None
    asked_version: int | None = None
    in_log_s: float = 0.0
    result_s: float = inf
