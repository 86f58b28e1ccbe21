"""How each state looks: one tone, one icon, one word. Never a colour alone."""

from __future__ import annotations

from typing import Final

from gateway.access.scopes import KeyScope
from gateway.ui.i18n import mark
from gateway.ui.words.lifecycle_words import PLAN, TASK
from gateway.ui.words.look import Look
from schemas.rules import Role

UNKNOWN: Final = Look("off", "info", mark("Unknown"))

CHANNEL: Final[dict[str, Look]] = {
    "waiting": Look("run", "scan", mark("Analysing")),
    "analyzed": Look("done", "check-circle", mark("Analysed")),
    "failed": Look("fail", "cross-circle", mark("Failed")),
}

PRIORITY: Final[dict[str, Look]] = {
    "high": Look("high", "priority-high", mark("High")),
    "normal": Look("normal", "priority-normal", mark("Normal")),
    "low": Look("low", "priority-low", mark("Low")),
}

SOURCE: Final[dict[str, Look]] = {
    "agent": Look("agent", "agent", mark("Agent")),
    "rules": Look("rules", "rules", mark("Built-in rules")),
}

ORIGIN: Final[dict[str, Look]] = {
    "agent": Look("done", "agent", mark("Agent")),
    "rules": Look("done", "rules", mark("Built-in rules")),
    "fallback": Look("retry", "bolt", mark("Fallback")),
    "operator": Look("pause", "user", mark("Set by an operator")),
}

PROCESS: Final[dict[str, Look]] = {
    "well": Look("done", "check-circle", mark("Running")),
    "silent": Look("retry", "alert", mark("Silent")),
    "gone": Look("fail", "cross-circle", mark("Gone")),
    "missing": Look("fail", "cross-circle", mark("None runs")),
    "leaving": Look("pause", "retry", mark("Ends, and begins anew")),
}

BREAKER: Final[dict[str, Look]] = {
    "closed": Look("done", "check-circle", mark("Closed")),
    "half_open": Look("retry", "retry", mark("Trying again")),
    "open": Look("pause", "ban", mark("Open")),
}

FLAG: Final[dict[str, Look]] = {
    "on": Look("done", "check-circle", mark("On")),
    "off": Look("pause", "ban", mark("Off")),
}

DRAINING: Final[dict[str, Look]] = {
    "taking": Look("run", "running", mark("Taking in")),
    "draining": Look("retry", "clock", mark("Draining")),
    "drained": Look("done", "check-circle", mark("Drained")),
    "unknown": Look("fail", "alert", mark("Not known")),
}

RECOVERY: Final[dict[str, Look]] = {
    "plan.stalled": Look("fail", "alert", mark("Stalled")),
    "plan.recovery.requested": Look("wait", "user", mark("A person asked")),
    "plan.recovery.started": Look("retry", "retry", mark("Recovery started")),
    "plan.recovered": Look("done", "check-circle", mark("Recovered")),
    "plan.escalated": Look("fail", "person-waits", mark("Needs a person")),
}

RETRY: Final[dict[str, Look]] = {
    "waiting": Look("retry", "clock", mark("Waiting")),
    "done": Look("done", "check-circle", mark("Handled")),
    "given_up": Look("fail", "cross-circle", mark("Given up")),
}

LETTER: Final[dict[str, Look]] = {
    "open": Look("fail", "inbox", mark("Undecided")),
    "blocked": Look("pause", "alert", mark("Came back three times")),
    "replayed": Look("run", "retry", mark("Sent again")),
    "discarded": Look("off", "ban", mark("Discarded")),
}

ASIDE: Final[dict[str, Look]] = {
    "set_aside": Look("fail", "alert", mark("Set aside")),
    "behind": Look("retry", "clock", mark("Waits behind another")),
    "on_its_way": Look("run", "running", mark("On its way")),
    "published": Look("done", "check-circle", mark("Published")),
}

JOB: Final[dict[str, Look]] = {
    "running": Look("run", "running", mark("Running")),
    "done": Look("done", "check-circle", mark("Ended")),
    "cancelled": Look("off", "ban", mark("Cancelled")),
}

ALERT: Final[dict[str, Look]] = {
    "open": Look("fail", "bell", mark("Open")),
    "acknowledged": Look("wait", "user", mark("Acknowledged")),
    "silenced": Look("pause", "ban", mark("Silenced")),
    "resolved": Look("done", "check-circle", mark("Resolved")),
}

SEVERITY: Final[dict[str, Look]] = {
    "critical": Look("fail", "alert", mark("Critical")),
    "warning": Look("retry", "alert", mark("Warning")),
    "info": Look("wait", "info", mark("Information")),
}

SENT: Final[dict[str, Look]] = {
    "waiting": Look("wait", "clock", mark("Waiting")),
    "sent": Look("done", "check-circle", mark("Arrived")),
    "passed_on": Look("retry", "retry", mark("Passed on")),
    "failed": Look("fail", "cross-circle", mark("Did not arrive")),
}

WEBHOOK: Final[dict[str, Look]] = {
    "well": Look("done", "check-circle", mark("Works")),
    "paused": Look("pause", "clock", mark("Paused")),
    "failing": Look("fail", "cross-circle", mark("Takes nothing")),
}

ROLE: Final[dict[str, str]] = {
    Role.VIEWER: mark("viewer"),
    Role.ANALYST: mark("analyst"),
    Role.OPERATOR: mark("operator"),
    Role.ADMIN: mark("admin"),
}
#: What a key may be limited to.
SCOPE: Final[dict[str, str]] = {
    KeyScope.READ: mark("reading"),
    KeyScope.UPLOAD: mark("uploading"),
    KeyScope.APPROVE: mark("deciding on plans"),
    KeyScope.TASKS: mark("working on tasks"),
    KeyScope.OPERATE: mark("repairing"),
    KeyScope.ADMIN: mark("administering"),
}

_LOOKS: Final = {
    "plan": PLAN,
    "task": TASK,
    "channel": CHANNEL,
    "priority": PRIORITY,
    "source": SOURCE,
    "origin": ORIGIN,
    "process": PROCESS,
    "breaker": BREAKER,
    "flag": FLAG,
    "draining": DRAINING,
    "recovery": RECOVERY,
    "retry": RETRY,
    "letter": LETTER,
    "aside": ASIDE,
    "job": JOB,
    "alert": ALERT,
    "severity": SEVERITY,
    "sent": SENT,
    "webhook": WEBHOOK,
}


def look(kind: str, state: str) -> Look:
    """Return the look of a state; a state of a later version looks unknown and keeps its name."""
    found = _LOOKS[kind].get(state)
    return found or Look(UNKNOWN.tone, UNKNOWN.icon, state or UNKNOWN.word)
