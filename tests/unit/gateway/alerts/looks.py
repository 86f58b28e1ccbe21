"""Looks at the verdict, and an engine that keeps its alerts in memory: what the tests of the core drive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from gateway.alerts.alert import Alert, State
from gateway.alerts.core import Change, Known, Look, Memory, step
from gateway.alerts.escalation import Escalation
from gateway.alerts.patience import Patience
from gateway.alerts.quiet import Quiet
from gateway.verdict.families import key_of
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.traits import Severity
from tests.unit.gateway.verdict.examples import finding

BEGAN = datetime(2026, 5, 4, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def stalled(count: int, *, escalated: bool = False, cause: str = "worker-gone") -> Finding:
    kind = Kind.PLANS_ESCALATED if escalated else Kind.PLANS_STALLED
    return Finding(kind, {"count": count, "age": 30.0, "cause": cause}, at(0), cause)


def missing(role: str = "worker") -> Finding:
    return Finding(Kind.ROLE_MISSING, {"role": role}, subject=role)


def letters(count: int, recent: int = 0) -> Finding:
    values = {"count": count, "blocked": 0, "age": 60.0}
    if recent:
        return Finding(Kind.DEAD_LETTERS_GROWING, {**values, "recent": recent, "within": 300.0, "latest": 40.0})
    return Finding(Kind.DEAD_LETTERS, values)


AWAY = finding(Kind.DATABASE_AWAY)


@dataclass
class Site:
    """Alerts as the database would keep them; each `look` of the engine takes a second by default."""

    patience: Patience = field(default_factory=Patience)
    escalation: Escalation = field(default_factory=Escalation)
    quiet: tuple[Quiet, ...] = ()
    memory: Memory = field(default_factory=lambda: Memory(BEGAN))
    alerts: dict[str, Alert] = field(default_factory=dict)
    silences: dict[str, datetime] = field(default_factory=dict)
    opened: list[tuple[str, datetime]] = field(default_factory=list)
    now: float = 0.0

    def look(self, *findings: Finding, seconds: float = 1.0, whole: bool = True) -> list[Change]:
        self.now += seconds
        found = {key_of(one): one for one in reversed(findings)}
        lately = at(self.now - 900)
        openings = {key: sum(k == key and when > lately for k, when in self.opened) for key, _ in self.opened}
        known = Known(list(self.alerts.values()), self.silences, openings)
        seen = Look(at(self.now), found, whole)
        self.memory, changes = step(self.memory, seen, known, self.patience, self._escalates)
        for change in changes:
            if change.what == "opened":
                self.opened.append((change.alert.key, at(self.now)))
            if change.what == "resolved":
                del self.alerts[change.alert.key]
            else:
                self.alerts[change.alert.key] = change.alert
        return list(changes)

    def _escalates(self, alert: Alert, at: datetime) -> bool:
        return self.escalation.due(alert, at, self.quiet)

    def until(self, *findings: Finding, seconds: int) -> list[Change]:
        """Let the engine look once a second for this long."""
        return [change for _ in range(seconds) for change in self.look(*findings)]

    def acknowledge(self, key: str) -> None:
        alert = self.alerts[key]
        state = State.ACKNOWLEDGED if alert.state is State.OPEN else alert.state
        self.alerts[key] = replace(alert, state=state, acknowledged_at=at(self.now), version=alert.version + 1)

    def silence(self, key: str, seconds: float) -> None:
        until = at(self.now + seconds)
        self.silences[key] = until
        if key in self.alerts:
            alert = self.alerts[key]
            self.alerts[key] = replace(alert, state=State.SILENCED, silenced_until=until, version=alert.version + 1)


def whats(changes: Sequence[Change]) -> list[str]:
    return [change.what for change in changes if change.what != "changed"]


def alert(
    kind: Kind = Kind.ROLE_MISSING, severity: Severity = Severity.CRITICAL, state: State = State.OPEN, key: str = "k"
) -> Alert:
    one = finding(kind)
    return Alert(
        uuid5(NAMESPACE_URL, key),
        key,
        kind,
        "",
        severity,
        state,
        None,
        at(0),
        one,
        ("What.", "Evidence.", "`Do` it."),
        "docs/runbooks/x.md",
    )
