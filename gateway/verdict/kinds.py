"""Everything that can be wrong, the most urgent first, and what each kind of finding is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from gateway.verdict.traits import Effect, Part, Scope, Severity, Traits, Value
from gateway.verdict.values import (
    ANSWER,
    BREAKER,
    DISK,
    EVENTS,
    FILLS,
    LETTER_VALUES,
    PROCESS,
    SHARE,
    SHARE_WITHIN,
    UNHEARD,
    WAITING,
)


class Kind(StrEnum):
    """A kind of finding. The order is that of urgency: what comes first is said first."""

    DATABASE_AWAY = "database-away"
    DATABASE_HANGS = "database-hangs"
    DISK_FULL = "disk-full"  # before what follows from it: pages say first what messages name as the cause
    DATABASE_DISK_FULL = "database-disk-full"
    COMMANDS_REFUSED = "commands-refused"
    BROKER_AWAY = "broker-away"
    REGISTRY_AWAY = "registry-away"
    RELAY_FAILING = "relay-failing"
    PLANS_ESCALATED = "plans-escalated"
    RECORDS_FORGED = "records-forged"
    EVENTS_SET_ASIDE = "events-set-aside"
    EVENTS_CHANGED = "events-changed"
    RELAY_OFF = "relay-off"
    WATCHDOG_MISSING = "watchdog-missing"
    ROLE_MISSING = "role-missing"
    ALERTS_MISSING = "alerts-missing"
    PROCESS_SILENT = "process-silent"
    PROCESS_DEAF = "process-deaf"
    PROCESS_GONE = "process-gone"
    PLANS_STALLED = "plans-stalled"
    LOCK_KEPT = "lock-kept"
    POOL_FULL = "pool-full"
    FLAG_OFF = "flag-off"
    BREAKER_TRIPPED = "breaker-tripped"
    BREAKER_OPEN = "breaker-open"
    BREAKER_PROBING = "breaker-probing"
    AGENT_UNUSABLE = "agent-unusable"
    PHASE1_LATE = "phase1-late"
    RECORDS_LATE = "records-late"
    ANALYSIS_LATE = "analysis-late"
    OUTBOX_BACKLOG = "outbox-backlog"
    PROJECTIONS_BEHIND = "projections-behind"
    CHANGES_UNHEARD = "changes-unheard"
    SESSIONS_ENDED = "sessions-ended"
    LOG_CUT = "log-cut"
    TRANSACTION_OPEN = "transaction-open"
    CLOCKS_OFF = "clocks-off"
    NOTIFIER_FAILING = "notifier-failing"
    WEBHOOK_FAILING = "webhook-failing"
    ALERTS_UNHEARD = "alerts-unheard"
    DATABASE_FILLING = "database-filling"
    DISK_FILLING = "disk-filling"
    FAILING_OFTEN = "failing-often"
    PHASE1_FAILING = "phase1-failing"
    REQUESTS_FAILING = "requests-failing"
    AGENT_BUDGET = "agent-budget"
    SLO_BURNING = "slo-burning"
    DEAD_LETTERS_GROWING = "dead-letters-growing"
    DEAD_LETTERS = "dead-letters"
    RETRIES_OVERDUE = "retries-overdue"
    RETRIES_WAITING = "retries-waiting"
    TASKS_FAILING = "tasks-failing"
    TASKS_FAILED = "tasks-failed"
    DECISIONS_LATE = "decisions-late"
    TASKS_OVERDUE = "tasks-overdue"
    PLANS_EMPTY = "plans-empty"
    PLANS_PARTIAL = "plans-partial"
    NEXT_PHASES = "next-phases"
    ALERTS_UNTOLD = "alerts-untold"
    ALERTS_ALONE = "alerts-alone"
    DISK_UNSEEN = "disk-unseen"
    RECORDS_UNSIGNED = "records-unsigned"
    SECRETS_PLAIN = "secrets-plain"
    READER_UNCONFINED = "reader-unconfined"


_RUNBOOK: Final = "something-is-stuck.md"
_LETTERS: Final = "dead-letters.md"
_FORGED: Final = f"{_LETTERS}#a-record-is-not-believed"
_SET_ASIDE: Final = "set-aside-events.md"
_CHANGED: Final = f"{_SET_ASIDE}#an-event-is-not-as-it-was-decided"
_ALERTS: Final = "alerts.md"
_PROCESSES: Final = f"{_RUNBOOK}#a-process-is-not-well"
_OPEN: Final = f"{_RUNBOOK}#a-breaker-is-open"
_POSTGRES: Final = f"{_RUNBOOK}#postgres-is-away"
_BROKER: Final = f"{_RUNBOOK}#the-broker-is-away"
_REGISTRY: Final = f"{_RUNBOOK}#the-schema-registry-is-away"


_DOWN, _DEGRADED, _NOTICE, _NOTE = Effect.DOWN, Effect.DEGRADED, Effect.NOTICE, Effect.NOTE
_CRITICAL, _WARNING, _INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO

TRAITS: Final[Mapping[Kind, Traits]] = MappingProxyType(
    {
        Kind.DATABASE_AWAY: Traits(_DOWN, _CRITICAL, Part.DATABASE, _POSTGRES),
        Kind.DATABASE_HANGS: Traits(_DOWN, _CRITICAL, Part.DATABASE, _POSTGRES, values={"asked": Value.ASKED}),
        Kind.DISK_FULL: Traits(_DEGRADED, _CRITICAL, Part.PROCESSES, f"{_ALERTS}#a-disk-fills", values=DISK),
        Kind.DATABASE_DISK_FULL: Traits(
            _DEGRADED, _CRITICAL, Part.DATABASE, f"{_ALERTS}#a-disk-fills", values={"reason": Value.REASON}
        ),
        Kind.COMMANDS_REFUSED: Traits(_DEGRADED, _CRITICAL, Part.DATABASE, _POSTGRES, values={"reason": Value.REASON}),
        Kind.SESSIONS_ENDED: Traits(
            _NOTICE, _CRITICAL, Part.DATABASE, _POSTGRES, values={"count": Value.COUNT, "within": Value.SECONDS}
        ),
        Kind.BROKER_AWAY: Traits(
            _DEGRADED, _CRITICAL, Part.BROKER, _BROKER, values={"reason": Value.REASON, "age": Value.AGE}
        ),
        Kind.REGISTRY_AWAY: Traits(
            _DEGRADED, _CRITICAL, Part.BROKER, _REGISTRY, values={"reason": Value.REASON, "age": Value.AGE}
        ),
        Kind.RELAY_FAILING: Traits(_DEGRADED, _CRITICAL, Part.BROKER, _BROKER, values={"age": Value.AGE}),
        Kind.PLANS_ESCALATED: Traits(
            _DEGRADED,
            _CRITICAL,
            Part.PLANS,
            f"{_RUNBOOK}#a-plan-is-escalated",
            values={**WAITING, "cause": Value.CAUSE},
        ),
        Kind.RECORDS_FORGED: Traits(_DEGRADED, _CRITICAL, Part.DEAD_LETTERS, _FORGED, values=WAITING),
        Kind.EVENTS_SET_ASIDE: Traits(_DEGRADED, _CRITICAL, Part.BROKER, _SET_ASIDE, values=EVENTS),
        Kind.EVENTS_CHANGED: Traits(_DEGRADED, _CRITICAL, Part.DATABASE, _CHANGED, values=EVENTS),
        Kind.RELAY_OFF: Traits(_DEGRADED, _CRITICAL, Part.BROKER, f"{_RUNBOOK}#a-gateway-has-no-broker"),
        Kind.WATCHDOG_MISSING: Traits(_DEGRADED, _CRITICAL, Part.PROCESSES, _PROCESSES),
        Kind.ALERTS_MISSING: Traits(_DEGRADED, _WARNING, Part.ALERTS, _PROCESSES),
        Kind.ROLE_MISSING: Traits(_DEGRADED, _CRITICAL, Part.PROCESSES, _PROCESSES, values={"role": Value.ROLE}),
        Kind.PROCESS_SILENT: Traits(
            _DEGRADED, _WARNING, Part.PROCESSES, _PROCESSES, values={**PROCESS, "age": Value.AGE}
        ),
        Kind.PROCESS_DEAF: Traits(
            _DEGRADED, _WARNING, Part.PROCESSES, _PROCESSES, values={**PROCESS, "reason": Value.REASON}
        ),
        Kind.PROCESS_GONE: Traits(
            _DEGRADED, _WARNING, Part.PROCESSES, _PROCESSES, values={**PROCESS, "count": Value.COUNT}
        ),
        Kind.PLANS_STALLED: Traits(_DEGRADED, _WARNING, Part.PLANS, _RUNBOOK, values={**WAITING, "cause": Value.CAUSE}),
        Kind.LOCK_KEPT: Traits(
            _DEGRADED,
            _WARNING,
            Part.DATABASE,
            _POSTGRES,
            values={**WAITING, "pid": Value.NUMBER, "name": Value.TEXT, "open": Value.AGE},
        ),
        Kind.POOL_FULL: Traits(
            _DEGRADED,
            _WARNING,
            Part.DATABASE,
            f"{_RUNBOOK}#a-gateway-has-no-free-connection",
            values={"age": Value.AGE},
        ),
        Kind.TRANSACTION_OPEN: Traits(
            _NOTICE,
            _WARNING,
            Part.DATABASE,
            f"{_RUNBOOK}#a-transaction-stays-open",
            values={**WAITING, "pid": Value.NUMBER, "name": Value.TEXT, "user": Value.TEXT},
        ),
        Kind.LOG_CUT: Traits(_NOTICE, _CRITICAL, Part.BROKER, f"{_RUNBOOK}#the-log-has-lost-its-end", values=WAITING),
        Kind.FLAG_OFF: Traits(
            _DEGRADED,
            _WARNING,
            Part.FLAGS,
            f"{_RUNBOOK}#processing-off",
            values={"flag": Value.FLAG, "name": Value.TEXT, "by": Value.PERSON, "reason": Value.REASON},
        ),
        Kind.BREAKER_TRIPPED: Traits(
            _DEGRADED, _WARNING, Part.BREAKERS, _OPEN, values={**BREAKER, "until": Value.UNTIL}
        ),
        Kind.BREAKER_OPEN: Traits(_DEGRADED, _WARNING, Part.BREAKERS, _OPEN, values={**BREAKER, "until": Value.MOMENT}),
        Kind.BREAKER_PROBING: Traits(_DEGRADED, _WARNING, Part.BREAKERS, _OPEN, values=BREAKER),
        Kind.PHASE1_LATE: Traits(_DEGRADED, _WARNING, Part.PLANS, _RUNBOOK, values=WAITING),
        Kind.RECORDS_LATE: Traits(
            _DEGRADED,
            _WARNING,
            Part.PROCESSES,
            f"{_RUNBOOK}#records-wait-long",
            values={**WAITING, "role": Value.ROLE},
        ),
        Kind.ANALYSIS_LATE: Traits(_DEGRADED, _WARNING, Part.PLANS, _RUNBOOK, values=WAITING),
        Kind.OUTBOX_BACKLOG: Traits(_DEGRADED, _WARNING, Part.BROKER, f"{_RUNBOOK}#relay-stuck", values=WAITING),
        Kind.PROJECTIONS_BEHIND: Traits(
            _DEGRADED, _WARNING, Part.READ_MODELS, f"{_RUNBOOK}#projections-behind", values=WAITING
        ),
        Kind.CHANGES_UNHEARD: Traits(
            _DEGRADED,
            _WARNING,
            Part.LIVE_CHANGES,
            f"{_RUNBOOK}#open-pages-hear-of-no-changes",
            values={"age": Value.AGE},
        ),
        Kind.CLOCKS_OFF: Traits(
            _NOTICE,
            _WARNING,
            Part.PROCESSES,
            f"{_RUNBOOK}#a-clock-is-off",
            values={**PROCESS, "count": Value.COUNT, "off": Value.SECONDS, "way": Value.PHRASE},
        ),
        Kind.NOTIFIER_FAILING: Traits(
            _NOTICE, _WARNING, Part.ALERTS, f"{_ALERTS}#a-notifier-fails", values={**BREAKER, "until": Value.MOMENT}
        ),
        Kind.WEBHOOK_FAILING: Traits(
            _NOTICE, _WARNING, Part.ALERTS, f"{_ALERTS}#a-webhook-fails", values={**BREAKER, "how": Value.PHRASE}
        ),
        Kind.ALERTS_UNHEARD: Traits(
            _NOTICE, _WARNING, Part.ALERTS, f"{_ALERTS}#critical-alerts-come-to-nobody", values=UNHEARD, alarms=False
        ),
        Kind.DATABASE_FILLING: Traits(_NOTICE, _WARNING, Part.DATABASE, f"{_ALERTS}#the-database-fills", values=FILLS),
        Kind.DISK_FILLING: Traits(_NOTICE, _WARNING, Part.PROCESSES, f"{_ALERTS}#a-disk-fills", values=DISK),
        Kind.AGENT_UNUSABLE: Traits(
            _DEGRADED,
            _WARNING,
            Part.AGENT,
            f"{_ALERTS}#an-agent-is-of-no-use",
            values={**SHARE, **ANSWER},
        ),
        Kind.FAILING_OFTEN: Traits(_NOTICE, _WARNING, Part.AGENT, f"{_ALERTS}#analyses-fail-often", values=SHARE),
        Kind.PHASE1_FAILING: Traits(
            _NOTICE, _WARNING, Part.PLANS, f"{_ALERTS}#phase-1-fails-often", values=SHARE_WITHIN
        ),
        Kind.REQUESTS_FAILING: Traits(
            _NOTICE, _WARNING, Part.PROCESSES, f"{_ALERTS}#requests-fail-often", values=SHARE_WITHIN
        ),
        Kind.TASKS_FAILING: Traits(
            _NOTICE, _WARNING, Part.TASKS, f"{_ALERTS}#tasks-fail-often", Scope.BUSINESS, SHARE_WITHIN
        ),
        Kind.AGENT_BUDGET: Traits(
            _NOTICE,
            _WARNING,
            Part.AGENT,
            f"{_ALERTS}#the-budget-of-agents-is-nearly-spent",
            values={"share": Value.FIGURE, "budget": Value.FIGURE},
        ),
        Kind.SLO_BURNING: Traits(
            _NOTICE,
            _WARNING,
            Part.OBJECTIVES,
            f"{_ALERTS}#an-error-budget-burns",
            values={
                "objective": Value.PHRASE,
                "count": Value.COUNT,
                "all": Value.FIGURE,
                "unit": Value.PHRASE,
                "within": Value.SECONDS,
                "times": Value.FIGURE,
            },
        ),
        Kind.DEAD_LETTERS_GROWING: Traits(
            _NOTICE,
            _WARNING,
            Part.DEAD_LETTERS,
            f"{_RUNBOOK}#many-dead-letters",
            values={**LETTER_VALUES, "recent": Value.FIGURE, "within": Value.SECONDS, "latest": Value.AGE},
        ),
        Kind.DEAD_LETTERS: Traits(_NOTICE, _WARNING, Part.DEAD_LETTERS, _LETTERS, values=LETTER_VALUES),
        Kind.RETRIES_OVERDUE: Traits(_NOTICE, _WARNING, Part.RETRIES, f"{_LETTERS}#something-waits", values=WAITING),
        Kind.RETRIES_WAITING: Traits(
            _NOTICE, _INFO, Part.RETRIES, f"{_LETTERS}#something-waits", values={"count": Value.COUNT}
        ),
        Kind.TASKS_FAILED: Traits(_NOTICE, _WARNING, Part.TASKS, scope=Scope.BUSINESS, values=WAITING),
        Kind.DECISIONS_LATE: Traits(
            _NOTICE,
            _WARNING,
            Part.PLANS,
            scope=Scope.BUSINESS,
            values={**WAITING, "limit": Value.SECONDS, "role": Value.TEXT},
        ),
        Kind.TASKS_OVERDUE: Traits(_NOTICE, _WARNING, Part.TASKS, scope=Scope.BUSINESS, values=WAITING),
        Kind.PLANS_EMPTY: Traits(_NOTICE, _INFO, Part.PLANS, scope=Scope.BUSINESS, values={"count": Value.COUNT}),
        Kind.PLANS_PARTIAL: Traits(_NOTICE, _INFO, Part.PLANS, scope=Scope.BUSINESS, values={"count": Value.COUNT}),
        Kind.NEXT_PHASES: Traits(_NOTICE, _INFO, Part.PLANS, scope=Scope.BUSINESS, values=WAITING, alarms=False),
        Kind.ALERTS_UNTOLD: Traits(_NOTE, _INFO, Part.ALERTS, f"{_ALERTS}#nobody-outside-is-told"),
        Kind.ALERTS_ALONE: Traits(
            _NOTE, _INFO, Part.ALERTS, f"{_ALERTS}#nobody-else-is-told", values={"name": Value.TEXT}
        ),
        Kind.DISK_UNSEEN: Traits(_NOTE, _INFO, Part.PROCESSES, values={"whose": Value.OWNERS}),
        Kind.RECORDS_UNSIGNED: Traits(_NOTE, _INFO, Part.BROKER, values={"mode": Value.TEXT}),
        Kind.SECRETS_PLAIN: Traits(_NOTE, _INFO, Part.DATABASE, values={"count": Value.NUMBER}),
        Kind.READER_UNCONFINED: Traits(_NOTE, _INFO, Part.PROCESSES, values={"missing": Value.TEXT}),
    }
)
