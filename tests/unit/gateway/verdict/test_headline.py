"""What the first line says where nothing is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.verdict.judge import judge
from gateway.verdict.words.headline import Clear, headline
from projections.reads.overview import Waiting
from tests.unit.gateway.verdict.examples import QUIET, seen

Counts = dict[str, tuple[int, float]]


@pytest.mark.parametrize(
    ("plans", "tasks", "state", "words"),
    [
        (
            {"awaiting_approval": (3, 60.0), "approved": (1, 0.1)},
            {},
            Clear.DECISIONS,
            "All flowing. 3 plans wait for your decision, the oldest for 1 min.",
        ),
        ({"analyzing": (1, 3.0), "approved": (1, 0.2)}, {}, Clear.WORK, "All flowing. 2 plans are being worked on."),
        ({"executing": (1, 900.0)}, {"open": (1, 900.0)}, Clear.TASKS, "All flowing. 1 task is left to do."),
        ({"completed": (5, 0.0)}, {"completed": (9, 0.0)}, Clear.QUIET, "All quiet: nothing waits, nothing failed."),
        ({}, {}, Clear.EMPTY, "Ready for the first document."),
    ],
)
def test_says_what_goes_on(plans: Counts, tasks: Counts, state: Clear, words: str) -> None:
    by_plan, by_task = ({k: Waiting(*v) for k, v in counts.items()} for counts in (plans, tasks))
    verdict = judge(seen(replace(QUIET, plans=by_plan, tasks=by_task)))

    said = headline(verdict)

    assert verdict.findings == ()
    assert (said.about, said.text, said.more) == (state, words, "")


def test_says_the_worst_and_how_many_more_there_are() -> None:
    said = headline(judge(seen(replace(QUIET, tasks={"failed": Waiting(1, 9.0)}, partial_plans=1), relay="off")))

    assert said.text == "No broker is configured."
    assert said.line == "No broker is configured. And 2 more findings."
