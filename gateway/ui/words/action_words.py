"""What people can do with plans and tasks, in words: on the buttons, and once it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.ui.i18n import mark
from schemas.lifecycle import PlanAction, TaskAction


@dataclass(frozen=True, slots=True)
class PlanButton:
    """A form on a plan's page. `text` opens it, `label` asks for words, `sure` does it, `done` says so.

    `decides`: it stands beside the sentence that asks for it, and below the list for many plans; the others stand at
    the head of the page.
    """

    text: str
    label: str
    sure: str
    done: str
    icon: str
    tone: str
    decides: bool = False


PLAN_BUTTONS: Final[dict[PlanAction, PlanButton]] = {
    PlanAction.APPROVE: PlanButton(
        mark("Approve with a remark"),
        mark("Remark"),
        mark("Approve"),
        mark("Approved. Phase 1 is made into tasks; they appear here."),
        "comment",
        "plain",
        decides=True,
    ),
    PlanAction.REJECT: PlanButton(
        mark("Reject"),
        mark("Why? Everyone who opens the plan reads it."),
        mark("Reject this plan"),
        mark("Rejected."),
        "thumb-down",
        "danger",
        decides=True,
    ),
    PlanAction.CANCEL: PlanButton(
        mark("Cancel plan"),
        mark("Why? Work on it stops, its history stays."),
        mark("Cancel this plan"),
        mark("Cancelled. Its history stays."),
        "ban",
        "danger",
    ),
}

#: action on a task -> what the next page says
TASK_DONE: Final[dict[TaskAction, str]] = {
    TaskAction.ASSIGN: mark("Assigned."),
    TaskAction.START: mark("Started."),
    TaskAction.COMPLETE: mark("Completed."),
    TaskAction.FAIL: mark("Marked as failed. It can be retried."),
    TaskAction.RETRY: mark("Open again."),
    TaskAction.CANCEL: mark("Cancelled. Its history stays."),
    TaskAction.COMMENT: mark("Comment added."),
}


def done(command: str) -> str:
    """Return what the next page says of a command that was accepted."""
    kind, _, action = command.partition(".")
    return PLAN_BUTTONS[PlanAction(action)].done if kind == "plan" else TASK_DONE[TaskAction(action)]
