"""What an attempt was made at, and how it ended, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from projections.reads.attempts import Attempt
from projections.reads.tried import Outcome, Tried
from schemas.channels import channel_name

JOBS: Final[dict[str, str]] = {
    "analysis": mark("Analysis"),
    "phase1": mark("Phase 1"),
    "task": mark("Task"),
    "replay": mark("Replay"),
    "other": mark("Record"),
}
#: outcome -> words, the colour's name
OUTCOMES: Final[dict[str, tuple[str, str]]] = {
    "done": (mark("done"), "done"),
    "failed": (mark("failed"), "fail"),
    "dead": (mark("failed for good"), "fail"),
    "kept": (mark("failed, the result before stays"), "retry"),
    "cancelled": (mark("cancelled"), "off"),
    "running": (mark("goes on"), "run"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """How attempts of every plan with one outcome are named, and what is said where there are none."""

    word: str
    icon: str
    about: str
    none: str
    none_why: str
    none_icon: str = "check-circle"


TABS: Final[dict[Outcome, Tab]] = {
    "failed": Tab(
        mark("Tried again"),
        "retry",
        mark("Attempts that failed and were followed by another one. They are kept for 90 days."),
        mark("Nothing had to be tried again"),
        mark(
            "What fails is tried again after 1, 5 and 30 seconds. Each attempt that failed stands here with its cause."
        ),
    ),
    "dead": Tab(
        mark("Failed for good"),
        "cross-circle",
        mark(
            "Dead letters, channels that ended without a result, and tasks that failed: nothing more follows by itself."
        ),
        mark("Nothing has failed for good"),
        mark("What would need a person stands here: dead letters, channels without a result, failed tasks."),
    ),
    "done": Tab(
        mark("Ended well"),
        "check-circle",
        mark("Analyses, Phase 1 and tasks that ended well, with the time from their request until they were recorded."),
        mark("Nothing has ended well yet"),
        mark("Analyses, Phase 1 and tasks stand here once they have ended."),
        "list",
    ),
}


def about(outcome: Outcome) -> str:
    """Say what is listed of an outcome."""
    return _(TABS[outcome].about)


def of_all(one: Tried) -> str:
    """Say what became of an attempt in the list of every plan's."""
    return _(_became(one)[0])


def of_all_tone(one: Tried) -> str:
    return _became(one)[1]


def _became(one: Tried) -> tuple[str, str]:
    """Return the words and the colour of an outcome. Of a record that failed another attempt followed."""
    if one.outcome == "dead":
        return mark("dead letter"), "fail"
    if one.outcome == "failed" and one.record_id is not None:
        return mark("tried again"), "retry"
    return OUTCOMES["dead" if one.outcome == "failed" else "done"]


def job(one: Attempt | Tried) -> str:
    """Say what it was made at; of an analysis with its channel."""
    name = _(JOBS[one.job])
    return f"{name}: {channel_name(one.subject)}" if one.job == "analysis" and "|" not in one.subject else name


def outcome(one: Attempt) -> str:
    return _(OUTCOMES[one.outcome][0])


def tone(one: Attempt) -> str:
    return OUTCOMES[one.outcome][1]
