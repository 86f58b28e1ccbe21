"""What a person can go and do, for the search: a name, where it is done, and who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.access.scopes import KeyScope
from gateway.ui.i18n import mark
from schemas.rules import Role


@dataclass(frozen=True, slots=True)
class Action:
    """`path` is the place where it is done; `also`: other words by which it is looked for.

    `role`: who may do it; `scope`: with what key, if it is limited.
    """

    word: str
    path: str
    icon: str
    also: str
    role: Role = Role.VIEWER
    scope: KeyScope = KeyScope.READ


_UPLOAD, _APPROVE, _OPERATE, _ADMIN = KeyScope.UPLOAD, KeyScope.APPROVE, KeyScope.OPERATE, KeyScope.ADMIN
_TO_DECIDE: Final = "/plans?status=awaiting_approval&sort=uploadedAt"
ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        mark("Upload a document"), "/plans?upload=open", "upload", mark("new plan report file"), Role.ANALYST, _UPLOAD
    ),
    Action(
        mark("Decide on plans that wait"), _TO_DECIDE, "check", mark("approve reject approval"), Role.ANALYST, _APPROVE
    ),
    Action(mark("Tell costs and stock"), "/costs", "store", mark("price margin advertising"), Role.ANALYST, _UPLOAD),
    Action(mark("Say what columns are"), "/mappings", "list", mark("mapping header"), Role.ANALYST, _UPLOAD),
    Action(mark("See stalled plans"), "/plans?stalled=1", "alert", mark("stuck recover move on")),
    Action(mark("See partial plans"), "/plans?partial=1", "alert", mark("failed channel analyse again")),
    Action(mark("See failed tasks"), "/tasks?status=failed", "cross-circle", mark("retry")),
    Action(mark("See overdue tasks"), "/tasks?due=overdue", "clock", mark("late due")),
    Action(mark("See tasks as a board"), "/tasks?view=board", "board", mark("kanban columns")),
    Action(mark("Download plans"), "/plans.xlsx", "download", mark("export Excel workbook")),
    Action(mark("Download tasks"), "/tasks.xlsx", "download", mark("export Excel workbook")),
    Action(mark("Put tasks into a calendar"), "/tasks.ics", "download", mark("export download iCalendar due")),
    Action(
        mark("Decide on dead letters"),
        "/letters?status=open",
        "inbox",
        mark("replay edit discard"),
        Role.OPERATOR,
        _OPERATE,
    ),
    Action(
        mark("See what failed for good"),
        "/attempts?outcome=dead",
        "cross-circle",
        mark("attempts jobs history failed analysis Phase 1"),
    ),
    Action(mark("Retry what waits now"), "/retries", "retry", mark("attempt give up"), Role.OPERATOR, _OPERATE),
    Action(
        mark("Acknowledge or silence alerts"), "/alerts", "bell", mark("mute on-call incident"), Role.OPERATOR, _OPERATE
    ),
    Action(
        mark("Test a notifier"),
        "/alerts#notifiers",
        "bell",
        mark("Slack e-mail PagerDuty message"),
        Role.OPERATOR,
        _OPERATE,
    ),
    Action(
        mark("Hold back calls or let them go: circuit breakers"),
        "/system#breakers",
        "ban",
        mark("trip reset agent"),
        Role.OPERATOR,
        _OPERATE,
    ),
    Action(mark("Switch a feature"), "/system#flags", "flag", mark("off pause"), Role.OPERATOR, _OPERATE),
    Action(
        mark("Drain: take nothing more"),
        "/system#under-way",
        "ban",
        mark("maintenance upgrade stop"),
        Role.OPERATOR,
        _OPERATE,
    ),
    Action(mark("End a process"), "/system#processes", "retry", mark("restart worker runner"), Role.OPERATOR, _OPERATE),
    Action(mark("Download the month of the objectives"), "/slo.csv", "download", mark("monthly report export")),
    Action(mark("See your sign-ins"), "/sign-ins", "key", mark("browsers sign out")),
    Action(mark("Add a colleague"), "/people", "user", mark("person role sign-in link invite"), Role.ADMIN, _ADMIN),
    Action(mark("Make a key"), "/keys", "key", mark("API program rotate revoke"), Role.ADMIN, _ADMIN),
    Action(
        mark("Send events to another system"), "/webhooks", "globe", mark("webhook integration"), Role.ADMIN, _ADMIN
    ),
    Action(mark("Read the runbooks"), "/runbooks", "info", mark("help repair guide")),
    Action(mark("Use the API"), "/docs", "info", mark("reference OpenAPI curl")),
)
