"""Decides which alerts open, worsen, escalate and resolve, from one look at the verdict. Pure.

A finding that follows from another one is evidence of that one's alert, and opens its own once it outlasts its cause
(`gateway.verdict.causes`). An alert that was sent before its cause was seen goes on, and names it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from gateway.alerts import deafness, follows, recurring, silence
from gateway.alerts.alert import Alert, State, alert_id
from gateway.alerts.patience import DATABASE, Patience
from gateway.alerts.recurring import Recurring
from gateway.alerts.starting import starting
from gateway.verdict import runbooks
from gateway.verdict.causes import CAUSES, LONGEST_S, Covers, Past, roots
from gateway.verdict.families import key_of
from gateway.verdict.finding import RANK, Finding, Verdict
from gateway.verdict.kinds import Kind
from gateway.verdict.settling import settles_s
from gateway.verdict.traits import PASSING
from gateway.verdict.words.findings import say

#: Says whether an alert goes to the next notifier at this time.
Escalates = Callable[[Alert, datetime], bool]
What = Literal["opened", "worsened", "changed", "reopened", "recurred", "quieted", "escalated", "resolved"]
#: A stored age may be off by this many seconds, or by this share of it, so that no alert is written each second.
AGES_S: Final = 5.0
AGES: Final = 0.1
#: An alert that was sent at most this long before its cause was seen follows from it; an earlier one does not.
JOINS: Final = timedelta(seconds=10)
_CAN_CAUSE: Final = frozenset(kind for causes in CAUSES.values() for kind in causes)
_LONGEST: Final = timedelta(seconds=LONGEST_S)
_MISSING: Final = {Kind.ROLE_MISSING, Kind.WATCHDOG_MISSING}
#: These changes say that something is wrong now, whatever was sent before.
_ANEW: Final = frozenset({"worsened", "reopened", "recurred"})


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the verdict. `findings` by key, the most urgent of each; `whole`: the database could be read."""

    at: datetime
    findings: Mapping[str, Finding]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Memory:
    """What one look passes on to the next: since when each finding is there, and since when that of each alert is gone.

    `last`: how the finding of each alert was seen last, which is stored only where it says more than before. `past`:
    causes whose alerts were sent, and when each was last seen. `again`: alerts whose finding came again before
    they were over. `next_at`: when the next waiting finding will have lasted long enough.
    """

    began: datetime
    seen: Mapping[str, datetime] = field(default_factory=dict)
    gone: Mapping[str, datetime] = field(default_factory=dict)
    last: Mapping[str, Finding] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    past: Mapping[str, Past] = field(default_factory=dict)
    again: Mapping[str, Recurring] = field(default_factory=dict)
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The stored state of alerts: unresolved ones, silences with their ends, and how often each opened lately."""

    alerts: Sequence[Alert] = ()
    silences: Mapping[str, datetime] = field(default_factory=dict)
    openings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an alert, and the alert after it."""

    what: What
    alert: Alert


def look(verdict: Verdict, memory: Memory) -> tuple[Look, Memory]:
    """Return the findings whose traits let them become alerts, without those of roles that have yet to start."""
    snapshot = verdict.snapshot
    roles = memory.roles | {p.role for p in snapshot.operations.processes if p.connected}
    young = starting(verdict, memory.began)
    found: dict[str, Finding] = {}
    for finding in verdict.findings:  # the most urgent first
        role = finding.subject or "watchdog"
        about_to_start = finding.kind in _MISSING and young and role not in roles
        if finding.traits.alert and not about_to_start:
            found.setdefault(key_of(finding), finding)
    return Look(verdict.as_of, found, snapshot.overview is not None), replace(memory, roles=frozenset(roles))


