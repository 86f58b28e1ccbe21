"""A task that a plan does not take says what to do instead, and one of a strange channel names those there are."""

from __future__ import annotations

from uuid import uuid4

import pytest

from gateway.commands.added_tasks import INSTEAD, not_of_plan, refusal_to_add, refusal_to_change
from gateway.commands.answer import Answer
from gateway.shapes.added_tasks import AddedTask
from schemas.lifecycle import ADDED, TEXT, AddedAction, PlanStatus, TaskStatus, TextAction
from schemas.plan import ADDED_TASK_LIMIT

CHANNELS = ["shopee", "amazon_br"]


def refused(status: str) -> Answer:
    return Answer("wrong_status", status, 3)


@pytest.mark.parametrize("status", sorted(set(PlanStatus) - set(ADDED[AddedAction.ADD].needs)))
def test_a_plan_that_takes_no_task_says_what_to_do(status: PlanStatus) -> None:
    problem = refusal_to_add(refused(status), uuid4())
    assert problem is not None
    assert problem.kind == "wrong-status"
    assert "takes no further task" in problem.detail
    assert INSTEAD.get(status, "Nothing can be done with it any more.") in problem.detail


def test_what_is_said_instead_is_of_states_that_take_no_task() -> None:
    assert set(INSTEAD) & set(ADDED[AddedAction.ADD].needs) == set()


@pytest.mark.parametrize("status", sorted(set(TaskStatus) - set(TEXT[TextAction.CHANGE].needs)))
def test_a_task_that_has_ended_keeps_what_it_says(status: TaskStatus) -> None:
    problem = refusal_to_change(refused(status), uuid4())
    assert problem is not None
    assert "what it says stays as it is. Comment on it instead." in problem.detail


def test_other_refusals_are_those_of_each_command_and_what_is_accepted_is_none() -> None:
    plan, task = uuid4(), uuid4()
    unknown = [refusal_to_add(Answer("not_found"), plan), refusal_to_change(Answer("not_found"), task)]
    assert [(one.kind, str(named) in one.detail) for one, named in zip(unknown, (plan, task), strict=True) if one] == [
        ("not-found", True)
    ] * 2
    assert refusal_to_add(Answer("accepted", "executing", 4), plan) is None
    full = refusal_to_add(Answer("too_many_tasks", "executing", 4), plan)
    assert full is not None
    assert (full.kind, full.extra["limit"]) == ("too-many-tasks", ADDED_TASK_LIMIT)
    assert refusal_to_change(Answer("accepted", "open", 2), task) is None


@pytest.mark.parametrize(
    ("channel", "opportunity", "wrong"),
    [
        (None, None, {}),
        ("shopee", "o1", {}),
        ("shein", None, {"channel": "is no channel of this plan: it has shopee, amazon_br"}),
        (None, "o9", {"opportunityId": "is no opportunity of this plan"}),
    ],
)
def test_channel_and_opportunity_are_the_plans(
    channel: str | None, opportunity: str | None, wrong: dict[str, str]
) -> None:
    given = AddedTask.model_validate({"title": "Trocar as fotos", "channel": channel, "opportunityId": opportunity})
    assert {path[0]: said for path, said in not_of_plan(given, CHANNELS, {"o1"})} == wrong
