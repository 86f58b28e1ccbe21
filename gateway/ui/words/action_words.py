"""What a person can go and do, for the search: a name, where it is done, and who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.ui.i18n import mark
from schemas.rules import Role


@dataclass(frozen=True, slots=True)
class Action:
    """`path` is the place where it is done; `role` who may do it."""

    word: str
    path: str
    icon: str
    role: Role = Role.VIEWER


ACTIONS: Final[tuple[Action, ...]] = (
    Action(mark("Upload a document"), "/plans?upload=open", "upload", Role.ANALYST),
    Action(mark("Decide on plans that wait"), "/plans?status=awaiting_approval&sort=uploadedAt", "check", Role.ANALYST),
    Action(mark("Tell costs and stock"), "/costs", "store", Role.ANALYST),
    Action(mark("Say what columns are"), "/mappings", "list", Role.ANALYST),
    Action(mark("See partial plans"), "/plans?partial=1", "alert"),
    Action(mark("See failed tasks"), "/tasks?status=failed", "cross-circle"),
    Action(mark("See overdue tasks"), "/tasks?overdue=1", "clock"),
    Action(mark("See tasks as a board"), "/tasks?view=board", "board"),
    Action(mark("Decide on dead letters"), "/letters?status=open", "inbox", Role.OPERATOR),
    Action(mark("Retry what waits now"), "/retries", "retry", Role.OPERATOR),
    Action(mark("Test a notifier"), "/alerts#notifiers", "bell", Role.OPERATOR),
    Action(mark("Hold back calls or let them go: circuit breakers"), "/system#breakers", "ban", Role.OPERATOR),
    Action(mark("Switch a feature"), "/system#flags", "flag", Role.OPERATOR),
    Action(mark("Download the month of the objectives"), "/slo.csv", "download"),
    Action(mark("Read the runbooks"), "/runbooks", "info"),
    Action(mark("Use the API"), "/docs", "info"),
)
