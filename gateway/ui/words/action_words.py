"""What people can do with plans and tasks, in words: on the buttons, and once it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.ui.i18n import mark
from schemas.lifecycle import PlanAction


@dataclass(frozen=True, slots=True)
class PlanButton:
    """A form on a plan's page. `text` opens it, `label` asks for words, `sure` does it.

    `decides`: it stands beside the sentence that asks for it; the others stand at the head of the page.
    """

    text: str
    label: str
    sure: str
    icon: str
    tone: str
    decides: bool = False


PLAN_BUTTONS: Final[dict[PlanAction, PlanButton]] = {
    PlanAction.APPROVE: PlanButton(
        mark("Approve with a remark"), mark("Remark"), mark("Approve"), "comment", "plain", decides=True
    ),
    PlanAction.REJECT: PlanButton(
        mark("Reject"),
        mark("Why? Everyone who opens the plan reads it."),
        mark("Reject this plan"),
        "thumb-down",
        "danger",
        decides=True,
    ),
    PlanAction.CANCEL: PlanButton(
        mark("Cancel plan"),
        mark("Why? Work on it stops, its history stays."),
        mark("Cancel this plan"),
        "ban",
        "danger",
    ),
}

#: command -> what the next page says
DONE: Final[dict[str, str]] = {
    "plan.approve": mark("Approved. Phase 1 is made into tasks; they appear here."),
    "plan.reject": mark("Rejected."),
    "plan.cancel": mark("Cancelled. Its history stays."),
    "task.assign": mark("Assigned."),
    "task.start": mark("Started."),
    "task.complete": mark("Completed."),
    "task.fail": mark("Marked as failed. It can be retried."),
    "task.retry": mark("Open again."),
    "task.cancel": mark("Cancelled. Its history stays."),
    "task.comment": mark("Comment added."),
}
