"""The words for the verdict on a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.verdict.plan import VALUES, PlanKind, PlanVerdict
from gateway.verdict.words.findings import say
from gateway.verdict.words.say import Said, Words, fill
from gateway.verdict.words.speech import ENGLISH, Speech

_STALLED: Final = "This plan is stalled: %(cause)s."
_DEADLINE: Final = "Its deadline was %(age)s ago."
_APPROVED: Final = "Approved by %(who)s. Phase 1 is being made into tasks."
_CHANNELS: Final = "%(done)s of %(all)s channels analysed."
_MEANWHILE: Final = "The system is not well meanwhile: %(because)s"
_FOUND: Final = (
    "%(count)s opportunity found. The plan waits for your decision.",
    "%(count)s opportunities found. The plan waits for your decision.",
)
_LATE: Final = "That is longer than it should take; nothing is lost."
_LOOKED_AT: Final = "The watchdog looks for the cause, and it is said here."

WORDS: Final[Mapping[PlanKind, Words]] = {
    PlanKind.ESCALATED: Words(
        "This plan is stalled: %(cause)s. Automatic recovery has not helped: a person must look.",
        "Its deadline was %(age)s ago. Recoveries begun: %(attempts)s, the last one: %(action)s.",
        "%(cause_advice)s",
    ),
    PlanKind.PAUSED: Words(
        "This plan waits: queue processing is switched off.",
        "Its deadline was %(age)s ago. It goes on by itself once processing is on again.",
        "`marketplace flags on queue_processing` switches it on.",
    ),
    PlanKind.RECOVERING: Words(
        _STALLED,
        "Its deadline was %(age)s ago. Recoveries begun: %(attempts)s, the last one: %(action)s.",
        "%(cause_recovers)s %(cause_advice)s",
    ),
    PlanKind.STALLED: Words(_STALLED, f"{_DEADLINE} No recovery has begun yet.", "%(cause_begins)s %(cause_advice)s"),
    PlanKind.PHASE1_LATE: Words(f"{_APPROVED} That has taken %(age)s.", _LATE, _LOOKED_AT),
    PlanKind.ANALYSIS_LATE: Words(f"{_CHANNELS} That has taken %(age)s.", _LATE, _LOOKED_AT),
    PlanKind.PHASE1_HELD_UP: Words(_APPROVED, _MEANWHILE, "%(because_advice)s"),
    PlanKind.ANALYSIS_HELD_UP: Words(_CHANNELS, _MEANWHILE, "%(because_advice)s"),
    PlanKind.TASKS_FAILED: Words(
        ("%(count)s task of this plan failed.", "%(count)s tasks of this plan failed."),
        "",
        "Retry or cancel it, so that the plan can complete.",
    ),
    PlanKind.TASKS_OVERDUE: Words(
        ("%(count)s task of this plan is overdue.", "%(count)s tasks of this plan are overdue."),
        "",
        "Do what is overdue, cancel it, or give it another day.",
    ),
    PlanKind.ANALYZING: Words(
        _CHANNELS,
        "",
        "The plan appears here by itself, channel by channel. You can go on with something else.",
    ),
    PlanKind.AWAITS_DECISION: Words(
        _FOUND,
        "",
        "Approve it to turn Phase 1 into tasks, or reject it and say why.",
    ),
    PlanKind.AWAITS_PARTIAL: Words(
        _FOUND, "", "Some channels failed, see below; what was found can be approved without them."
    ),
    PlanKind.AWAITS_EMPTY: Words(
        "No opportunity was found. The plan waits for your decision.",
        "",
        "Approval makes one review task per channel, so that a person looks at each.",
    ),
    PlanKind.PHASE1: Words(_APPROVED, "", "This takes a moment; the tasks appear here by themselves."),
    PlanKind.EXECUTING: Words(
        "Phase %(phase)s is under way: %(done)s of %(all)s tasks have ended.",
        "",
        "The plan completes by itself when its last task has ended.",
    ),
    PlanKind.PHASE_ENDED: Words(
        "Phase %(phase)s has ended: every task has.",
        "",
        "%(done)s done, %(gone)s cancelled. Phase %(next)s can begin: its steps become tasks when you say so.",
    ),
    PlanKind.COMPLETED: Words("Completed: every task has ended.", "", "%(done)s done, %(gone)s cancelled."),
    PlanKind.REJECTED: Words("Rejected by %(who)s.", "", "%(reason)s"),
    PlanKind.CANCELLED: Words("Cancelled by %(who)s.", "", "%(reason)s"),
    PlanKind.UNKNOWN: Words(
        "This plan is in a state that this version does not know: %(status)s.",
        "",
        "A newer version of the system wrote it. What is known of it is shown below.",
    ),
}


def say_plan(verdict: PlanVerdict, speech: Speech = ENGLISH) -> Said:
    """Say what happens to a plan, or why it waits."""
    places = {}
    if verdict.because is not None:
        said = say(verdict.because, speech)
        places = {"because": said.text, "because_advice": said.advice}
    return fill(WORDS[verdict.kind], VALUES[verdict.kind], verdict.values, speech, verdict.evidence, **places)