def step(
    memory: Memory,
    seen: Look,
    known: Known,
    patience: Patience,
    escalates: Escalates,
    covers: Covers = lambda _cause, _effect: True,
) -> tuple[Memory, tuple[Change, ...]]:
    """Return what to remember, and the changes that a look makes. Alerts about what could not be read stay as they are.

    `escalates`: the next notifier gets it. `covers(cause, effect)`: whoever gets the effect's alert gets the cause's.
    """
    alerts = {alert.key: alert for alert in known.alerts}
    named = deafness.named(seen.findings, alerts, covers)
    found = {**deafness.going_on(named, alerts), **seen.findings}
    since = {key: memory.seen.get(key, seen.at) for key in found}
    gone = {key: memory.gone.get(key, seen.at) for key in alerts.keys() - found.keys() if seen.whole or key == DATABASE}
    rooted = roots(seen.findings, memory.past, seen.at, covers, since)
    causes = named | {
        key: named.get(cause, cause)
        for key, cause in rooted.items()
        if (key not in alerts or _joins(alerts[key], seen.at)) and named.get(cause) != key
        # an alert that names a process says more of it than a cause that is over
        if key not in named or cause in alerts or cause in seen.findings
    }
    opening = {
        key: since[key] + _lasts(finding, patience)
        for key, finding in found.items()
        if key not in alerts and key not in causes
    }
    again = recurring.noted(memory.again, alerts, found, memory.gone, seen.at)
    recurs = {
        key: since[key] + _lasts(found[key], patience)
        for key, one in again.items()
        if one.owed and key in found and key not in rooted
    }
    ids = {key: alert.alert_id for key, alert in alerts.items()}
    ids |= {key: alert_id(key, seen.at) for key, at in opening.items() if at <= seen.at}
    changes: list[Change] = []
    for key, finding in found.items():
        mine = follows.of(key, causes, found)
        if key in alerts:
            cause = ids.get(causes.get(key, ""))
            now = _now(alerts[key], finding, mine, cause, back=key in memory.gone)
            made = list(_lasting(alerts[key], now, seen.at, escalates, cause, recurs.get(key)))
            changes += made
            again[key] = again[key].told if any(one.what in _ANEW for one in made) else again[key]
        elif key in ids:
            opened = _opened(key, finding, since[key], seen.at, known.silences.get(key))
            changes.append(Change("opened", replace(opened, follows=mine)))
    for key, at in gone.items():
        alert = follows.added(alerts[key], follows.of(key, causes, seen.findings))
        lasts = seen.at - at < _resolves(alert, patience, known.openings.get(key, 0))
        over = None if lasts else _over(alert, memory.last.get(key), at)
        made, again[key] = _absent(alert, alerts[key], seen.at, over, again[key])
        changes += made
    waits = min((at for at in (*opening.values(), *recurs.values()) if at > seen.at), default=None)
    past = _past(memory.past, seen, ids.keys() | named.keys())
    last = {**{key: one for key, one in memory.last.items() if key in gone}, **found}
    return replace(memory, seen=since, gone=gone, last=last, past=past, again=again, next_at=waits), tuple(changes)


def _absent(
    alert: Alert, before: Alert, at: datetime, over: Alert | None, again: Recurring
) -> tuple[list[Change], Recurring]:
    """Return the change of an alert whose finding is gone, and whether its return is to be sent. `over`: its end."""
    if over is not None:
        return [Change("resolved", over)], again
    if silence.is_over(alert, at):  # unless somebody sees to it, nobody has heard of it lately
        return [Change("quieted", silence.without(alert))], replace(again, owed=again.owed or not alert.acknowledged_at)
    return [Change("changed", alert)] if follows.more(alert, before) else [], again


def _over(alert: Alert, last: Finding | None, at: datetime) -> Alert:
    """Return an alert that was gone at this time, with its finding as that was seen last."""
    ended = alert if last is None else _as_now(alert, last)
    return replace(ended, state=State.RESOLVED, resolved_at=at, version=alert.version + 1)


def _joins(alert: Alert, at: datetime) -> bool:
    """Return whether an alert that was sent may follow from a cause that is seen only now: it opened shortly before."""
    return alert.caused_by is not None or at - alert.opened_at <= JOINS


def _lasts(finding: Finding, patience: Patience) -> timedelta:
    """Return how long a finding has to last: its hold, and long enough that a cause would have been seen."""
    asked_s = patience.hold(finding.kind, finding.traits.severity).opens_s
    return timedelta(seconds=max(asked_s, settles_s(finding)))


def _resolves(alert: Alert, patience: Patience, openings: int) -> timedelta:
    """Return for how long a finding has to be gone until its alert is over."""
    kind = alert.finding.kind if alert.finding else None
    return timedelta(seconds=max(patience.resolves_s(kind, alert.severity, openings), deafness.judged_s(alert)))


