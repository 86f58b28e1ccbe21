"""The one line: the most urgent finding, and that all is flowing only where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.verdict.finding import Finding, Verdict
from gateway.verdict.kinds import Kind
from gateway.verdict.words.findings import say
from gateway.verdict.words.say import Text
from gateway.verdict.words.speech import ENGLISH, Speech
from projections.reads.overview import Overview, Waiting
from schemas.lifecycle import PLAN, TASK, PlanStatus


class Clear(StrEnum):
    """What goes on where nothing is wrong."""

    DECISIONS = "decisions"
    WORK = "work"
    TASKS = "tasks"
    QUIET = "quiet"
    EMPTY = "empty"


#: text and what to do
CLEAR: Final[Mapping[Clear, tuple[Text, str]]] = {
    Clear.DECISIONS: (
        (
            "All flowing. %(count)s plan waits for your decision, for %(age)s.",
            "All flowing. %(count)s plans wait for your decision, the oldest for %(age)s.",
        ),
        "Read it, then approve or reject it: approval turns Phase 1 into tasks.",
    ),
    Clear.WORK: (
        ("All flowing. %(count)s plan is being worked on.", "All flowing. %(count)s plans are being worked on."),
        "There is nothing for you to do now.",
    ),
    Clear.TASKS: (
        ("All flowing. %(count)s task is left to do.", "All flowing. %(count)s tasks are left to do."),
        "",
    ),
    Clear.QUIET: ("All quiet: nothing waits, nothing failed.", ""),
    Clear.EMPTY: (
        "Ready for the first document.",
        "Upload a marketplace export or report; a plan for each channel follows within seconds.",
    ),
}
#: The same beside what needs somebody, where not all is flowing.
WAITING: Final = (
    "%(count)s plan waits for your decision, for %(age)s.",
    "%(count)s plans wait for your decision, the oldest for %(age)s.",
)
MORE: Final = ("And %(more)s more finding.", "And %(more)s more findings.")
_NONE: Final = Waiting(0, 0.0)


@dataclass(frozen=True, slots=True)
class Headline:
    """`about` is the finding that it says, or what goes on where there is none. `more`: how many others there are."""

    text: str
    advice: str
    about: Finding | Clear
    more: str = ""

    @property
    def line(self) -> str:
        return f"{self.text} {self.more}".strip()


def headline(verdict: Verdict, speech: Speech = ENGLISH) -> Headline:
    """Return the one line for a verdict."""
    if verdict.asking:
        worst, *others = verdict.asking
        said = say(worst, speech)
        more = speech.plural(*MORE, len(others)) % {"more": speech.number(len(others))} if others else ""
        return Headline(said.text, f"{said.evidence} {said.advice}".strip(), worst, more)
    assert verdict.snapshot.overview is not None, "without the database something is wrong"
    state, count, age = _clear(verdict.snapshot.overview)
    text, advice = CLEAR[state]
    form = speech.text(text) if isinstance(text, str) else speech.plural(*text, count)
    said_text = form % {"count": speech.number(count), "age": speech.age(age)}
    return Headline(said_text, speech.text(advice) if advice else "", state)


def waiting(verdict: Verdict, speech: Speech = ENGLISH) -> Headline | None:
    """Return that plans wait for a decision; None where none does, or where a finding says it."""
    found = verdict.snapshot.overview
    state, count, age = (Clear.EMPTY, 0, 0.0) if found is None else _clear(found)
    if state is not Clear.DECISIONS or any(one.kind is Kind.DECISIONS_LATE for one in verdict.findings):
        return None
    said = speech.plural(*WAITING, count) % {"count": speech.number(count), "age": speech.age(age)}
    return Headline(said, speech.text(CLEAR[state][1]), state)


def _clear(overview: Overview) -> tuple[Clear, int, float]:
    waiting = overview.plans.get(PlanStatus.AWAITING_APPROVAL, _NONE)
    if waiting.count:
        return Clear.DECISIONS, waiting.count, waiting.oldest_seconds
    if work := sum(overview.plans.get(s, _NONE).count for s in PLAN.waiting_for_system):
        return Clear.WORK, work, 0.0
    if todo := sum(overview.tasks.get(s, _NONE).count for s in TASK.going):
        return Clear.TASKS, todo, 0.0
    return (Clear.QUIET if overview.plans else Clear.EMPTY), 0, 0.0
