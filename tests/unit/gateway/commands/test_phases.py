"""A phase begins in its turn, once, with its tasks; any other one is refused with the one that is next."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.commands import phases
from gateway.commands.answer import Answer
from gateway.problems.problem import Problem
from tests.unit.gateway.commands.a_plan import PLAN_ID, phase, plan

PHASES = [phase(1, "a"), phase(3, "c", "d"), phase(2, "b"), phase(None, "x"), phase(4)]


def asked(wanted: int, *begun: int) -> dict[str, Any]:
    return phases._data(plan("executing", phases=PHASES, begun=begun), wanted)


def refused(wanted: int, *begun: int) -> Problem:
    with pytest.raises(Problem) as found:
        asked(wanted, *begun)
    return found.value


def test_the_next_phase_begins_with_its_tasks() -> None:
    data = asked(2)
    assert (data["phase"], data["name"], data["expected_impact"]) == (2, "Fase 2", "more")
    assert [task["title"] for task in data["tasks"]] == ["b"]
    assert asked(2)["tasks"][0]["task_id"] == data["tasks"][0]["task_id"]


def test_each_task_has_an_id_of_its_own() -> None:
    tasks = asked(3, 2)["tasks"]
    assert [task["title"] for task in tasks] == ["c", "d"]
    assert len({task["task_id"] for task in tasks} | {asked(2)["tasks"][0]["task_id"]}) == 3


@pytest.mark.parametrize("wanted", [1, 2])
def test_of_a_phase_that_has_begun_the_number_is_enough(wanted: int) -> None:
    assert asked(wanted, 2) == {"phase": wanted}


def test_a_phase_waits_for_the_one_before_it() -> None:
    problem = refused(3)
    assert (problem.kind, problem.detail) == ("wrong-status", "Phase 2 comes before phase 3.")


@pytest.mark.parametrize("wanted", [5, 99])
def test_a_phase_that_the_plan_does_not_have_is_not_found_and_the_next_one_is_named(wanted: int) -> None:
    problem = refused(wanted)
    assert problem.kind == "not-found"
    assert f"{wanted}; after 1 comes 2" in problem.detail


def test_after_the_last_phase_none_is_named() -> None:
    problem = refused(4, 2, 3)  # it has no tasks, so it is nothing to begin
    assert problem.kind == "not-found"
    assert "comes" not in problem.detail


def test_a_refusal_says_when_a_phase_begins() -> None:
    problem = phases.refusal(Answer("wrong_status", "executing"), PLAN_ID)
    assert problem is not None
    assert problem.detail.endswith("a phase begins once every task of the one before has ended.")


@pytest.mark.parametrize("outcome", ["accepted", "unchanged"])
def test_what_was_done_or_is_so_already_is_no_refusal(outcome: Any) -> None:
    assert phases.refusal(Answer(outcome), PLAN_ID) is None
