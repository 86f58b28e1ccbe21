"""What can be done in which status: shown with every plan and task, and named in every refusal.

The decision itself is made in Postgres (decide.rule); a test holds the two against each other.
"""

from __future__ import annotations

from typing import Final

PLAN_ACTIONS: Final[dict[str, tuple[str, ...]]] = {
    "analyzing": ("cancel",),
    "awaiting_approval": ("approve", "reject", "cancel"),
    "approved": (),
    "executing": ("cancel",),
    "completed": (),
    "rejected": (),
    "cancelled": (),
}
TASK_ACTIONS: Final[dict[str, tuple[str, ...]]] = {
    "open": ("assign", "start", "complete", "fail", "cancel", "comment"),
    "assigned": ("assign", "start", "complete", "fail", "cancel", "comment"),
    "started": ("assign", "complete", "fail", "cancel", "comment"),
    "completed": ("comment",),
    "failed": ("retry", "cancel", "comment"),
    "cancelled": ("comment",),
}


def actions(kind: str, status: str) -> tuple[str, ...]:
    """Return the actions on a plan or task of this status, none for a status of a later version."""
    return (PLAN_ACTIONS if kind == "plan" else TASK_ACTIONS).get(status, ())
