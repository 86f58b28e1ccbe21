"""What opens, worsens, escalates and resolves: from one look at the verdict to the changes of alerts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from gateway.alerts.alert import RANK, Alert, State, alert_id
from gateway.alerts.patience import DATABASE, Patience, key_of
from gateway.verdict.finding import Finding, Verdict
from gateway.verdict.kinds import Effect, Kind, Severity, Value
from gateway.verdict.words.findings import say

What = Literal["opened", "worsened", "changed", "reopened", "quieted", "escalated", "resolved"]
#: A role that nobody has seen alive yet is given so long: at the start of a system its processes come one by one.
START_S: Final = 30.0
#: An age that is kept is right but for so many seconds, or for such a part of it: no alert is written each second.
AGES_S: Final = 5.0
AGES: Final = 0.1
_MISSING: Final = {Kind.ROLE_MISSING, Kind.WATCHDOG_MISSING}


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the verdict. `findings` by key, the most urgent of each; `whole`: the database could be read."""

    at: datetime
    findings: Mapping[str, Finding]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Memory:
    """What one look leaves for the next: since when a finding is there, and since when an alert's is gone."""

    began: datetime
    seen: Mapping[str, datetime] = field(default_factory=dict)
    gone: Mapping[str, datetime] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of alerts: those that are not resolved, who is silenced until when, how often each opened lately."""

    alerts: Sequence[Alert] = ()
    silences: Mapping[str, datetime] = field(default_factory=dict)
    openings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of an alert, and how it is now."""

    what: What
    alert: Alert


@dataclass(frozen=True, slots=True)
class Escalation:
    """Whom to tell next while nobody acknowledges: one notifier after the other, `after` apart."""

    after: timedelta = timedelta(minutes=10)
    steps: tuple[str, ...] = ()
    least: Severity = Severity.CRITICAL

    def due(self, alert: Alert, at: datetime) -> bool:
        grave = RANK[alert.severity] >= RANK[self.least]
        if alert.state is not State.OPEN or not grave or alert.escalations >= len(self.steps):
            return False
        return at - (alert.escalated_at or alert.opened_at) >= self.after


def look(verdict: Verdict, memory: Memory) -> tuple[Look, Memory]:
    """Return what a verdict says of alerts: notes are none, and a role that has just to start is not missing yet."""
    snapshot = verdict.snapshot
    roles = memory.roles | {p.role for p in snapshot.operations.processes if p.connected}
    young = (verdict.as_of - memory.began).total_seconds() < START_S
    found: dict[str, Finding] = {}
    for finding in verdict.findings:  # the most urgent first
        role = finding.subject or "watchdog"
        starting = finding.kind in _MISSING and young and role not in roles
        if finding.traits.effect is not Effect.NOTE and not starting:
            found.setdefault(key_of(finding), finding)
    return Look(verdict.as_of, found, snapshot.overview is not None), replace(memory, roles=frozenset(roles))


def step(
    memory: Memory, seen: Look, known: Known, patience: Patience, escalation: Escalation
) -> tuple[Memory, tuple[Change, ...]]:
    """Return the changes that a look makes, and what to remember. What could not be looked at stays as it is."""
    alerts = {alert.key: alert for alert in known.alerts}
    since = {key: memory.seen.get(key, seen.at) for key in seen.findings}
    gone = {
        key: memory.gone.get(key, seen.at)
        for key in alerts.keys() - seen.findings.keys()
        if seen.whole or key == DATABASE
    }
    changes: list[Change] = []
    for key, finding in seen.findings.items():
        if key in alerts:
            changes += _lasting(alerts[key], finding, seen.at, escalation)
        elif seen.at - since[key] >= timedelta(seconds=patience.hold(finding.kind, finding.traits.severity).opens_s):
            changes.append(Change("opened", _opened(key, finding, seen.at, known.silences.get(key))))
    for key, at in gone.items():
        alert = alerts[key]
        kind = alert.finding.kind if alert.finding else None
        quiet_s = patience.resolves_s(kind, alert.severity, known.openings.get(key, 0))
        if seen.at - at >= timedelta(seconds=quiet_s):
            done = replace(alert, state=State.RESOLVED, resolved_at=seen.at, version=alert.version + 1)
            changes.append(Change("resolved", done))
    return replace(memory, seen=since, gone=gone), tuple(changes)


def _opened(key: str, finding: Finding, at: datetime, silenced_until: datetime | None) -> Alert:
    silenced = silenced_until is not None and silenced_until > at
    alert = Alert(
        alert_id(key, at),
        key,
        finding.kind,
        finding.subject,
        finding.traits.severity,
        State.SILENCED if silenced else State.OPEN,
        finding.since,
        at,
        finding,
        silenced_until=silenced_until if silenced else None,
    )
    return _as_now(alert, finding)


def _lasting(alert: Alert, finding: Finding, at: datetime, escalation: Escalation) -> Iterator[Change]:
    """Yield what becomes of an alert whose finding is there still."""
    now = _as_now(alert, finding)
    if alert.state is State.SILENCED and (alert.silenced_until is None or alert.silenced_until <= at):
        state = State.ACKNOWLEDGED if alert.acknowledged_at else State.OPEN
        now = replace(now, state=state, silenced_until=None, version=alert.version + 1)
        yield Change("reopened" if state is State.OPEN else "quieted", now)
    elif RANK[finding.traits.severity] > RANK[alert.severity]:
        # who acknowledged it knew of less
        state = State.SILENCED if alert.state is State.SILENCED else State.OPEN
        now = replace(now, state=state, acknowledged_at=None, version=alert.version + 1)
        yield Change("worsened", now)
    elif escalation.due(alert, at):
        now = replace(now, escalations=alert.escalations + 1, escalated_at=at, version=alert.version + 1)
        yield Change("escalated", now)
    elif alert.finding is None or _says_more(finding, alert.finding):
        yield Change("changed", now)


def _says_more(finding: Finding, known: Finding) -> bool:
    """Say whether a finding says something else than the one that is kept. An age that goes on by a little does not."""
    if finding.kind is not known.kind:
        return True
    for name, kind in finding.traits.values.items():
        value, before = finding.values[name], known.values[name]
        if kind is Value.SECONDS and isinstance(value, int | float) and isinstance(before, int | float):
            if abs(value - before) > max(AGES_S, AGES * before):
                return True
        elif value != before:
            return True
    return False


def _as_now(alert: Alert, finding: Finding) -> Alert:
    """Return the alert with what is seen now; it stays as severe as it was at its worst."""
    said = say(finding)
    worst = max(alert.severity, finding.traits.severity, key=RANK.__getitem__)
    runbook = f"docs/runbooks/{finding.traits.runbook}" if finding.traits.runbook else ""
    began = [moment for moment in (alert.since, finding.since) if moment is not None]
    return replace(
        alert,
        kind=finding.kind,
        severity=worst,
        since=min(began) if began else None,
        finding=finding,
        words=(said.text, said.evidence, said.advice),
        runbook=runbook,
    )
