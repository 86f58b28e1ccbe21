"""What is wrong, in words, each with what helps. Pure: what was read -> sentences, the worst first.

A finding says that something is wrong with the system. A notice says that the system works and a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.shapes.system import BrokerHealth
from projections.reads.operations import Operations
from projections.reads.overview import Overview

#: From here on, waiting is a finding, whether or not all moves. Seconds. What waits for 5 s is told by then, as is
#: promised: these leave time to tell it.
OUTBOX_LATE_S: Final = 3.0
PROJECTION_LATE_S: Final = 3.0
PHASE1_LATE_S: Final = 3.0
ANALYSIS_LATE_S: Final = 120.0

#: What is not done while no process of the role lives, and how to start one.
_MISSING: Final = {
    "gateway": "accepted commands are not carried to the broker",
    "worker": "uploads are not handed out and Phase 1 is made by the watchdog only",
    "runner": "nothing is analysed",
    "projections": "what is decided does not appear",
    "pump": "records that wait for a retry are not tried again",
    "watchdog": "nobody sees what is stuck",
}
#: What becomes of what a breaker holds back: docs/resilience.md, `breaker-open`.
_HELD_BACK: Final = (
    "Its work waits and goes on by itself, until 10 s after a plan's deadline: then the plan goes on without what is"
    " missing. `marketplace breaker reset` tries at once."
)
_HELD_BY_A_PERSON: Final = (
    "A person opened it: plans wait for it past their deadlines. `marketplace breaker reset` lets them go on at once."
)
_OFF: Final = {
    "queue_processing": "Nothing is taken from the queues: what waits there waits on.",
    "circuit_breaker": "Failing agents are called again and again.",
    "automatic_recovery": "What is stuck is found and told, and not healed.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`recommendation` is empty where the system helps itself."""

    text: str
    recommendation: str = ""


def find(
    broker: BrokerHealth, seen: Overview | None, operations: Operations | None, refused: str = ""
) -> list[Finding]:
    """Return what is wrong; nothing wrong, nothing returned. `refused`: why commands could not be stored just now."""
    if seen is None:
        text = "The database does not answer. Nothing can be read or decided until it does."
        advice = "See whether PostgreSQL runs, hangs or is full: its process, log and disk."
        return [Finding(text, f"{advice} Workers wait for it; nothing is lost.")]
    found = list(_way(broker, seen, operations))
    if refused:
        found.insert(
            0,
            Finding(
                f"The database can be read, but does not store commands ({refused}).",
                "Look at the database's disk and log. Whoever asks is told to ask again; nothing is lost.",
            ),
        )
    if operations is not None:
        found += _operations(operations)
    return [*found, *_late(seen)]


def notices(seen: Overview | None) -> list[Finding]:
    """Return what waits for a person although nothing is wrong."""
    letters = None if seen is None else seen.aside.letters
    if letters is None or not letters.count:
        return []
    many = "1 dead letter waits" if letters.count == 1 else f"{letters.count} dead letters wait"
    since = f"{'' if letters.count == 1 else 'the oldest '}for {letters.oldest_seconds:.0f} s"
    parked = f" {letters.parked} of them came back three times." if letters.parked else ""
    return [
        Finding(
            f"{many} for a decision, {since}.{parked}",
            "`marketplace dead groups` shows the causes: replay what is mended, discard the rest.",
        )
    ]