def _past(before: Mapping[str, Past], seen: Look, told: Collection[str]) -> dict[str, Past]:
    """Return the causes whose alerts were sent: the present ones, and those that have been gone for a short time."""
    kept = {key: one for key, one in before.items() if seen.at - one.seen_at < _LONGEST}
    now = {key: Past(one, seen.at) for key, one in seen.findings.items() if key in told and one.kind in _CAN_CAUSE}
    return {**kept, **now}


def _opened(key: str, finding: Finding, seen_since: datetime, at: datetime, silenced_until: datetime | None) -> Alert:
    silenced = silenced_until is not None and silenced_until > at
    alert = Alert(
        alert_id(key, at),
        key,
        finding.kind,
        finding.subject,
        finding.traits.severity,
        State.SILENCED if silenced else State.OPEN,
        finding.since or seen_since,
        at,
        finding,
        silenced_until=silenced_until if silenced else None,
    )
    return _as_now(alert, finding)


def _now(alert: Alert, finding: Finding, mine: Iterable[Finding], cause: UUID | None, *, back: bool) -> Alert:
    """Return an alert as its finding is now. `mine`: what follows from it; `back`: it was gone at the look before."""
    now = follows.added(_as_now(alert, finding), mine)
    return replace(now, caused_by=alert.caused_by or cause, came=alert.came + back)


def _lasting(
    alert: Alert, now: Alert, at: datetime, escalates: Escalates, cause: UUID | None, recurs_at: datetime | None
) -> Iterator[Change]:
    """Yield the changes of an alert whose finding is present. `recurs_at`: when it is to be sent that it came again."""
    if silence.is_over(alert, at):
        now = replace(now, silenced_until=None)
        if alert.acknowledged_at:
            yield Change("quieted", silence.without(now))
        else:
            yield Change("reopened", _anew(now, State.OPEN, at))
    elif RANK[now.severity] > RANK[alert.severity]:
        # whoever acknowledged it knew of less
        state = State.SILENCED if alert.state is State.SILENCED else State.OPEN
        yield Change("worsened", _anew(now, state, at))
    elif recurs_at is not None and recurs_at <= at and alert.state is not State.SILENCED:
        # whoever acknowledged it may have seen that it was gone
        yield Change("recurred", _anew(now, State.OPEN, at))
    elif cause is None and escalates(alert, at):  # where there is one, that is escalated
        now = replace(now, escalations=alert.escalations + 1, escalated_at=at, version=alert.version + 1)
        yield Change("escalated", now)
    elif (
        _says_more(now.finding, alert.finding)
        or follows.more(now, alert)
        or (now.caused_by, now.came) != (alert.caused_by, alert.came)
    ):
        yield Change("changed", now)


def _anew(alert: Alert, state: State, at: datetime) -> Alert:
    """Return an alert that needs a new acknowledgement; its escalation counts from now on."""
    return replace(alert, state=state, acknowledged_at=None, escalations=0, escalated_at=at, version=alert.version + 1)


def _says_more(finding: Finding | None, known: Finding | None) -> bool:
    """Return whether a finding differs from the stored one. An age that has grown by a little is no difference."""
    if finding is None or known is None or finding.kind is not known.kind:
        return True
    for name, kind in finding.traits.values.items():
        value, before = finding.values[name], known.values[name]
        if kind in PASSING and isinstance(value, int | float) and isinstance(before, int | float):
            if abs(value - before) > max(AGES_S, AGES * before):
                return True
        elif value != before:
            return True
    return False


def _as_now(alert: Alert, finding: Finding) -> Alert:
    """Return the alert with the present finding; its severity stays the worst one so far."""
    said = say(finding)
    worst = max(alert.severity, finding.traits.severity, key=RANK.__getitem__)
    began = [moment for moment in (alert.since, finding.since) if moment is not None]
    return replace(
        alert,
        kind=finding.kind,
        severity=worst,
        since=min(began) if began else None,
        finding=finding,
        words=(said.text, said.evidence, said.advice),
        runbook=runbooks.source(finding.traits.runbook),
    )
