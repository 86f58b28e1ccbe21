"""Which findings follow from which: one cause is told, and what follows from it is its evidence. Pure.

What follows is nobody's secret: it is shown with its cause, and is told by itself once it outlasts that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from gateway.verdict.failing import ANSWERED_S
from gateway.verdict.finding import RANK, Finding
from gateway.verdict.kinds import Kind
from projections.reads.ended import LATELY_S
from schemas.slo import BURNS

#: Says whether whoever is told of the first is also told of the second.
Covers = Callable[[Finding, Finding], bool]

_DATABASE: Final = (Kind.DATABASE_AWAY, Kind.DATABASE_HANGS, Kind.SESSIONS_ENDED)
_BROKER: Final = (Kind.BROKER_AWAY, Kind.RELAY_FAILING)
#: A disk as it was seen to be full, and as Postgres says of its own.
DISKS: Final = (Kind.DISK_FULL, Kind.DATABASE_DISK_FULL)
#: The database can be read, and stores no command.
REFUSES: Final = (Kind.DATABASE_DISK_FULL, Kind.COMMANDS_REFUSED)
_OUTAGES: Final = (*_DATABASE, Kind.LOCK_KEPT, *REFUSES, *_BROKER, Kind.DISK_FULL)
_PROCESSES: Final = (Kind.ROLE_MISSING, Kind.PROCESS_DEAF, Kind.PROCESS_SILENT, Kind.PROCESS_GONE)
#: The lack of a role that has a kind of its own.
_LACKED: Final[Mapping[Kind, str]] = {Kind.WATCHDOG_MISSING: "watchdog", Kind.ALERTS_MISSING: "alerts"}
_ASIDE: Final = (Kind.EVENTS_SET_ASIDE, Kind.EVENTS_CHANGED)
_BREAKERS: Final = (Kind.BREAKER_TRIPPED, Kind.BREAKER_OPEN, Kind.BREAKER_PROBING)
_PLANS: Final = (
    *_OUTAGES, *_ASIDE, Kind.RELAY_OFF, *_PROCESSES, Kind.FLAG_OFF, *_BREAKERS, Kind.OUTBOX_BACKLOG,
    Kind.PROJECTIONS_BEHIND,
)  # fmt: skip

#: What a finding may follow from, the first that is there. No kind follows from itself, by whatever way.
CAUSES: Final[Mapping[Kind, tuple[Kind, ...]]] = MappingProxyType(
    {
        Kind.DATABASE_AWAY: DISKS,
        Kind.DATABASE_HANGS: DISKS,
        Kind.COMMANDS_REFUSED: (*_DATABASE, Kind.LOCK_KEPT, Kind.DISK_FULL),
        Kind.BROKER_AWAY: (Kind.DISK_FULL,),
        Kind.LOCK_KEPT: _DATABASE,
        Kind.POOL_FULL: (*_DATABASE, Kind.LOCK_KEPT),
        Kind.SESSIONS_ENDED: (Kind.DATABASE_AWAY, Kind.DATABASE_HANGS),
        Kind.REGISTRY_AWAY: (Kind.BROKER_AWAY,),
        Kind.RELAY_FAILING: (*_DATABASE, Kind.LOCK_KEPT, *DISKS, Kind.REGISTRY_AWAY),
        Kind.WATCHDOG_MISSING: (*_DATABASE, *REFUSES),
        Kind.ALERTS_MISSING: (*_DATABASE, *REFUSES),
        Kind.ROLE_MISSING: (*_DATABASE, *REFUSES, *_BROKER, Kind.REGISTRY_AWAY),
        Kind.PROCESS_DEAF: _OUTAGES,
        Kind.PROCESS_SILENT: _OUTAGES,
        Kind.PROCESS_GONE: (
            *_OUTAGES, Kind.REGISTRY_AWAY, Kind.ROLE_MISSING, *_LACKED, Kind.PROCESS_DEAF, Kind.PROCESS_SILENT,
        ),
        Kind.BREAKER_OPEN: (*_OUTAGES, Kind.AGENT_UNUSABLE),
        Kind.BREAKER_PROBING: (*_OUTAGES, Kind.AGENT_UNUSABLE),
        Kind.OUTBOX_BACKLOG: (*_OUTAGES, *_ASIDE, Kind.RELAY_OFF, *_PROCESSES),
        Kind.PROJECTIONS_BEHIND: (*_OUTAGES, *_PROCESSES, Kind.OUTBOX_BACKLOG, Kind.REGISTRY_AWAY),
        Kind.CHANGES_UNHEARD: (*_OUTAGES, *_PROCESSES, Kind.PROJECTIONS_BEHIND),
        Kind.PLANS_STALLED: _PLANS,
        Kind.PLANS_ESCALATED: _PLANS,
        Kind.PHASE1_LATE: (*_PLANS, Kind.PLANS_ESCALATED, Kind.PLANS_STALLED),
        Kind.RECORDS_LATE: (*_PLANS, Kind.PLANS_ESCALATED, Kind.PLANS_STALLED, Kind.PHASE1_LATE),
        Kind.ANALYSIS_LATE: (*_PLANS, Kind.PLANS_ESCALATED, Kind.PLANS_STALLED, Kind.RECORDS_LATE),
        Kind.RETRIES_OVERDUE: (*_OUTAGES, *_PROCESSES, *_BREAKERS),
        Kind.RETRIES_WAITING: (*_OUTAGES, *_PROCESSES, *_BREAKERS, Kind.REGISTRY_AWAY),
        Kind.FAILING_OFTEN: (*_OUTAGES, *_BREAKERS, Kind.AGENT_UNUSABLE),
        Kind.PHASE1_FAILING: (*_OUTAGES, *_PROCESSES, *_BREAKERS),
        Kind.REQUESTS_FAILING: (*_OUTAGES, *_PROCESSES, Kind.POOL_FULL),
        Kind.SLO_BURNING: (
            *_PLANS, Kind.WATCHDOG_MISSING, Kind.PLANS_ESCALATED, Kind.PLANS_STALLED, Kind.PHASE1_LATE,
            Kind.RECORDS_LATE, Kind.ANALYSIS_LATE, Kind.FAILING_OFTEN, Kind.PHASE1_FAILING, Kind.REQUESTS_FAILING,
            Kind.CLOCKS_OFF, Kind.POOL_FULL,
        ),
    }
)  # fmt: skip

_EVERYBODY: Final = frozenset({Kind.PLANS_STALLED, Kind.PLANS_ESCALATED, Kind.SLO_BURNING})
#: What the lack of a role, or a process of it that is not well, makes wait.
_WORK: Final[Mapping[str, frozenset[Kind]]] = {
    "gateway": _EVERYBODY
    | {
        Kind.OUTBOX_BACKLOG,
        Kind.CHANGES_UNHEARD,
        Kind.PHASE1_LATE,
        Kind.ANALYSIS_LATE,
        Kind.REQUESTS_FAILING,
    },
    "worker": _EVERYBODY
    | {Kind.PHASE1_LATE, Kind.PHASE1_FAILING, Kind.RECORDS_LATE, Kind.RETRIES_OVERDUE, Kind.RETRIES_WAITING},
    "runner": _EVERYBODY | {Kind.RECORDS_LATE, Kind.ANALYSIS_LATE, Kind.RETRIES_OVERDUE, Kind.RETRIES_WAITING},
    "projections": _EVERYBODY | {Kind.PROJECTIONS_BEHIND, Kind.CHANGES_UNHEARD, Kind.PHASE1_LATE, Kind.ANALYSIS_LATE},
    "watchdog": frozenset({Kind.SLO_BURNING}),
    "pump": _EVERYBODY | {Kind.RECORDS_LATE, Kind.RETRIES_OVERDUE, Kind.RETRIES_WAITING},
}
#: The objective of the time, and what it counts as time in which nobody could get in: nothing else spends its budget.
_OF_TIME: Final = "availability"
_SHUT_OUT: Final = (*_DATABASE, *REFUSES, Kind.ROLE_MISSING)
#: On whose disk it depends, where that is one server's: a full disk of somebody else makes nothing wait.
_ALL_SERVERS: Final = frozenset({"database", "broker"})
_SERVERS: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.DATABASE_AWAY: frozenset({"database"}),
    Kind.DATABASE_HANGS: frozenset({"database"}),
    Kind.COMMANDS_REFUSED: frozenset({"database"}),
    Kind.BROKER_AWAY: frozenset({"broker"}),
    Kind.RELAY_FAILING: frozenset({"broker"}),
}
#: The roles that work by the broker: without it they are ended, and begin again.
_BY_THE_BROKER: Final = frozenset({"worker", "runner", "projections", "pump"})
#: The roles that do not start without the registry.
_BY_THE_REGISTRY: Final = frozenset({"worker", "runner", "projections"})
#: Cause and effect -> the roles that the cause ends.
_NEEDED_BY: Final[Mapping[tuple[Kind, Kind], frozenset[str]]] = {
    **{(kind, Kind.ROLE_MISSING): _BY_THE_BROKER for kind in _BROKER},
    (Kind.REGISTRY_AWAY, Kind.ROLE_MISSING): _BY_THE_REGISTRY,
    (Kind.REGISTRY_AWAY, Kind.PROCESS_GONE): _BY_THE_REGISTRY,
}
#: What a stall is said to come from, where that is a finding.
_OF_STALLS: Final[Mapping[str, tuple[Kind, str]]] = {
    "broker-away": (Kind.BROKER_AWAY, ""),
    "event-held": (Kind.EVENTS_SET_ASIDE, ""),
    "relay-gone": (Kind.ROLE_MISSING, "gateway"),
    "processing-off": (Kind.FLAG_OFF, ""),
    "worker-gone": (Kind.ROLE_MISSING, "worker"),
    "runner-gone": (Kind.ROLE_MISSING, "runner"),
    "projections-gone": (Kind.ROLE_MISSING, "projections"),
}
#: Whose records wait where such plans are late, and which plans are late where such records wait.
_READERS: Final[Mapping[tuple[Kind, Kind], str]] = {
    (Kind.RECORDS_LATE, Kind.PHASE1_LATE): "worker",
    (Kind.ANALYSIS_LATE, Kind.RECORDS_LATE): "runner",
}
#: A plan that waits for the agent waits for a breaker; what else waits does not.
_BY_AGENTS: Final = frozenset({"breaker-open", "agent-slow", "record-parked", "queue-behind", "result-unfinished"})

#: So long after its cause has gone what follows from it may need to go, too: what waited is worked off meanwhile.
LINGERS_S: Final = 20.0
#: An objective is told of as long as its last failure is so young, by its window; at most so long it lingers.
_STILL_S: Final = {burn.hours * 3600.0: burn.still_s for burn in BURNS}
_BURNS_ON_S: Final = 1800.0
#: What waited while its cause lasted, or counts what failed meanwhile, is left of it until that is worked off.
_LEFT: Final = frozenset(
    {
        *(Kind.OUTBOX_BACKLOG, Kind.PROJECTIONS_BEHIND, Kind.CHANGES_UNHEARD, Kind.RETRIES_OVERDUE),
        *(Kind.RETRIES_WAITING, Kind.PLANS_STALLED, Kind.PLANS_ESCALATED, Kind.PHASE1_LATE, Kind.RECORDS_LATE),
        *(Kind.ANALYSIS_LATE, Kind.FAILING_OFTEN, Kind.PHASE1_FAILING, Kind.REQUESTS_FAILING, Kind.SLO_BURNING),
    }
)
#: Anything else that begins so long after its cause had gone has another one: it is told by itself.
BEGINS_WITHIN_S: Final = 5.0
#: What failed is counted for so long.
_FAILED_LATELY_S: Final[Mapping[Kind, float]] = {
    Kind.FAILING_OFTEN: LATELY_S,
    Kind.PHASE1_FAILING: LATELY_S,
    Kind.REQUESTS_FAILING: ANSWERED_S,
}
#: Nothing lingers for longer.
LONGEST_S: Final = _BURNS_ON_S + LINGERS_S


@dataclass(frozen=True, slots=True)
class Past:
    """A cause that was told of, and when it was seen last."""

    finding: Finding
    seen_at: datetime


def follows(effect: Finding, cause: Finding) -> bool:
    """Say whether one finding can follow from another one. What is graver than the other does not: it is told."""
    if effect.kind in (Kind.BREAKER_OPEN, Kind.BREAKER_PROBING) and cause.kind in (*_BREAKERS, Kind.AGENT_UNUSABLE):
        own = effect.subject == cause.subject and cause.kind is Kind.AGENT_UNUSABLE
        return own or effect.subject.startswith(f"{cause.subject}:")  # of an agent, and of one channel of it
    if cause.kind not in CAUSES.get(effect.kind, ()) or RANK[effect.traits.severity] > RANK[cause.traits.severity]:
        return False
    if effect.kind is Kind.SLO_BURNING and effect.subject == _OF_TIME:
        return cause.kind in _SHUT_OUT and cause.values.get("role", "gateway") == "gateway"
    if (cause.kind, effect.kind) in _NEEDED_BY:
        return effect.values["role"] in _NEEDED_BY[cause.kind, effect.kind]
    if cause.kind in (*_PROCESSES, *_LACKED):
        role = _LACKED.get(cause.kind) or str(cause.values["role"])
        if effect.kind is Kind.PROCESS_GONE:
            return effect.values["role"] == role
        if cause.kind is Kind.PROCESS_GONE:  # it names the last of them: others of other roles may have gone before
            return any(effect.kind in work for work in _WORK.values())
        reads = effect.kind is not Kind.RECORDS_LATE or effect.values["role"] == role
        return reads and effect.kind in _WORK.get(role, frozenset()) and _is_named(effect, cause, role)
    return _same_reader(effect, cause) and _is_named(effect, cause, "")


def _same_reader(effect: Finding, cause: Finding) -> bool:
    """Say whether the records that wait are those that such plans wait for, where it is about both."""
    reader = _READERS.get((effect.kind, cause.kind))
    records = effect if effect.kind is Kind.RECORDS_LATE else cause
    return reader is None or records.values["role"] == reader


def _is_named(effect: Finding, cause: Finding, role: str) -> bool:
    """Say whether a stall does not name another cause than this one, and whether a full disk is one that matters."""
    if cause.kind is Kind.DISK_FULL:
        return not _SERVERS.get(effect.kind, _ALL_SERVERS).isdisjoint(str(cause.values["owners"]).split())
    if effect.kind not in (Kind.PLANS_STALLED, Kind.PLANS_ESCALATED) or cause.kind in _OUTAGES:
        return True
    said = str(effect.values["cause"])
    if cause.kind in _BREAKERS:
        return said in _BY_AGENTS
    kind, of_role = _OF_STALLS.get(said, (None, ""))
    if kind is None or kind is Kind.BROKER_AWAY:
        return not said.startswith(("worker", "runner", "projections")) or said.partition("-")[0] == role
    if of_role:
        return of_role == role
    return kind is cause.kind


def roots(
    found: Mapping[str, Finding],
    past: Mapping[str, Past],
    at: datetime,
    covers: Covers = lambda _cause, _effect: True,
    since: Mapping[str, datetime] = MappingProxyType({}),
) -> Mapping[str, str]:
    """Return the key of what each finding follows from in the end, for those that follow from anything.

    `past`: causes that were told of and are gone; what follows from one may linger. `covers(cause, effect)`: whoever
    would be told of the effect is told of the cause. Nobody goes untold for what others are told. `since`: when each
    finding was seen first; now, where it is not said.
    """
    parents: dict[str, str] = {}
    for key, effect in found.items():
        causes = {name: one for name, one in found.items() if name != key}
        gone = {
            name: one.finding
            for name, one in past.items()
            if name not in found and name != key and _lingers(effect, since.get(key, at), one, at)
        }
        parent = _first(effect, causes, covers) or _first(effect, gone, covers)
        if parent is not None:
            parents[key] = parent
    return {key: _root(key, parents, found, covers) for key in parents}


def _lingers(effect: Finding, since: datetime, cause: Past, at: datetime) -> bool:
    """Say whether a finding can be what is left of a cause that is gone."""
    if effect.kind is Kind.LOCK_KEPT and (effect.since or since) > cause.seen_at:
        return False  # whoever waits for it began to wait when all was well again
    in_time = effect.kind in _LEFT or (since - cause.seen_at).total_seconds() <= BEGINS_WITHIN_S
    return in_time and (at - cause.seen_at).total_seconds() <= lingers_s(effect)


def _first(effect: Finding, causes: Mapping[str, Finding], covers: Covers) -> str | None:
    order = (*CAUSES.get(effect.kind, ()), *_BREAKERS)
    known = [name for name, cause in causes.items() if follows(effect, cause) and covers(cause, effect)]
    return min(known, key=lambda name: (order.index(causes[name].kind), name), default=None)


def _root(key: str, parents: Mapping[str, str], found: Mapping[str, Finding], covers: Covers) -> str:
    """Go up as long as who would be told of the effect is told of the cause of its cause."""
    effect, at = found[key], parents[key]
    while (up := parents.get(at)) is not None:
        if up in found and not covers(found[up], effect):
            break
        at = up
    return at


def lingers_s(effect: Finding) -> float:
    """Return for how long a finding may be there still when its cause has gone."""
    if effect.kind is Kind.SLO_BURNING:
        still_s = _STILL_S.get(float(str(effect.values["within"])), 0.0)
        return min(still_s, _BURNS_ON_S) + LINGERS_S
    return _FAILED_LATELY_S.get(effect.kind, 0.0) + LINGERS_S
