"""The one sentence of a page: the worst comes first, and says what to do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gateway.ui import i18n
from gateway.ui.words import sentences
from gateway.ui.words.system_sentences import of_operations
from projections.plans.reads import TaskCount
from projections.reads.operations import Operations
from projections.reads.overview import Aside, Outbox, Overview, ProjectionLag, Undecided, Waiting
from schemas.lifecycle import PlanStatus


def seen(
    plans: dict[str, tuple[int, float]] | None = None,
    tasks: dict[str, tuple[int, float]] | None = None,
    outbox: tuple[int, float] = (0, 0.0),
    behind: tuple[int, float] = (0, 0.0),
    dead: tuple[int, int, float] = (0, 0, 0.0),
) -> Overview:
    by_plan = {k: Waiting(*v) for k, v in (plans or {}).items()}
    by_task = {k: Waiting(*v) for k, v in (tasks or {}).items()}
    return Overview(
        by_plan,
        by_task,
        by_plan.get("approved", Waiting(0, 0)),
        0,
        Outbox(*outbox),
        ProjectionLag(*behind, None),
        Aside(Undecided(*dead)),
    )


EVERYTHING: dict[str, Any] = {
    "plans": {"approved": (2, 40.0), "analyzing": (1, 500.0), "awaiting_approval": (3, 60.0)},
    "tasks": {"failed": (1, 9.0), "open": (4, 9.0)},
    "outbox": (7, 12.0),
    "behind": (9, 30.0),
    "dead": (4, 1, 7200.0),
}


def without(**gone: Any) -> Overview:
    return seen(**(EVERYTHING | gone))


@pytest.mark.parametrize(
    ("running", "tone", "hint"),
    [
        (Operations(stuck_by_cause={"worker-gone": 3}), "retry", "It is healing by itself."),
        (Operations(stuck_by_cause={"processing-off": 3}), "wait", "An operator can switch it on again."),
        (Operations(stuck_by_cause={"processing-off": 3}, escalated=1), "fail", "The page of the system"),
    ],
)
def test_what_waits_for_a_person_is_not_said_to_heal(running: Operations, tone: str, hint: str) -> None:
    i18n.use("en")
    said = of_operations(running)
    assert said is not None
    assert said.tone == tone
    assert said.text.startswith("3 plans are stuck")
    assert said.advice.startswith(hint)


@pytest.mark.parametrize(
    ("overview", "tone", "words"),
    [
        (without(), "fail", "The broker does not take events: 7 wait, the oldest for 12 s."),
        (without(outbox=(7, 1.0)), "fail", "2 approved plans wait for their Phase 1, the oldest for 40 s."),
        (without(outbox=(0, 0), plans={"analyzing": (1, 500.0)}), "fail", "1 plan is still being analysed, for 8 min."),
        (without(outbox=(0, 0), plans={}), "retry", "what you see is about 30 s old"),
        (without(outbox=(0, 0), plans={}, behind=(1, 0.2)), "retry", "1 task failed."),
        (
            without(outbox=(0, 0), plans={"awaiting_approval": (3, 60.0)}, behind=(0, 0.0), tasks={}),
            "wait",
            "5 dead letters wait for a decision, the oldest for 2 h.",
        ),
        (seen(dead=(1, 0, 60.0)), "wait", "1 dead letter waits for a decision, for 1 min."),
        (
            seen({"awaiting_approval": (3, 60.0), "approved": (1, 0.1)}),
            "wait",
            "3 plans wait for your decision, the oldest for 1 min",
        ),
        (seen({"analyzing": (1, 3.0), "approved": (1, 0.2)}), "run", "2 plans are being worked on"),
        (seen({"executing": (1, 900.0)}, {"open": (1, 900.0)}), "done", "1 task is left to do"),
        (seen({"completed": (5, 0.0)}, {"completed": (9, 0.0)}), "done", "nothing waits, nothing failed"),
        (seen(), "done", "Ready for the first document."),
    ],
)
def test_says_the_worst_first(overview: Overview, tone: str, words: str) -> None:
    """What stops the flow before what is late, what is late before what failed, then what waits for a person."""
    said = sentences.of_overview(overview)

    assert words in said.text
    assert said.tone == tone
    assert bool(said.link) == bool(said.action)


def plan(status: str, **values: Any) -> Any:
    counts = TaskCount(5, values.pop("tasks", {}))
    known = {"decided_by": "Ana", "reason": "", "partial": False, "opportunity_count": 3, "channel_results": []}
    return SimpleNamespace(status=status, tasks=counts, **(known | values))


@pytest.mark.parametrize("status", [*PlanStatus, "from-the-future"])
def test_every_state_of_a_plan_has_a_sentence(status: str) -> None:
    """In each language, also for a state that is not known yet."""
    for locale in i18n.LOCALES:
        i18n.use(locale)
        said = sentences.of_plan(plan(status))
        i18n.use("en")

        assert said.text
        assert said.advice


def test_a_failed_task_is_named_in_its_plan() -> None:
    assert sentences.of_plan(plan("executing", tasks={"failed": 2})).text == "2 tasks of this plan failed."
    assert "2 of 5" in sentences.of_plan(plan("executing", tasks={"completed": 1, "cancelled": 1})).text


def test_a_plan_without_opportunities_says_what_approval_does() -> None:
    assert "review task per channel" in sentences.of_plan(plan("awaiting_approval", opportunity_count=0)).advice
    assert "failed" in sentences.of_plan(plan("awaiting_approval", partial=True)).advice
