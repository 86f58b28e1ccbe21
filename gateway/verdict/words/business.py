"""The words of findings on plans and tasks: what waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.verdict.kinds import Kind
from gateway.verdict.words.say import Words

WORDS: Final[Mapping[Kind, Words]] = {
    Kind.TASKS_FAILED: Words(
        ("%(count)s task failed.", "%(count)s tasks failed."),
        ("It failed %(age)s ago.", "The first of them failed %(age)s ago."),
        (
            "Retry it or cancel it: a plan is complete when each of its tasks has ended.",
            "Retry them or cancel them: a plan is complete when each of its tasks has ended.",
        ),
    ),
    Kind.DECISIONS_LATE: Words(
        (
            "%(count)s plan waits for a decision, for %(age)s.",
            "%(count)s plans wait for a decision, the oldest for %(age)s.",
        ),
        "More than %(limit)s is too long (MARKETPLACE_DECISION_DUE_HOURS): what was found is worth less with every"
        " day.",
        "Whoever has the role %(role)s, or a higher one, can decide: read it, then approve or reject it."
        " `marketplace plans --overdue` lists them.",
    ),
    Kind.TASKS_OVERDUE: Words(
        ("%(count)s task is overdue.", "%(count)s tasks are overdue."),
        ("Its day has been over for %(age)s.", "The day of the first has been over for %(age)s."),
        "Do what is overdue, cancel it, or give it another day. `marketplace tasks --overdue` lists them.",
    ),
    Kind.PLANS_EMPTY: Words(
        (
            "%(count)s plan that waits for a decision has no opportunity.",
            "%(count)s plans that wait for a decision have no opportunity.",
        ),
        "Nothing was found in what could be read.",
        "See how the document was read. An approval makes one review task per channel.",
    ),
    Kind.PLANS_PARTIAL: Words(
        (
            "%(count)s plan that waits for a decision is partial.",
            "%(count)s plans that wait for a decision are partial.",
        ),
        "Not every channel could be analysed.",
        "What was found can be approved without the others; the plan says why they failed.",
    ),
    Kind.NEXT_PHASES: Words(
        ("%(count)s plan waits for its next phase.", "%(count)s plans wait for their next phase."),
        ("The phase before it ended %(age)s ago.", "The phase before it ended %(age)s ago at the first of them."),
        "Begin it on the plan's page, and its steps become tasks. A plan may stay as it is, too."
        " `marketplace plans --next-phase` lists them.",
    ),
}
