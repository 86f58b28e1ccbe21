"""The words of findings on what takes longer than it should."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.verdict.kinds import Kind
from gateway.verdict.words.say import Words

_LATE: Final = "That is longer than it should take; nothing is lost."

WORDS: Final[Mapping[Kind, Words]] = {
    Kind.PHASE1_LATE: Words(
        (
            "%(count)s approved plan waits for tasks, for %(age)s.",
            "%(count)s approved plans wait for tasks, the oldest for %(age)s.",
        ),
        _LATE,
        "If the age grows, `marketplace recoveries` shows what the watchdog sees and does.",
    ),
    Kind.RECORDS_LATE: Words(
        (
            "%(count)s record waits for the %(role)s, for %(age)s.",
            "%(count)s records wait for the %(role)s, the oldest for %(age)s.",
        ),
        "More comes in than is taken up, or nobody takes it up; nothing is lost.",
        "`marketplace doctor` shows where it waits, and who reads there. If all of them work, start more of them.",
    ),
    Kind.ANALYSIS_LATE: Words(
        (
            "%(count)s plan is still being analysed, for %(age)s.",
            "%(count)s plans are still being analysed, the oldest for %(age)s.",
        ),
        _LATE,
        "If the age grows, look at the runners: `marketplace logs runner`.",
    ),
}
