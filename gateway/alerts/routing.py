"""Decides who gets which alert: from the change of an alert to its notices. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from gateway.alerts.alert import About, Alert, State, notice_id
from gateway.alerts.core import Change
from gateway.alerts.escalation import Escalation
from gateway.alerts.patience import Patience
from gateway.alerts.quiet import Quiet, kept_until
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.running import NOTIFIERS
from gateway.verdict.traits import Scope, Severity

#: The first notice is sent at once; those that follow within this time are sent in one message.
GATHER_S: Final = 1.0
#: The prefix of the names of notifiers' breakers.
BREAKER: Final = NOTIFIERS
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


#: Notifiers that get critical alerts alone, and call one person after the other by themselves.
PAGERS: Final = frozenset({"pagerduty"})


@dataclass(frozen=True, slots=True)
class Route:
    """Which alerts go to the notifiers `to`, or to the first of `fallback` that works; empty filters fit all."""

    to: tuple[str, ...]
    severities: frozenset[Severity] = frozenset({Severity.CRITICAL, Severity.WARNING})
    kinds: frozenset[str] = frozenset()
    scopes: frozenset[Scope] = frozenset()
    fallback: tuple[str, ...] = ()

    def takes(self, kind: str, severity: Severity, scope: Scope) -> bool:
        return (
            severity in self.severities
            and (not self.kinds or kind in self.kinds)
            and (not self.scopes or scope in self.scopes)
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """When the daily and the weekly summary go, by the clocks of `zone`; None: never."""

    zone: str = "UTC"
    daily: str | None = "08:00"
    weekly: str | None = "mon 08:00"
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Routing:
    """The whole configuration: routes, escalation, quiet hours, summaries and patience."""

    routes: tuple[Route, ...] = ()
    escalation: Escalation = field(default_factory=Escalation)
    quiet: tuple[Quiet, ...] = ()
    summary: Summary = field(default_factory=Summary)
    patience: Patience = field(default_factory=Patience)

    def receivers(self, alert: Alert) -> dict[str, tuple[str, ...]]:
        """Return an alert's notifiers, each with its fallbacks. A notifier gets nothing about its own failure."""
        scope = TRAITS[Kind(alert.kind)].scope if alert.finding else Scope.SYSTEM
        return self._to(alert.kind, alert.severity, scope, alert.subject)

    def escalates(self, alert: Alert, at: datetime) -> bool:
        """Say whether an alert goes to the next notifier at this time; quiet hours keep it."""
        return self.escalation.due(alert, at, self.quiet)

    @property
    def alone(self) -> str:
        """Return the only notifier that a critical alert can come to, however long nobody acknowledges it; else "".

        PagerDuty calls one person after the other by itself, so it is not alone.
        """
        grave = [route for route in self.routes if not route.severities or Severity.CRITICAL in route.severities]
        heard = {*self.escalation.steps, *(name for route in grave for name in route.to)}
        return next(iter(heard)) if len(heard) == 1 and not heard & PAGERS else ""

    @property
    def unheard(self) -> tuple[str, ...]:
        """Return the critical kinds that come to nobody: no route takes them, and nothing is escalated."""
        if self.escalation.steps:
            return ()
        grave = {kind: one.scope for kind, one in TRAITS.items() if one.alert and one.severity is Severity.CRITICAL}
        return tuple(kind for kind, scope in grave.items() if not self._to(kind, Severity.CRITICAL, scope, ""))

    def covers(self, cause: Finding, effect: Finding) -> bool:
        """Say whether every receiver of the effect also receives the cause, so that one alert is enough."""
        return self._of(effect).keys() <= self._of(cause).keys()

    def _of(self, finding: Finding) -> dict[str, tuple[str, ...]]:
        return self._to(finding.kind, finding.traits.severity, finding.traits.scope, finding.subject)

    def _to(self, kind: str, severity: Severity, scope: Scope, subject: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for route in self.routes:
            if route.takes(kind, severity, scope):
                for name in route.to:
                    found.setdefault(name, tuple(other for other in route.fallback if other != name))
        broken = subject.removeprefix(BREAKER) if subject.startswith(BREAKER) else ""
        instead = found.pop(broken, ())
        return {**dict.fromkeys(instead, ()), **found}


@dataclass(frozen=True, slots=True)
class Notice:
    """One alert, in one state, to one notifier. `kept`: it waits for the end of quiet hours."""

    notice_id: UUID
    alert_id: UUID
    about: About
    version: int
    notifier: str
    due_at: datetime
    fallback: tuple[str, ...] = ()
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """When a notifier gets, or got, the message that an alert opened, and which fallback takes over."""

    due_at: datetime
    fallback: tuple[str, ...] = ()


@dataclass(slots=True)
class Gathering:
    """The times of messages: the first at once, those that follow soon after it together."""

    _went_at: datetime = _LONG_AGO

    def due(self, at: datetime) -> datetime:
        """Return when a message that is made at this moment is due."""
        if at >= self._went_at + timedelta(seconds=GATHER_S):
            self._went_at = at
        elif at > self._went_at:
            self._went_at += timedelta(seconds=GATHER_S)
        return self._went_at


def notices(
    change: Change, routing: Routing, told: Mapping[str, Told], at: datetime, known: Collection[str]
) -> Iterator[Notice]:
    """Yield the notices of a change, due at a time. `told`: who knows of this alert; `known`: all notifiers."""
    alert = change.alert
    soon = at
    if change.what == "resolved":
        # whoever got the opening also gets the end, and not before the opening
        for name, before in told.items():
            due_at = max(soon, before.due_at)
            yield _notice(alert, About.RESOLVED, name, due_at, before.fallback, kept=before.due_at > soon)
    elif change.what == "escalated":
        name = routing.escalation.steps[alert.escalations - 1]
        if name in known:
            yield _notice(alert, About.ESCALATED, name, at)
    elif change.what in {"opened", "worsened", "reopened", "recurred"} and alert.state is State.OPEN:
        until = kept_until(routing.quiet, alert.severity, at)
        for name, fallback in routing.receivers(alert).items():
            if name in known:
                usable = tuple(other for other in fallback if other in known)
                yield _notice(alert, About(change.what), name, until or soon, usable, kept=until is not None)


def _notice(
    alert: Alert, about: About, name: str, due_at: datetime, fallback: tuple[str, ...] = (), *, kept: bool = False
) -> Notice:
    made = notice_id(alert.alert_id, about, alert.version, name)
    return Notice(made, alert.alert_id, about, alert.version, name, due_at, fallback, kept)
