"""Findings on processes, breakers, flags and stalled plans. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from gateway.verdict.finding import Finding, Scalar
from gateway.verdict.kinds import Kind
from gateway.verdict.snapshot import Snapshot
from gateway.verdict.words import terms
from gateway.webhooks.types import WINDOW
from projections.reads.operations import Breaker, Stall
from projections.reads.processes import Process
from projections.reads.webhooks import BREAKER as WEBHOOKS
from projections.reads.webhooks import Waiting

#: Breakers of alerts' notifiers are called so: what they hold back is no plan's.
NOTIFIERS: Final = "notify:"
#: A notifier, where an engine names none of its own.
_SOME: Final = "slack"
#: A delivery that waits for longer than this is not just being tried again.
WAITS_LONG: Final = timedelta(hours=1)


def running(snapshot: Snapshot) -> Iterator[Finding]:
    """Return the findings that heartbeats, breakers, flags and the watchdog's deadlines give."""
    operations = snapshot.operations
    for stall in operations.stalls:
        yield from _stalled(snapshot, stall)
    if operations.processes:  # none at all: nobody has said anything yet, such as right after a migration
        for role in operations.missing_roles:
            if role == "watchdog":
                yield Finding(Kind.WATCHDOG_MISSING, {})
            elif role == "alerts":
                yield Finding(Kind.ALERTS_MISSING, {})
            else:
                yield Finding(Kind.ROLE_MISSING, {"role": role}, subject=role)
        if "alerts" not in operations.missing_roles and not operations.engines:
            yield Finding(Kind.ALERTS_MISSING, {})
    for process in operations.processes:
        yield from _process(snapshot, process)
    # where it was the last of its kind, that is said
    gone = [
        p
        for p in operations.processes
        if not p.connected and not p.begins_anew and p.role not in operations.missing_roles
    ]
    if gone:
        last = min(gone, key=lambda p: p.silent_seconds)
        named: dict[str, Scalar] = {"count": len(gone), "role": last.role, "pid": last.pid, "host": last.host}
        since = snapshot.as_of - timedelta(seconds=max(p.silent_seconds for p in gone))
        yield Finding(Kind.PROCESS_GONE, named, since)
    yield from _clocks(operations.processes)
    yield from _alone(operations.engines)
    yield from _unheard(operations.engines)
    for flag in operations.switched_off:
        values: dict[str, Scalar] = {"flag": flag.name, "name": flag.name, "by": flag.changed_by, "reason": flag.reason}
        yield Finding(Kind.FLAG_OFF, values, flag.changed_at, flag.name)
    for breaker in operations.holding_back:
        if not breaker.name.startswith("plan:"):  # a plan's own is that plan's news
            yield _breaker(breaker)
    yield from _webhooks(snapshot)


def _stalled(snapshot: Snapshot, stall: Stall) -> Iterator[Finding]:
    age = 0.0 if stall.oldest_due_at is None else max(0.0, (snapshot.as_of - stall.oldest_due_at).total_seconds())
    for kind, count in (
        (Kind.PLANS_ESCALATED, stall.escalated),
        (Kind.PLANS_STALLED, stall.count - stall.escalated),
    ):
        if count > 0:
            values: dict[str, Scalar] = {"count": count, "age": age, "cause": stall.cause}
            yield Finding(kind, values, stall.oldest_due_at, stall.cause)


def _process(snapshot: Snapshot, process: Process) -> Iterator[Finding]:
    values: dict[str, Scalar] = {"role": process.role, "pid": process.pid, "host": process.host}
    # until it is back, too: that it ends is how it is mended, and no fault of its own
    missing = process.role in snapshot.operations.missing_roles
    if process.told_to_end and (process.connected or (process.begins_anew and not missing)):
        yield Finding(Kind.PROCESS_DEAF, {**values, "reason": process.told_to_end}, subject=process.source)
    elif process.connected and not process.well:
        since = snapshot.as_of - timedelta(seconds=process.silent_seconds)
        yield Finding(Kind.PROCESS_SILENT, {**values, "age": process.silent_seconds}, since, process.source)


