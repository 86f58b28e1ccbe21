"""How a finding and what is said of a plan look on a page, and where each leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.ui.i18n import mark
from gateway.verdict.finding import Finding
from gateway.verdict.kinds import Kind
from gateway.verdict.plan import PlanKind
from gateway.verdict.traits import Effect, Scope, Severity
from gateway.verdict.words.headline import Clear
from schemas.lifecycle import PlanStatus, TaskStatus


@dataclass(frozen=True, slots=True)
class Way:
    """Where something leads, and what the link says; nowhere without a path."""

    path: str = ""
    word: str = ""


NOWHERE: Final = Way()
SYSTEM: Final = Way("/system", mark("Show the system"))
#: The parts of that page where something can be done, so that the next key leads to it.
_PROCESSES: Final = Way("/system#processes", SYSTEM.word)
_FLAGS: Final = Way("/system#flags", SYSTEM.word)
_BREAKERS: Final = Way("/system#breakers", SYSTEM.word)
_STALLED: Final = Way("/system#stalled", SYSTEM.word)
_AGENTS: Final = Way("/system#agent-calls", SYSTEM.word)
_DATABASE: Final = Way("/system#database", SYSTEM.word)
_LETTERS: Final = Way("/letters", mark("Show dead letters"))
_SET_ASIDE: Final = Way("/set-aside", mark("Show what is set aside"))
_ALERTS: Final = Way("/alerts", mark("Show alerts"))
_RETRIES: Final = Way("/retries", mark("Show retries"))
_TASKS: Final = Way("#tasks", mark("Show tasks"))
_THEM: Final = mark("Show them")


def _plans(status: PlanStatus, word: str = _THEM) -> Way:
    return Way(f"/plans?status={status}&sort=uploadedAt", word)


#: Icon, and way. The tone follows from severity and effect: see `tone`.
FINDINGS: Final[dict[Kind, tuple[str, Way]]] = {
    Kind.DATABASE_AWAY: ("alert", SYSTEM),
    Kind.DATABASE_HANGS: ("alert", SYSTEM),
    Kind.DATABASE_DISK_FULL: ("alert", SYSTEM),
    Kind.COMMANDS_REFUSED: ("alert", SYSTEM),
    Kind.SESSIONS_ENDED: ("alert", SYSTEM),
    Kind.BROKER_AWAY: ("alert", SYSTEM),
    Kind.REGISTRY_AWAY: ("alert", SYSTEM),
    Kind.RELAY_FAILING: ("alert", SYSTEM),
    Kind.DISK_FULL: ("alert", _PROCESSES),
    Kind.PLANS_ESCALATED: ("person-waits", _STALLED),
    Kind.RECORDS_FORGED: ("alert", Way("/letters?code=not-believed", _LETTERS.word)),
    Kind.EVENTS_SET_ASIDE: ("alert", _SET_ASIDE),
    Kind.EVENTS_CHANGED: ("alert", _SET_ASIDE),
    Kind.RELAY_OFF: ("ban", SYSTEM),
    Kind.WATCHDOG_MISSING: ("alert", _PROCESSES),
    Kind.ALERTS_MISSING: ("alert", _PROCESSES),
    Kind.ROLE_MISSING: ("alert", _PROCESSES),
    Kind.PROCESS_SILENT: ("alert", _PROCESSES),
    Kind.PROCESS_DEAF: ("alert", _PROCESSES),
    Kind.PROCESS_GONE: ("alert", _PROCESSES),
    Kind.PLANS_STALLED: ("retry", _STALLED),
    Kind.LOCK_KEPT: ("clock", SYSTEM),
    Kind.POOL_FULL: ("clock", SYSTEM),
    Kind.TRANSACTION_OPEN: ("clock", SYSTEM),
    Kind.LOG_CUT: ("alert", SYSTEM),
    Kind.FLAG_OFF: ("ban", _FLAGS),
    Kind.BREAKER_TRIPPED: ("ban", _BREAKERS),
    Kind.BREAKER_OPEN: ("ban", _BREAKERS),
    Kind.BREAKER_PROBING: ("retry", _BREAKERS),
    Kind.PHASE1_LATE: ("alert", _plans(PlanStatus.APPROVED)),
    Kind.RECORDS_LATE: ("clock", _PROCESSES),
    Kind.ANALYSIS_LATE: ("alert", _plans(PlanStatus.ANALYZING)),
    Kind.OUTBOX_BACKLOG: ("alert", SYSTEM),
    Kind.PROJECTIONS_BEHIND: ("alert", SYSTEM),
    Kind.CHANGES_UNHEARD: ("alert", SYSTEM),
    Kind.CLOCKS_OFF: ("clock", _PROCESSES),
    Kind.NOTIFIER_FAILING: ("bell", _ALERTS),
    Kind.WEBHOOK_FAILING: ("bell", Way("/webhooks", mark("Show the webhooks"))),
    Kind.ALERTS_UNHEARD: ("bell", _ALERTS),
    Kind.DATABASE_FILLING: ("alert", _DATABASE),
    Kind.DISK_FILLING: ("alert", _PROCESSES),
    Kind.AGENT_UNUSABLE: ("agent", _AGENTS),
    Kind.FAILING_OFTEN: ("agent", _AGENTS),
    Kind.PHASE1_FAILING: ("alert", _RETRIES),
    Kind.REQUESTS_FAILING: ("alert", SYSTEM),
    Kind.AGENT_BUDGET: ("agent", _AGENTS),
    Kind.SLO_BURNING: ("seal", Way("/slo", mark("Show the objectives"))),
    Kind.DEAD_LETTERS_GROWING: ("inbox", _LETTERS),
    Kind.DEAD_LETTERS: ("inbox", _LETTERS),
    Kind.RETRIES_OVERDUE: ("clock", _RETRIES),
    Kind.RETRIES_WAITING: ("clock", _RETRIES),
    Kind.TASKS_FAILING: ("alert", Way(f"/tasks?status={TaskStatus.FAILED}", mark("Show failed tasks"))),
    Kind.TASKS_FAILED: ("alert", Way(f"/tasks?status={TaskStatus.FAILED}", mark("Show failed tasks"))),
    Kind.DECISIONS_LATE: ("person-waits", Way("/plans?overdue=1&sort=uploadedAt", _THEM)),
    Kind.TASKS_OVERDUE: ("clock", Way("/tasks?due=overdue&sort=dueOn", _THEM)),
    Kind.PLANS_EMPTY: ("person-waits", _plans(PlanStatus.AWAITING_APPROVAL)),
    Kind.PLANS_PARTIAL: ("person-waits", _plans(PlanStatus.AWAITING_APPROVAL)),
    Kind.NEXT_PHASES: ("person-waits", Way("/plans?next=1&sort=uploadedAt", _THEM)),
    Kind.ALERTS_UNTOLD: ("bell", _ALERTS),
    Kind.ALERTS_ALONE: ("bell", _ALERTS),
    Kind.DISK_UNSEEN: ("info", SYSTEM),
    Kind.RECORDS_UNSIGNED: ("info", SYSTEM),
    Kind.SECRETS_PLAIN: ("info", Way("/webhooks", mark("Show the webhooks"))),
    Kind.READER_UNCONFINED: ("info", SYSTEM),
}
#: Tone, icon and way where nothing is wrong.
CLEAR: Final[dict[Clear, tuple[str, str, Way]]] = {
    Clear.DECISIONS: ("wait", "person-waits", _plans(PlanStatus.AWAITING_APPROVAL, mark("Review"))),
    Clear.WORK: ("run", "running", NOWHERE),
    Clear.TASKS: ("done", "check-circle", Way("/tasks", mark("Show tasks"))),
    Clear.QUIET: ("done", "check-circle", NOWHERE),
    Clear.EMPTY: ("done", "check-circle", Way("/plans?upload=open#upload", mark("Upload a document"))),
}
#: Tone, icon and way on a plan's own page.
PLANS: Final[dict[PlanKind, tuple[str, str, Way]]] = {
    PlanKind.ESCALATED: ("fail", "person-waits", SYSTEM),
    PlanKind.PAUSED: ("pause", "ban", SYSTEM),
    PlanKind.RECOVERING: ("retry", "retry", SYSTEM),
    PlanKind.STALLED: ("fail", "alert", SYSTEM),
    PlanKind.PHASE1_LATE: ("retry", "alert", SYSTEM),
    PlanKind.ANALYSIS_LATE: ("retry", "alert", SYSTEM),
    PlanKind.PHASE1_HELD_UP: ("retry", "alert", SYSTEM),
    PlanKind.ANALYSIS_HELD_UP: ("retry", "alert", SYSTEM),
    PlanKind.TASKS_FAILED: ("retry", "alert", _TASKS),
    PlanKind.TASKS_OVERDUE: ("retry", "clock", _TASKS),
    PlanKind.ANALYZING: ("run", "scan", NOWHERE),
    PlanKind.AWAITS_DECISION: ("wait", "person-waits", NOWHERE),
    PlanKind.AWAITS_PARTIAL: ("wait", "person-waits", NOWHERE),
    PlanKind.AWAITS_EMPTY: ("wait", "person-waits", NOWHERE),
    PlanKind.PHASE1: ("run", "bolt", NOWHERE),
    PlanKind.EXECUTING: ("run", "play", _TASKS),
    PlanKind.PHASE_ENDED: ("wait", "person-waits", NOWHERE),
    PlanKind.COMPLETED: ("done", "check-circle", NOWHERE),
    PlanKind.REJECTED: ("fail", "thumb-down", NOWHERE),
    PlanKind.CANCELLED: ("off", "ban", NOWHERE),
    PlanKind.UNKNOWN: ("off", "info", NOWHERE),
}
#: What the two parts of the list are called.
SCOPES: Final[dict[Scope, str]] = {Scope.SYSTEM: mark("The system"), Scope.BUSINESS: mark("Plans and tasks")}
_TONES: Final = {Severity.CRITICAL: "fail", Severity.WARNING: "retry", Severity.INFO: "wait"}


def tone(finding: Finding) -> str:
    """Return the colour of a finding; one that asks a person to decide is not red."""
    if finding.traits.effect is Effect.NOTE:
        return "off"
    if finding.traits.effect is Effect.NOTICE and finding.kind is not Kind.TASKS_FAILED:
        return "wait"
    return _TONES[finding.traits.severity]