def _way(broker: BrokerHealth, seen: Overview, operations: Operations | None) -> Iterator[Finding]:
    if operations is not None and operations.broker_away:
        reason = next(b.reason for b in operations.not_closed if b.name == "broker")
        yield Finding(
            f"The broker is away ({reason}). Commands are taken and kept, Phase 1 is made without it.",
            "Bring the broker back: everything that waits goes out in order then.",
        )
    elif broker.relay == "failing":
        yield Finding(
            f"Nothing could be published for {broker.failing_seconds:.0f} s: the broker or the schema registry does not"
            " answer. Commands are taken and wait in the outbox.",
            "Look at the broker and the registry; everything that waits goes out in order then.",
        )
    if broker.relay == "off":
        yield Finding(
            "No broker is configured. Commands are taken and wait in the outbox.",
            "Set MARKETPLACE_BROKERS and MARKETPLACE_REGISTRY_URL.",
        )
    if seen.outbox.oldest_seconds > OUTBOX_LATE_S:
        yield Finding(
            f"{seen.outbox.waiting} commands wait in the outbox, the oldest for {seen.outbox.oldest_seconds:.0f} s."
        )
    if seen.outbox.held:
        events = "1 event is" if seen.outbox.held == 1 else f"{seen.outbox.held} events are"
        first = "SEQ" if seen.outbox.held_first is None else seen.outbox.held_first
        yield Finding(
            f"{events} set aside: what does not fit its schema cannot be published, and its stream waits behind it.",
            f"`marketplace outbox list` says what is wrong. Mend the first with `marketplace outbox edit {first}`: it"
            " goes out by itself then.",
        )
    if seen.projection.oldest_seconds > PROJECTION_LATE_S:
        yield Finding(
            f"What is shown is behind by {seen.projection.behind} events, the oldest published"
            f" {seen.projection.oldest_seconds:.0f} s ago.",
            "If the age grows, look at the projections' log.",
        )


def _operations(operations: Operations) -> Iterator[Finding]:
    if operations.processes:  # none at all: nobody has said anything yet, such as right after a migration
        for role in operations.missing_roles:
            yield Finding(
                f"No {role} runs: {_MISSING[role]}.", f"Start one; the log of the last {role} says why it ended."
            )
    for process in operations.processes:
        if process.connected and not process.well:
            who = f"The {process.role} {process.pid} on {process.host}"
            yield Finding(
                f"{who} has said nothing for {process.silent_seconds:.0f} s.",
                "It is ended and started again by itself where its supervisor can.",
            )
    for breaker in operations.holding_back:
        if breaker.name != "broker" and not breaker.name.startswith("plan:"):
            when = "until it is reset" if breaker.retry_at is None else f"until {breaker.retry_at:%H:%M:%S} UTC"
            state = "tries again" if breaker.state == "half_open" else f"is open {when}"
            yield Finding(
                f"The circuit breaker {breaker.name} {state}: {breaker.reason or 'no reason was given'}.",
                _HELD_BY_A_PERSON if breaker.forced else _HELD_BACK,
            )
    for flag in operations.switched_off:
        by = f" by {flag.changed_by}" if flag.changed_by else ""
        yield Finding(
            f"{flag.name.replace('_', ' ').capitalize()} is switched off{by}. {_OFF.get(flag.name, '')}".rstrip(),
            f"`marketplace flags on {flag.name}` switches it on.",
        )
    advice = {stuck.cause: stuck.recommendation for stuck in operations.stuck}
    for cause, count in sorted(operations.stuck_by_cause.items()):
        plans = "1 plan is stuck" if count == 1 else f"{count} plans are stuck"
        yield Finding(f"{plans}: {cause or 'cause unknown'}.", advice.get(cause, ""))
    if operations.escalated:
        yield Finding(
            f"Automatic recovery has not helped {operations.escalated} of them: a person must look.",
            "`marketplace recoveries` shows what was seen and tried.",
        )


def _late(seen: Overview) -> Iterator[Finding]:
    late = seen.plans_without_phase1
    if late.count and late.oldest_seconds > PHASE1_LATE_S:
        plans = "1 approved plan waits" if late.count == 1 else f"{late.count} approved plans wait"
        yield Finding(f"{plans} for tasks, the oldest for {late.oldest_seconds:.0f} s.")
    analyzing = seen.plans.get("analyzing")
    if analyzing is not None and analyzing.oldest_seconds > ANALYSIS_LATE_S:
        yield Finding(f"{analyzing.count} plans are being analysed, the oldest for {analyzing.oldest_seconds:.0f} s.")
