"""How each state looks: one tone, one icon, one word. Never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.ui.i18n import mark as N_


@dataclass(frozen=True, slots=True)
class Look:
    """`tone` names a colour of the style sheet, `icon` a symbol of icons.svg; `word` is a message id."""

    tone: str
    icon: str
    word: str


UNKNOWN: Final = Look("off", "info", N_("Unknown"))

PLAN: Final[dict[str, Look]] = {
    "analyzing": Look("run", "scan", N_("Analysing")),
    "awaiting_approval": Look("wait", "person-waits", N_("Awaiting approval")),
    "approved": Look("run", "bolt", N_("Creating Phase 1")),
    "executing": Look("run", "play", N_("In progress")),
    "completed": Look("done", "check-circle", N_("Completed")),
    "rejected": Look("fail", "thumb-down", N_("Rejected")),
    "cancelled": Look("off", "ban", N_("Cancelled")),
}

TASK: Final[dict[str, Look]] = {
    "open": Look("wait", "circle", N_("To do")),
    "assigned": Look("wait", "user", N_("Assigned")),
    "started": Look("run", "play", N_("In progress")),
    "failed": Look("fail", "cross-circle", N_("Failed")),
    "completed": Look("done", "check-circle", N_("Completed")),
    "cancelled": Look("off", "ban", N_("Cancelled")),
}

CHANNEL: Final[dict[str, Look]] = {
    "waiting": Look("run", "scan", N_("Analysing")),
    "analyzed": Look("done", "check-circle", N_("Analysed")),
    "failed": Look("fail", "cross-circle", N_("Failed")),
}

PRIORITY: Final[dict[str, Look]] = {
    "high": Look("high", "priority-high", N_("High")),
    "normal": Look("normal", "priority-normal", N_("Normal")),
    "low": Look("low", "priority-low", N_("Low")),
}

SOURCE: Final[dict[str, Look]] = {
    "agent": Look("agent", "agent", N_("Agent")),
    "rules": Look("rules", "rules", N_("Built-in rules")),
}

ORIGIN: Final[dict[str, Look]] = {
    "agent": Look("done", "agent", N_("From the plan")),
    "fallback": Look("retry", "bolt", N_("Fallback")),
    "operator": Look("pause", "user", N_("Set by an operator")),
}

ROLE: Final[dict[str, str]] = {
    "viewer": N_("viewer"),
    "analyst": N_("analyst"),
    "operator": N_("operator"),
    "admin": N_("admin"),
}

#: The plan states that wait for the system, with the seconds after which a person should be told.
SYSTEM_WAITS: Final[dict[str, int]] = {"analyzing": 120, "approved": 5}

_LOOKS: Final = {
    "plan": PLAN,
    "task": TASK,
    "channel": CHANNEL,
    "priority": PRIORITY,
    "source": SOURCE,
    "origin": ORIGIN,
}


def look(kind: str, state: str) -> Look:
    """Return the look of a state; a state of a later version looks unknown and keeps its name."""
    found = _LOOKS[kind].get(state)
    return found or Look(UNKNOWN.tone, UNKNOWN.icon, state or UNKNOWN.word)
