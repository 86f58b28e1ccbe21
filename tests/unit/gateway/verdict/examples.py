"""A system in which all is well, and one example of each kind of finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.verdict.finding import Finding, Scalar
from gateway.verdict.judge import judge
from gateway.verdict.kinds import TRAITS, Kind
from gateway.verdict.snapshot import Snapshot
from gateway.verdict.traits import Value
from projections.reads.answers import Answers
from projections.reads.burning import Burning
from projections.reads.operations import Breaker, Flag, Operations, Stall
from projections.reads.overview import Aside, Ended, Outbox, Overview, ProjectionLag, Retrying, Undecided, Waiting
from projections.reads.processes import ROLES, Group, Process
from projections.reads.sessions import Lock, Sessions, Transaction

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
QUIET = Overview({}, {}, Waiting(0, 0.0), 0, Outbox(0, 0.0), ProjectionLag(0, 0.0, None))


def process(role: str, **changed: Any) -> Process:
    made = Process(f"{role}-1", role, "host", 7, "1", NOW, 0.2, True, {"handled": 3})
    return replace(made, **changed)


def breaker(name: str, state: str = "open", retry_at: datetime | None = NOW, **changed: Any) -> Breaker:
    return replace(Breaker(name, state, 5, NOW, retry_at, "HTTP 503", False, NOW), **changed)


def watchdog(away_s: float, **changed: Any) -> Process:
    return process("watchdog", progress={"broker_away_s": away_s, "broker_error": "HTTP 503"}, **changed)


def gateway(answered: int, failed: int, **changed: Any) -> Process:
    return process("gateway", source="gateway-2", progress={"answers": [answered, failed]}, **changed)


def behind(group: str, waited_s: float | None, records: int = 1500) -> Operations:
    """A system whose watchdog tells that so many records wait for a group, the first of them for so long."""
    told = Group(group, records, [], {}, waited_s)
    return replace(RUNS, processes=[*without("watchdog").processes, process("watchdog", groups=[told])])


def on_disk(size: int, free: int, of: str = "worker", path: str = "/tmp", **changed: Any) -> Process:
    told = {"of": of, "path": path, "device": 7, "size": size, "free": free}
    return process(of, source=f"{of}-2", progress={"disks": [told]}, **changed)


RUNS = Operations(
    processes=[process(role) for role in ROLES],
    breakers=[breaker("agent:x/m", "closed")],
    flags=[Flag("queue_processing", True, "", "", NOW)],
)
WELL = Snapshot(NOW, "answers", 0.01, "publishing", overview=QUIET, operations=RUNS)


def seen(overview: Overview = QUIET, operations: Operations = RUNS, **changed: Any) -> Snapshot:
    return replace(WELL, overview=overview, operations=operations, **changed)


def without(role: str) -> Operations:
    return replace(RUNS, processes=[p for p in RUNS.processes if p.role != role])


def and_also(one: Process) -> Operations:
    return replace(RUNS, processes=[*RUNS.processes, one])


def stalled(cause: str, count: int, escalated: int = 0) -> Operations:
    return replace(RUNS, stalls=[Stall(cause, count, escalated, NOW - timedelta(seconds=4))])


def answered(agent: str, given: int, unusable: int, by_rules: int | None = None) -> Answers:
    """The latest answers of an agent; without `by_rules`, the rules wrote each plan that it could not."""
    replaced = unusable if by_rules is None else by_rules
    return Answers(agent, given, unusable, replaced, NOW, "shopee", "the agent's answer held no JSON")


def letters(*counts: Any) -> Overview:
    return replace(QUIET, aside=Aside(Undecided(*counts)))


#: What leads to exactly one finding of the kind, and to no other.
EXAMPLES: dict[Kind, Snapshot] = {
    Kind.DATABASE_AWAY: replace(WELL, database="away", overview=None, operations=Operations()),
    Kind.DATABASE_HANGS: replace(
        WELL, database="hangs", overview=None, operations=Operations(), unanswered="select * from rm.plan"
    ),
    Kind.DATABASE_DISK_FULL: seen(refused="DiskFullError: No space left on device"),
    Kind.COMMANDS_REFUSED: seen(refused="OutOfMemoryError: out of memory"),
    Kind.SESSIONS_ENDED: seen(sessions_ended=12),
    Kind.LOG_CUT: seen(replace(QUIET, log_cut=Waiting(7, 30.0))),
    Kind.BROKER_AWAY: seen(
        operations=replace(without("watchdog"), processes=[*without("watchdog").processes, watchdog(7.0)])
    ),
    Kind.REGISTRY_AWAY: seen(
        operations=and_also(process("watchdog", progress={"registry_away_s": 7.0, "registry_error": "HTTP 503"}))
    ),
    Kind.RELAY_FAILING: seen(relay="failing", relay_failing_s=7.0),
    Kind.PLANS_ESCALATED: seen(operations=stalled("worker-gone", 2, 2)),
    Kind.RECORDS_FORGED: seen(letters(2, 0, 7200.0, 0, 2, 7200.0)),
    Kind.EVENTS_SET_ASIDE: seen(replace(QUIET, outbox=Outbox(0, 0.0, 4, 1734))),
    Kind.EVENTS_CHANGED: seen(replace(QUIET, outbox=Outbox(0, 0.0, 2, 1734, 2))),
    Kind.RELAY_OFF: seen(relay="off"),
    Kind.WATCHDOG_MISSING: seen(operations=without("watchdog")),
    Kind.ALERTS_MISSING: seen(operations=without("alerts")),
    Kind.ROLE_MISSING: seen(operations=without("worker")),
    Kind.PROCESS_SILENT: seen(operations=and_also(process("runner", silent_seconds=9.0))),
    Kind.PROCESS_DEAF: seen(operations=and_also(process("runner", told_to_end="it leaves plan.events/3 lying"))),
    Kind.PROCESS_GONE: seen(operations=and_also(process("runner", connected=False))),
    Kind.PLANS_STALLED: seen(operations=stalled("worker-gone", 1)),
    Kind.LOCK_KEPT: seen(replace(QUIET, sessions=Sessions(0, Lock(3, 4.2, 71, "psql", 6.0)))),
    Kind.POOL_FULL: seen(pool_full_s=3.5),
    Kind.TRANSACTION_OPEN: seen(transactions=(Transaction(71, "psql", "ana", "734", 901.0),)),
    Kind.FLAG_OFF: seen(operations=replace(RUNS, flags=[Flag("queue_processing", False, "a migration", "Ana", NOW)])),
    Kind.BREAKER_TRIPPED: seen(operations=replace(RUNS, breakers=[breaker("agent:x/m", retry_at=None, forced=True)])),
    Kind.BREAKER_OPEN: seen(operations=replace(RUNS, breakers=[breaker("agent:x/m")])),
    Kind.BREAKER_PROBING: seen(operations=replace(RUNS, breakers=[breaker("agent:x/m", "half_open")])),
    Kind.PHASE1_LATE: seen(replace(QUIET, plans_without_phase1=Waiting(7, 4.1))),
    Kind.RECORDS_LATE: seen(operations=behind("analysis", 61.0)),
    Kind.ANALYSIS_LATE: seen(replace(QUIET, plans={"analyzing": Waiting(1, 500.0)})),
    Kind.OUTBOX_BACKLOG: seen(replace(QUIET, outbox=Outbox(2, 3.2))),
    Kind.PROJECTIONS_BEHIND: seen(replace(QUIET, projection=ProjectionLag(9, 3.2, None))),
    Kind.CHANGES_UNHEARD: seen(unheard_s=9.0),
    Kind.CLOCKS_OFF: seen(operations=and_also(process("runner", progress={"clock_off_s": -3600.0}))),
    Kind.WEBHOOK_FAILING: seen(operations=replace(RUNS, breakers=[breaker("webhook:erp")])),
    Kind.NOTIFIER_FAILING: seen(operations=replace(RUNS, breakers=[breaker("notify:slack")])),
    Kind.DATABASE_FILLING: seen(replace(QUIET, database_bytes=9 * 1024**3), database_limit=10 * 1024**3),
    Kind.DISK_FULL: seen(operations=and_also(on_disk(10**9, 10**6))),
    Kind.DISK_FILLING: seen(operations=and_also(on_disk(10**9, 5 * 10**7))),
    Kind.DISK_UNSEEN: seen(operations=and_also(process("watchdog", progress={"disks_unseen": ["broker"]}))),
    Kind.AGENT_UNUSABLE: seen(replace(QUIET, answers=(answered("agent:x/m", 10, 7),))),
    Kind.FAILING_OFTEN: seen(replace(QUIET, analysed=Ended(50, 31))),
    Kind.PHASE1_FAILING: seen(replace(QUIET, phase1_made=Ended(20, 4))),
    Kind.TASKS_FAILING: seen(replace(QUIET, tasks_ended=Ended(20, 10))),
    Kind.REQUESTS_FAILING: seen(operations=and_also(gateway(1000, 50))),
    Kind.AGENT_BUDGET: seen(
        operations=replace(and_also(process("runner", progress={"budget": 100.0})), agents_cost=85.0)
    ),
    Kind.SLO_BURNING: seen(replace(QUIET, burning={"phase1": {1: Burning(1000, 150, 4.0)}})),
    Kind.DEAD_LETTERS_GROWING: seen(letters(40, 0, 7200.0, 12, 0, 0.0, 150.0)),
    Kind.DEAD_LETTERS: seen(letters(4, 1, 7200.0)),
    Kind.RETRIES_OVERDUE: seen(replace(QUIET, aside=Aside(Undecided(), Retrying(3, NOW, 61.0)))),
    Kind.RETRIES_WAITING: seen(replace(QUIET, aside=Aside(Undecided(), Retrying(3, NOW, 0.0)))),
    Kind.TASKS_FAILED: seen(replace(QUIET, tasks={"failed": Waiting(1, 9.0)})),
    Kind.DECISIONS_LATE: seen(replace(QUIET, decisions_late=Waiting(3, 200_000.0))),
    Kind.TASKS_OVERDUE: seen(replace(QUIET, tasks_overdue=Waiting(2, 90_000.0))),
    Kind.PLANS_EMPTY: seen(replace(QUIET, empty_plans=4)),
    Kind.PLANS_PARTIAL: seen(replace(QUIET, partial_plans=2)),
    Kind.NEXT_PHASES: seen(replace(QUIET, next_phases=Waiting(3, 90_000.0))),
    Kind.ALERTS_ALONE: seen(
        operations=replace(
            RUNS,
            processes=[
                *without("alerts").processes,
                process("alerts", progress={"notifiers": ["slack"], "alone": "slack"}),
            ],
        )
    ),
    Kind.ALERTS_UNHEARD: seen(
        operations=replace(
            RUNS,
            processes=[
                *without("alerts").processes,
                process("alerts", progress={"notifiers": ["email"], "unheard": ["broker-away", "role-missing"]}),
            ],
        )
    ),
    Kind.RECORDS_UNSIGNED: seen(unsigned="warn"),
    Kind.SECRETS_PLAIN: seen(operations=replace(RUNS, plain_secrets=2)),
    Kind.READER_UNCONFINED: seen(unconfined="namespaces, seccomp"),
    Kind.ALERTS_UNTOLD: seen(
        operations=replace(
            RUNS, processes=[*without("alerts").processes, process("alerts", progress={"notifiers": []})]
        )
    ),
}

_SAMPLE: dict[Value, Scalar] = {
    Value.COUNT: 1234,
    Value.NUMBER: 71,
    Value.CAME_BACK: 2,
    Value.SECONDS: 9.5,
    Value.AGE: 9.5,
    Value.AGO: 9.5,
    Value.MOMENT: NOW,
    Value.UNTIL: NOW,
    Value.ROLE: "pump",
    Value.CAUSE: "agent-slow",
    Value.FLAG: "circuit_breaker",
    Value.ACTION: "request-again",
}


def sample(types: Any) -> dict[str, Scalar]:
    """Values of these types: a text is its own name, so that it is found again in what is said."""
    return {name: _SAMPLE.get(kind, f"<{name}>") for name, kind in types.items()}


def finding(kind: Kind) -> Finding:
    return Finding(kind, sample(TRAITS[kind].values))


def kinds(what: Snapshot) -> list[Kind]:
    return [found.kind for found in judge(what).findings]