def _alone(engines: Sequence[Process]) -> Iterator[Finding]:
    """Judge the escalation: a notifier alone has nobody to hand over to, as each engine says."""
    names = {str(engine.progress.get("alone", "")) for engine in engines}
    if len(names) == 1 and (name := names.pop()):
        yield Finding(Kind.ALERTS_ALONE, {"name": name})


def unheard(engines: Sequence[Process]) -> list[str]:
    """Return the kinds of critical alerts that come to no notifier, as the alert engines say."""
    return sorted({str(kind) for engine in engines for kind in engine.progress.get("unheard", ())})


def _unheard(engines: Sequence[Process]) -> Iterator[Finding]:
    """Judge the routes: one of the engines is active, whichever, so what one of them tells nobody counts."""
    if kinds := unheard(engines):
        names = [str(name) for engine in engines for name in engine.progress.get("notifiers", ())]
        said: dict[str, Scalar] = {"count": len(kinds), "kinds": ", ".join(kinds), "name": names[0] if names else _SOME}
        yield Finding(Kind.ALERTS_UNHEARD, said)


def _clocks(processes: Sequence[Process]) -> Iterator[Finding]:
    """Judge the clocks: each process tells how far its own is ahead of the database's, where they disagree."""
    off = {p.source: float(p.progress.get("clock_off_s", 0.0)) for p in processes if p.well}
    wrong = [p for p in processes if off.get(p.source)]
    if wrong:
        worst = max(wrong, key=lambda p: abs(off[p.source]))
        by = off[worst.source]
        values: dict[str, Scalar] = {"role": worst.role, "pid": worst.pid, "host": worst.host}
        said: dict[str, Scalar] = {"count": len(wrong), "off": abs(by), "way": terms.AHEAD if by > 0 else terms.BEHIND}
        yield Finding(Kind.CLOCKS_OFF, {**values, **said})


def _webhooks(snapshot: Snapshot) -> Iterator[Finding]:
    """Judge the queues: receivers that take some events, and others they do not."""
    # one whose breaker holds it back is told of by that
    told = {breaker.name for breaker in snapshot.operations.holding_back}
    for webhook in snapshot.operations.webhooks:
        name = f"{WEBHOOKS}{webhook.name}"
        if name not in told and (how := _how(snapshot, webhook)):
            since, reason = {
                terms.PAUSED: (webhook.failing_since, webhook.paused_for),
                terms.GIVEN_UP: (webhook.since, webhook.error),
            }.get(how, (webhook.oldest, webhook.failed))
            yield Finding(Kind.WEBHOOK_FAILING, {"name": webhook.name, "how": how, "reason": reason}, since, name)


def _how(snapshot: Snapshot, webhook: Waiting) -> str:
    if webhook.paused_for:
        return terms.PAUSED
    if webhook.waiting >= WINDOW:
        return terms.FULL
    if webhook.given_up:
        return terms.GIVEN_UP
    late = webhook.oldest is not None and snapshot.as_of - webhook.oldest > WAITS_LONG
    return terms.WAITS_LONG if late else ""


def _breaker(breaker: Breaker) -> Finding:
    if breaker.name.startswith(NOTIFIERS):
        name = breaker.name.removeprefix(NOTIFIERS)
        said: dict[str, Scalar] = {"name": name, "reason": breaker.reason, "until": breaker.retry_at}
        return Finding(Kind.NOTIFIER_FAILING, said, breaker.opened_at, breaker.name)
    if breaker.name.startswith(WEBHOOKS):
        name = breaker.name.removeprefix(WEBHOOKS)
        said = {"name": name, "how": terms.TAKES_NONE, "reason": breaker.reason}
        return Finding(Kind.WEBHOOK_FAILING, said, breaker.opened_at, breaker.name)
    values: dict[str, Scalar] = {"name": breaker.name, "reason": breaker.reason}
    if breaker.forced and breaker.state == "open":
        return Finding(Kind.BREAKER_TRIPPED, {**values, "until": breaker.retry_at}, breaker.opened_at, breaker.name)
    if breaker.state == "open":
        return Finding(Kind.BREAKER_OPEN, {**values, "until": breaker.retry_at}, breaker.opened_at, breaker.name)
    return Finding(Kind.BREAKER_PROBING, values, breaker.opened_at, breaker.name)
