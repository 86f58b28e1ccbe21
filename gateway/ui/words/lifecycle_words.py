"""The lifecycle in words: how each status looks, what an action says on its button and once it is done, each event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from gateway.ui.amounts import day as day_of
from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark, ngettext
from gateway.ui.words import system_words
from gateway.ui.words.agent_words import failure
from gateway.ui.words.look import Look
from schemas.channels import channel_name
from schemas.lifecycle import (
    AddedAction,
    ChannelAction,
    PhaseAction,
    PlanAction,
    PlanStatus,
    TaskAction,
    TaskStatus,
    TextAction,
)

PLAN: Final[dict[str, Look]] = {
    PlanStatus.ANALYZING: Look("run", "scan", mark("Analysing")),
    PlanStatus.AWAITING_APPROVAL: Look("wait", "person-waits", mark("Awaiting approval")),
    PlanStatus.APPROVED: Look("run", "bolt", mark("Creating Phase 1")),
    PlanStatus.EXECUTING: Look("run", "play", mark("In progress")),
    PlanStatus.COMPLETED: Look("done", "check-circle", mark("Completed")),
    PlanStatus.REJECTED: Look("fail", "thumb-down", mark("Rejected")),
    PlanStatus.CANCELLED: Look("off", "ban", mark("Cancelled")),
}

TASK: Final[dict[str, Look]] = {
    TaskStatus.OPEN: Look("wait", "circle", mark("To do")),
    TaskStatus.ASSIGNED: Look("wait", "user", mark("Assigned")),
    TaskStatus.STARTED: Look("run", "play", mark("In progress")),
    TaskStatus.FAILED: Look("fail", "cross-circle", mark("Failed")),
    TaskStatus.COMPLETED: Look("done", "check-circle", mark("Completed")),
    TaskStatus.CANCELLED: Look("off", "ban", mark("Cancelled")),
}


@dataclass(frozen=True, slots=True)
class PlanButton:
    """A form on a plan's page. `text` opens it, `label` asks for words, `sure` does it, `done` says so.

    `audited`: what it is called among all that somebody did.
    `decides`: it stands beside the sentence that asks for it, and below the list for many plans; the others stand at
    the head of the page.
    """

    text: str
    label: str
    sure: str
    done: str
    audited: str
    icon: str
    tone: str
    decides: bool = False


PLAN_BUTTONS: Final[dict[PlanAction, PlanButton]] = {
    PlanAction.APPROVE: PlanButton(
        mark("Approve with a remark"),
        mark("Remark"),
        mark("Approve"),
        mark("Approved. Phase 1 is made into tasks; they appear here."),
        mark("Approved a plan"),
        "comment",
        "plain",
        decides=True,
    ),
    PlanAction.REJECT: PlanButton(
        mark("Reject"),
        mark("Why? Everyone who opens the plan reads it."),
        mark("Reject this plan"),
        mark("Rejected."),
        mark("Rejected a plan"),
        "thumb-down",
        "danger",
        decides=True,
    ),
    PlanAction.CANCEL: PlanButton(
        mark("Cancel plan"),
        mark("Why? Work on it stops, its history stays."),
        mark("Cancel this plan"),
        mark("Cancelled. Its history stays."),
        mark("Cancelled a plan"),
        "ban",
        "danger",
    ),
}

#: action on a channel of a plan -> what the next page says
CHANNEL_DONE: Final[dict[ChannelAction, str]] = {
    ChannelAction.ANALYSE_AGAIN: mark("It is analysed again. Until that ends the present result stays."),
}

#: action on a later phase of a plan -> what the next page says
PHASE_DONE: Final[dict[PhaseAction, str]] = {
    PhaseAction.START: mark("The next phase has begun. Its tasks appear here."),
}

#: command on the tasks of a plan, or on what a task says -> what the next page says
WRITTEN_DONE: Final[dict[str, str]] = {
    f"plan.task.{AddedAction.ADD}": mark("The task is added. The plan is completed when it has ended, too."),
    f"task.text.{TextAction.CHANGE}": mark("The text is changed. The history has what it said before."),
}

#: action on a task -> what the next page says
TASK_DONE: Final[dict[TaskAction, str]] = {
    TaskAction.ASSIGN: mark("Assigned."),
    TaskAction.START: mark("Started."),
    TaskAction.COMPLETE: mark("Completed."),
    TaskAction.FAIL: mark("Marked as failed. It can be retried."),
    TaskAction.RETRY: mark("Open again."),
    TaskAction.CANCEL: mark("Cancelled. Its history stays."),
    TaskAction.RESCHEDULE: mark("Its day is changed."),
    TaskAction.COMMENT: mark("Comment added."),
}


def done(command: str) -> str:
    """Return the message of the next page about an accepted command."""
    if command in WRITTEN_DONE:
        return WRITTEN_DONE[command]
    kind, _, action = command.partition(".")
    if action.startswith("channel."):
        return CHANNEL_DONE[ChannelAction(action.removeprefix("channel."))]
    if action.startswith("phase."):
        return PHASE_DONE[PhaseAction(action.removeprefix("phase."))]
    return PLAN_BUTTONS[PlanAction(action)].done if kind == "plan" else TASK_DONE[TaskAction(action)]


def _approved(data: dict[str, Any]) -> str:
    given = data.get("phase1")
    if not given:
        return _("Plan approved")
    n = len(given.get("tasks") or [])
    return ngettext("Plan approved, with %(n)s task given by hand", "Plan approved, with %(n)s tasks given by hand", n)


def _erased(data: dict[str, Any]) -> str:
    names_only = data.get("names_only", False)
    return _with_reason(
        _("Name of the document erased, with its uploader") if names_only else _("Document erased"), data
    )


def _with_reason(text: str, data: dict[str, Any]) -> str:
    reason = data.get("reason") or data.get("note")
    return f"{text}: {reason}" if reason else text


def _compared(data: dict[str, Any]) -> str:
    channel = channel_name(data.get("channel", ""))
    outcomes = (data.get("proof") or {}).get("outcomes") or []
    if not outcomes:
        return _("%(channel)s compared with the document before", channel=channel)
    return ngettext(
        "%(channel)s compared with the document before: %(improved)s of %(n)s opportunity improved",
        "%(channel)s compared with the document before: %(improved)s of %(n)s opportunities improved",
        len(outcomes),
        channel=channel,
        improved=sum(one.get("verdict") == "improved" for one in outcomes),
    )


def _requested_again(data: dict[str, Any]) -> str:
    channel = channel_name(data.get("channel", ""))
    if data.get("analyst") == "rules":
        return _("Another analysis asked for: %(channel)s, by the built-in rules", channel=channel)
    return _("Another analysis asked for: %(channel)s, with the agent", channel=channel)


def _kept(data: dict[str, Any]) -> str:
    channel = channel_name(data.get("channel", ""))
    return _("%(channel)s keeps its result, since another analysis failed: %(why)s", channel=channel, why=failure(data))


def _put_together(data: dict[str, Any]) -> str:
    n = len(data.get("opportunities") or [])
    if not data.get("again"):
        return ngettext("Plan ready: %(n)s opportunity", "Plan ready: %(n)s opportunities", n)
    return ngettext(
        "Plan changed by the new analysis of %(channel)s: %(n)s opportunity",
        "Plan changed by the new analysis of %(channel)s: %(n)s opportunities",
        n,
        channel=channel_name(data["again"]),
    )


def _uploaded(data: dict[str, Any]) -> str:
    name = data.get("filename", "")
    return _("Document uploaded: %(name)s", name=name) if name else _("Document uploaded; its name was erased")


def _recovery_requested(data: dict[str, Any]) -> str:
    said = _("Asked to go on without waiting") if data.get("how") == "move_on" else _("Recovery asked for")
    if channels := data.get("channels"):
        said += f" ({', '.join(channel_name(one) for one in channels)})"
    return _with_reason(said, data)


def _escalated(data: dict[str, Any]) -> str:
    advice = data.get("recommendation", "")
    # the event has the text of the log's language: it is one that the catalogue knows, unless a later version wrote it
    return _(
        "A person must look: %(why)s",
        why=_(advice).replace("`", "") if advice else system_words.cause(data.get("cause", "")),
    )


def _rescheduled(data: dict[str, Any]) -> str:
    day = data.get("due_on")
    return _("Task to be done by %(day)s", day=day_of(day)) if day else _("Task without a day")


_Sentence = Callable[[dict[str, Any]], str]
EVENTS: Final[dict[str, tuple[str, str, _Sentence]]] = {
    "plan.uploaded": ("upload", "off", _uploaded),
    "plan.channel.analyzed": (
        "check-circle",
        "done",
        lambda d: ngettext(
            "%(channel)s analysed: %(n)s opportunity",
            "%(channel)s analysed: %(n)s opportunities",
            len(d.get("opportunities") or []),
            channel=channel_name(d.get("channel", "")),
        ),
    ),
    "plan.channel.failed": (
        "cross-circle",
        "fail",
        lambda d: _("%(channel)s failed: %(why)s", channel=channel_name(d.get("channel", "")), why=failure(d)),
    ),
    "plan.channel.requested_again": ("retry", "run", _requested_again),
    "plan.channel.kept": ("alert", "retry", _kept),
    "plan.channel.compared": ("search", "off", _compared),
    "plan.analyzed": ("plans", "wait", _put_together),
    "plan.approved": ("check", "done", lambda d: _with_reason(_approved(d), d)),
    "plan.rejected": ("thumb-down", "fail", lambda d: _with_reason(_("Plan rejected"), d)),
    "plan.cancelled": ("ban", "off", lambda d: _with_reason(_("Plan cancelled"), d)),
    "plan.phase1.created": (
        "bolt",
        "run",
        lambda d: ngettext(
            "Phase 1 created with %(n)s task", "Phase 1 created with %(n)s tasks", len(d.get("tasks") or [])
        ),
    ),
    "plan.stalled": ("alert", "fail", lambda d: _("Stalled: %(why)s", why=system_words.cause(d.get("cause", "")))),
    "plan.recovery.requested": ("user", "wait", _recovery_requested),
    "plan.recovery.started": (
        "retry",
        "retry",
        lambda d: _("Recovery started: %(what)s", what=system_words.action(d.get("action", ""))),
    ),
    "plan.recovered": ("check-circle", "done", lambda _d: _("Moving again")),
    "plan.escalated": ("flag", "fail", _escalated),
    "plan.phase.started": (
        "bolt",
        "run",
        lambda d: ngettext(
            "Phase %(phase)s has begun with %(n)s task",
            "Phase %(phase)s has begun with %(n)s tasks",
            len(d.get("tasks") or []),
            phase=d.get("phase", ""),
        ),
    ),
    "plan.erased": ("ban", "off", _erased),
    "plan.completed": ("seal", "done", lambda _d: _("Plan completed")),
    "task.created": ("circle", "wait", lambda d: _("Task created: %(title)s", title=d.get("title", ""))),
    "task.added": ("plus", "wait", lambda d: _with_reason(_("Task added: %(title)s", title=d.get("title", "")), d)),
    "task.changed": ("wrench", "off", lambda d: _with_reason(_("Text of the task changed"), d)),
    "task.assigned": ("user", "wait", lambda d: _("Task assigned to %(who)s", who=d.get("assignee", ""))),
    "task.started": ("play", "run", lambda _d: _("Task started")),
    "task.completed": ("check-circle", "done", lambda d: _with_reason(_("Task completed"), d)),
    "task.failed": ("cross-circle", "fail", lambda d: _with_reason(_("Task failed"), d)),
    "task.retried": ("retry", "retry", lambda d: _("Task open again, attempt %(n)s", n=d.get("attempt", ""))),
    "task.cancelled": ("ban", "off", lambda d: _with_reason(_("Task cancelled"), d)),
    "task.rescheduled": ("clock", "off", _rescheduled),
    "task.commented": ("comment", "off", lambda d: _("Comment: %(text)s", text=d.get("comment", ""))),
}
