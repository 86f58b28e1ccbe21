"""From a snapshot to the verdict. Pure: the one place that finds something wrong with the system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from gateway.verdict.burning import burning
from gateway.verdict.disks import disks, refused
from gateway.verdict.failing import failing, percent
from gateway.verdict.finding import Finding, Verdict
from gateway.verdict.kinds import Kind
from gateway.verdict.running import running
from gateway.verdict.snapshot import SESSIONS_WITHIN_S, Snapshot
from projections.reads.overview import RECENT_S, Overview, Waiting
from schemas.lifecycle import PLAN, PlanAction, PlanStatus, TaskStatus
from schemas.topics import PROJECTIONS, groups

#: From here on, waiting is a finding, whether or not all moves. Seconds. What waits for 5 s is told by then, as is
#: promised: these leave time to tell it.
OUTBOX_LATE_S: Final = 3.0
PROJECTION_LATE_S: Final = 3.0
PHASE1_LATE_S: Final = 3.0
ANALYSIS_LATE_S: Final = 120.0
#: What came in one go is taken up within this. Prometheus' rule RecordsWaitLong has the same limit, as a test sees to.
RECORDS_LATE_S: Final = 60.0
#: A connection of the pool comes within moments; a wait of more seconds has a cause.
POOL_LATE_S: Final = 1.0
#: Changes are heard anew within a second after the database was away; longer is a finding.
UNHEARD_S: Final = 5.0
#: The pump takes what is due within moments, a busy one within seconds.
RETRY_OVERDUE_S: Final = 30.0
#: One session may be ended by who looks after the database; more have a cause.
ENDED: Final = 3
#: So many letters within `RECENT_S` are told as such: their cause may be at work still.
GROWING: Final = 10

#: So much of what the database may take, or of the agents' budget, is told while there is time to act.
NEARLY: Final = 0.8
#: Who can decide on a plan, at least.
_DECIDES: Final = str(PLAN.rules[PlanAction.APPROVE].role)
_GIB: Final = 1024**3

_ORDER: Final = {kind: place for place, kind in enumerate(Kind)}
_NONE: Final = Waiting(0, 0.0)


def judge(snapshot: Snapshot) -> Verdict:
    """Return the verdict on a snapshot: its findings, the most urgent first, those of one kind in the order found."""
    found = sorted(_all(snapshot), key=lambda finding: _ORDER[finding.kind])
    return Verdict(tuple(found), snapshot)


def _all(snapshot: Snapshot) -> Iterator[Finding]:
    if snapshot.overview is None:  # nothing could be read, so nothing else is known
        if snapshot.database == "hangs":
            yield Finding(Kind.DATABASE_HANGS, {"asked": snapshot.unanswered})
        else:
            yield Finding(Kind.DATABASE_AWAY, {})
        return
    if snapshot.refused:
        yield refused(snapshot.refused, snapshot.operations.disks)
    yield from _database(snapshot, snapshot.overview)
    yield from _way(snapshot, snapshot.overview)
    yield from running(snapshot)
    yield from _late(snapshot, snapshot.overview)
    yield from _running_out(snapshot, snapshot.overview)
    yield from burning(snapshot.overview.burning)
    yield from _aside(snapshot, snapshot.overview)
    yield from _business(snapshot, snapshot.overview)


def _database(snapshot: Snapshot, overview: Overview) -> Iterator[Finding]:
    """Judge what others do to the database."""
    if snapshot.sessions_ended >= ENDED:
        yield Finding(Kind.SESSIONS_ENDED, {"count": snapshot.sessions_ended, "within": SESSIONS_WITHIN_S})
    lock = overview.sessions.lock
    if lock is not None:
        holder: dict[str, str | float] = {"pid": lock.pid, "name": lock.name, "open": lock.open_seconds}
        yield _since(snapshot, Kind.LOCK_KEPT, lock.waited_seconds, count=lock.waiting, **holder)
    if snapshot.pool_full_s > POOL_LATE_S:
        yield _since(snapshot, Kind.POOL_FULL, snapshot.pool_full_s)
    yield from _open_transactions(snapshot, 0 if lock is None else lock.pid)


def _open_transactions(snapshot: Snapshot, holder: int) -> Iterator[Finding]:
    """Judge transactions that nobody ends; of the session whose lock others wait for, that lock tells already."""
    late = [one for one in snapshot.transactions if (one.open_seconds or 0.0) > snapshot.transaction_due_s]
    late = [one for one in late if one.pid != holder]
    if late:
        oldest = max(late, key=lambda one: one.open_seconds or 0.0)
        values: dict[str, str | float] = {"pid": oldest.pid, "name": oldest.name, "user": oldest.user}
        yield _since(snapshot, Kind.TRANSACTION_OPEN, oldest.open_seconds or 0.0, count=len(late), **values)


def _way(snapshot: Snapshot, overview: Overview) -> Iterator[Finding]:
    """Judge the way of an event: outbox, broker, read models."""
    if overview.log_cut.count:
        yield _since(snapshot, Kind.LOG_CUT, overview.log_cut.oldest_seconds, count=overview.log_cut.count)
    away = snapshot.operations.broker_away
    if away is not None:
        age, reason = away
        yield _since(snapshot, Kind.BROKER_AWAY, age, reason=reason)
    elif snapshot.relay == "failing":
        yield _since(snapshot, Kind.RELAY_FAILING, snapshot.relay_failing_s)
    if (no_registry := snapshot.operations.registry_away) is not None:
        yield _since(snapshot, Kind.REGISTRY_AWAY, no_registry[0], reason=no_registry[1])
    if snapshot.relay == "off":
        yield Finding(Kind.RELAY_OFF, {})
    if overview.outbox.changed:
        yield Finding(
            Kind.EVENTS_CHANGED, {"count": overview.outbox.changed, "first": overview.outbox.set_aside_first or 0}
        )
    elif overview.outbox.set_aside:
        yield Finding(
            Kind.EVENTS_SET_ASIDE, {"count": overview.outbox.set_aside, "first": overview.outbox.set_aside_first or 0}
        )
    yield from _waits(
        snapshot, Kind.OUTBOX_BACKLOG, overview.outbox.waiting, overview.outbox.oldest_seconds, OUTBOX_LATE_S
    )
    lag = overview.projection
    yield from _waits(snapshot, Kind.PROJECTIONS_BEHIND, lag.behind, lag.oldest_seconds, PROJECTION_LATE_S)
    if snapshot.unheard_s > UNHEARD_S:
        yield _since(snapshot, Kind.CHANGES_UNHEARD, snapshot.unheard_s)


def _late(snapshot: Snapshot, overview: Overview) -> Iterator[Finding]:
    for kind, waiting, late_s in (
        (Kind.PHASE1_LATE, overview.plans_without_phase1, PHASE1_LATE_S),
        (Kind.ANALYSIS_LATE, overview.plans.get(PlanStatus.ANALYZING, _NONE), ANALYSIS_LATE_S),
    ):
        yield from _waits(snapshot, kind, waiting.count, waiting.oldest_seconds, late_s)
    for group in snapshot.operations.groups:
        known = groups().get(group.name)
        # of the projections, what waits is told far sooner, by the events that are not shown
        if known is not None and group.name != PROJECTIONS and (group.waited_seconds or 0.0) > RECORDS_LATE_S:
            values: dict[str, str | float] = {
                "count": group.behind,
                "age": group.waited_seconds or 0.0,
                "role": known.role,
            }
            since = snapshot.as_of - timedelta(seconds=group.waited_seconds or 0.0)
            yield Finding(Kind.RECORDS_LATE, values, since, group.name)


def _running_out(snapshot: Snapshot, overview: Overview) -> Iterator[Finding]:
    """Judge what comes to an end, and what fails more often than it should."""
    limit, used = snapshot.database_limit, overview.database_bytes
    if limit is not None and used >= NEARLY * limit:
        values = {"used": f"{used / _GIB:.1f} GiB", "limit": f"{limit / _GIB:g} GiB", "share": percent(used / limit)}
        yield Finding(Kind.DATABASE_FILLING, values)
    yield from failing(snapshot, overview)
    yield from disks(snapshot)
    budget, spent = snapshot.operations.agents_budget, snapshot.operations.agents_cost
    if budget is not None and spent >= NEARLY * budget:
        yield Finding(Kind.AGENT_BUDGET, {"share": percent(spent / budget), "budget": f"{budget:g}"})
    if snapshot.operations.nobody_told:
        yield Finding(Kind.ALERTS_UNTOLD, {})
    if snapshot.unsigned:
        yield Finding(Kind.RECORDS_UNSIGNED, {"mode": snapshot.unsigned})
    if snapshot.operations.plain_secrets:
        yield Finding(Kind.SECRETS_PLAIN, {"count": snapshot.operations.plain_secrets})
    if snapshot.unconfined:
        yield Finding(Kind.READER_UNCONFINED, {"missing": snapshot.unconfined})


def _aside(snapshot: Snapshot, overview: Overview) -> Iterator[Finding]:
    letters, retrying = overview.aside.letters, overview.aside.retrying
    yield from _waits(snapshot, Kind.RECORDS_FORGED, letters.forged, letters.forged_seconds, -1.0)
    if letters.count > letters.forged:
        values = {"count": letters.count - letters.forged, "blocked": letters.blocked}
        if letters.recent >= GROWING:
            growth = {"recent": letters.recent, "within": float(RECENT_S), "latest": letters.latest_seconds}
            yield _since(snapshot, Kind.DEAD_LETTERS_GROWING, letters.oldest_seconds, **values, **growth)
        else:
            yield _since(snapshot, Kind.DEAD_LETTERS, letters.oldest_seconds, **values)
    if retrying.count and retrying.overdue_seconds > RETRY_OVERDUE_S:
        yield _since(snapshot, Kind.RETRIES_OVERDUE, retrying.overdue_seconds, count=retrying.count)
    elif retrying.count:
        yield Finding(Kind.RETRIES_WAITING, {"count": retrying.count})


def _business(snapshot: Snapshot, overview: Overview) -> Iterator[Finding]:
    failed = overview.tasks.get(TaskStatus.FAILED, _NONE)
    yield from _waits(snapshot, Kind.TASKS_FAILED, failed.count, failed.oldest_seconds, -1.0)
    late = overview.decisions_late
    if late.count:
        limit = snapshot.decision_due_s
        yield _since(snapshot, Kind.DECISIONS_LATE, late.oldest_seconds, count=late.count, limit=limit, role=_DECIDES)
    overdue = overview.tasks_overdue
    yield from _waits(snapshot, Kind.TASKS_OVERDUE, overdue.count, overdue.oldest_seconds, -1.0)
    for kind, count in ((Kind.PLANS_EMPTY, overview.empty_plans), (Kind.PLANS_PARTIAL, overview.partial_plans)):
        if count:
            yield Finding(kind, {"count": count})
    following = overview.next_phases
    yield from _waits(snapshot, Kind.NEXT_PHASES, following.count, following.oldest_seconds, -1.0)


def _waits(snapshot: Snapshot, kind: Kind, count: int, age: float, late_s: float) -> Iterator[Finding]:
    if count and age > late_s:
        yield _since(snapshot, kind, age, count=count)


def _since(snapshot: Snapshot, kind: Kind, age: float, **values: str | float) -> Finding:
    return Finding(kind, {**values, "age": age}, snapshot.as_of - timedelta(seconds=age))
