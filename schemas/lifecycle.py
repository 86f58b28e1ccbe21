"""The lifecycle of plans and tasks: each status, each command, who may give it and where it leads. The only place.

`decide.rule` and `decide.status` in Postgres are filled from here by `projections.migrate`. The API, the read models,
the pages and the command line import it. What a status or a command is called before people is theirs: tables keyed
by these enums, which tests hold complete.

A status of a later version is in none of these tables: during a rolling deploy it has no action and is not final.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from schemas.rules import Lifecycle, Rule, State, Waits, Words


class PlanStatus(StrEnum):
    """Where a plan is. The order is the one in which people see them."""

    ANALYZING = "analyzing"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    EXECUTING = "executing"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class TaskStatus(StrEnum):
    """Where a task is. The order is the one in which people see them."""

    OPEN = "open"
    ASSIGNED = "assigned"
    STARTED = "started"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PlanAction(StrEnum):
    """What a person can do with a plan. The command is `plan.<action>`."""

    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"


class ChannelAction(StrEnum):
    """What a person can do with one channel of a plan. The command is `plan.channel.<action>`."""

    ANALYSE_AGAIN = "analyse_again"


class PhaseAction(StrEnum):
    """What a person can do with a later phase of a plan. The command is `plan.phase.<action>`."""

    START = "start"


class AddedAction(StrEnum):
    """What a person can do about the tasks of a plan. The command is `plan.task.<action>`."""

    ADD = "add"


class TextAction(StrEnum):
    """What a person can do with what a task says. The command is `task.text.<action>`."""

    CHANGE = "change"


class TaskAction(StrEnum):
    """What a person can do with a task. The command is `task.<action>`."""

    ASSIGN = "assign"
    START = "start"
    COMPLETE = "complete"
    FAIL = "fail"
    RETRY = "retry"
    CANCEL = "cancel"
    RESCHEDULE = "reschedule"
    COMMENT = "comment"


_P, _T = PlanStatus, TaskStatus
_TO_DO: Final = (_T.OPEN, _T.ASSIGNED, _T.STARTED)

PLAN: Final[Lifecycle[PlanStatus, PlanAction]] = Lifecycle(
    "plan",
    {
        _P.ANALYZING: State(Waits.SYSTEM),
        _P.AWAITING_APPROVAL: State(Waits.PERSON),
        _P.APPROVED: State(Waits.SYSTEM),
        _P.EXECUTING: State(Waits.PERSON),
        _P.COMPLETED: State(Waits.NOBODY),
        _P.REJECTED: State(Waits.NOBODY, given_up=True),
        _P.CANCELLED: State(Waits.NOBODY, given_up=True),
    },
    {
        PlanAction.APPROVE: Rule(
            "plan.approved",
            needs=(_P.AWAITING_APPROVAL,),
            to=_P.APPROVED,
            already=(_P.APPROVED, _P.EXECUTING, _P.COMPLETED),
            reserves=1,  # plan.phase1.created
            field="reason",
            words=Words.OPTIONAL,
            four_eyes=True,
        ),
        PlanAction.REJECT: Rule(
            "plan.rejected",
            needs=(_P.AWAITING_APPROVAL,),
            to=_P.REJECTED,
            already=(_P.REJECTED,),
            field="reason",
            words=Words.ASKED,
        ),
        PlanAction.CANCEL: Rule(
            "plan.cancelled",
            needs=(_P.ANALYZING, _P.AWAITING_APPROVAL, _P.EXECUTING),
            to=_P.CANCELLED,
            already=(_P.CANCELLED,),
            field="reason",
            words=Words.ASKED,
        ),
    },
    {
        "plan.uploaded": _P.ANALYZING,
        "plan.analyzed": _P.AWAITING_APPROVAL,
        "plan.phase1.created": _P.EXECUTING,
        "plan.completed": _P.COMPLETED,
        "plan.phase.started": _P.EXECUTING,  # a person's, beside what can be done with the plan as a whole
    },
)

#: What can be asked of one channel of a plan. The plan's status stays: what it had is in force until there is better.
CHANNEL: Final[Mapping[ChannelAction, Rule[PlanStatus]]] = {
    ChannelAction.ANALYSE_AGAIN: Rule("plan.channel.requested_again", needs=(_P.AWAITING_APPROVAL,), to=None),
}

#: What can be asked of a later phase: a plan is completed with each phase, and goes on where a person says so.
PHASE: Final[Mapping[PhaseAction, Rule[PlanStatus]]] = {
    PhaseAction.START: Rule("plan.phase.started", needs=(_P.COMPLETED,), to=_P.EXECUTING),
}

#: The statuses of a plan that was approved and that nobody has taken back.
APPROVED: Final = frozenset(PLAN.rules[PlanAction.APPROVE].already)

TASK: Final[Lifecycle[TaskStatus, TaskAction]] = Lifecycle(
    "task",
    {
        _T.OPEN: State(Waits.PERSON),
        _T.ASSIGNED: State(Waits.PERSON),
        _T.STARTED: State(Waits.PERSON),
        _T.COMPLETED: State(Waits.NOBODY),
        _T.FAILED: State(Waits.PERSON),
        _T.CANCELLED: State(Waits.NOBODY, given_up=True),
    },
    {
        TaskAction.ASSIGN: Rule(
            "task.assigned", needs=_TO_DO, to=None, field="assignee", words=Words.NEEDED, takes_back=True
        ),
        TaskAction.START: Rule("task.started", needs=(_T.OPEN, _T.ASSIGNED), to=_T.STARTED, already=(_T.STARTED,)),
        TaskAction.COMPLETE: Rule(
            "task.completed",
            needs=_TO_DO,
            to=_T.COMPLETED,
            already=(_T.COMPLETED,),
            field="note",
            words=Words.OPTIONAL,
        ),
        TaskAction.FAIL: Rule(
            "task.failed", needs=_TO_DO, to=_T.FAILED, already=(_T.FAILED,), field="reason", words=Words.NEEDED
        ),
        TaskAction.RETRY: Rule("task.retried", needs=(_T.FAILED,), to=_T.OPEN, already=(_T.OPEN,)),
        TaskAction.CANCEL: Rule(
            "task.cancelled",
            needs=(*_TO_DO, _T.FAILED),
            to=_T.CANCELLED,
            already=(_T.CANCELLED,),
            field="reason",
            words=Words.ASKED,
        ),
        TaskAction.RESCHEDULE: Rule(
            "task.rescheduled",
            needs=(*_TO_DO, _T.FAILED),
            to=None,
            field="due_on",
            words=Words.NEEDED,
            takes_back=True,
        ),
        TaskAction.COMMENT: Rule("task.commented", needs=tuple(_T), to=None, field="comment", words=Words.NEEDED),
    },
    {
        "task.created": _T.OPEN,
        "task.added": _T.OPEN,  # a person's, of a task that there was not before
    },
)

#: What can be asked about the tasks of a plan. The plan's status stays; it is completed when this task has ended, too.
ADDED: Final[Mapping[AddedAction, Rule[PlanStatus]]] = {
    AddedAction.ADD: Rule("task.added", needs=(_P.EXECUTING,), to=None, field="reason", words=Words.ASKED),
}

#: What can be asked of what a task says. Its status stays.
TEXT: Final[Mapping[TextAction, Rule[TaskStatus]]] = {
    TextAction.CHANGE: Rule("task.changed", needs=(*_TO_DO, _T.FAILED), to=None, field="reason", words=Words.ASKED),
}

#: kind -> its lifecycle
OF: Final[Mapping[str, Lifecycle[Any, Any]]] = {"plan": PLAN, "task": TASK}
#: command, such as plan.approve -> its rule
RULES: Final[Mapping[str, Rule[Any]]] = {
    **{f"{life.kind}.{action}": rule for life in OF.values() for action, rule in life.rules.items()},
    **{f"plan.channel.{action}": rule for action, rule in CHANNEL.items()},
    **{f"plan.phase.{action}": rule for action, rule in PHASE.items()},
    **{f"plan.task.{action}": rule for action, rule in ADDED.items()},
    **{f"task.text.{action}": rule for action, rule in TEXT.items()},
}
