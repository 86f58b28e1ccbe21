"""What an attempt was made at, and how it ended, in the reader's language."""

from __future__ import annotations

from typing import Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from projections.reads.attempts import Attempt
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


def job(one: Attempt) -> str:
    """Say what it was made at; of an analysis with its channel."""
    name = _(JOBS[one.job])
    return f"{name}: {channel_name(one.subject)}" if one.job == "analysis" and "|" not in one.subject else name


def outcome(one: Attempt) -> str:
    return _(OUTCOMES[one.outcome][0])


def tone(one: Attempt) -> str:
    return OUTCOMES[one.outcome][1]
