"""Which phase comes next, and the tasks that it becomes: the same ones, however often it is asked for."""

from __future__ import annotations

from schemas.later_phases import next_phase, numbers_left, tasks_of
from schemas.typed.parts import PhaseData
from tests.support.events import AT, PLAN, phase, phase_task


def numbers(*phases: PhaseData, begun: int = 1) -> int | None:
    found = next_phase(phases, begun)
    return None if found is None else found["number"]


def test_phases_come_in_the_order_of_their_numbers() -> None:
    phases = (phase(3), phase(1), phase(2))
    assert numbers(*phases) == 2
    assert numbers(*phases, begun=2) == 3
    assert numbers(*phases, begun=3) is None


def test_a_number_that_is_left_out_is_passed_over() -> None:
    assert numbers(phase(1), phase(4)) == 4


def test_what_has_no_number_or_no_task_does_not_begin() -> None:
    assert numbers({**phase(1), "number": None}, {**phase(2), "tasks": []}, phase(3)) == 3
    assert numbers(phase(1), {**phase(2), "number": None}) is None


def test_the_phases_that_are_left_stand_in_the_order_of_their_turn() -> None:
    empty: PhaseData = {**phase(3), "tasks": []}
    nameless: PhaseData = {**phase(9), "number": None}
    given = (phase(4), empty, phase(1), phase(2), nameless, phase(2))
    assert (numbers_left(given), numbers_left(given, 2), numbers_left(given, 4)) == ([2, 4], [4], [])


def test_tasks_have_ids_of_their_plan_phase_and_place() -> None:
    two, three = [phase(n, [phase_task(1), phase_task(2, also_serves=["x"])]) for n in (2, 3)]
    made = tasks_of(PLAN, two, AT)
    assert made == tasks_of(PLAN, two, AT)
    ids = [task["task_id"] for one in (two, three) for task in tasks_of(PLAN, one, AT)]
    assert len(set(ids)) == 4
    assert [task["position"] for task in made] == [1, 2]
    assert "also_serves" not in made[0]
    assert made[1]["also_serves"] == ["x"]


def test_their_day_counts_from_when_the_phase_begins() -> None:
    (task,) = tasks_of(PLAN, {**phase(2, [phase_task(1)]), "weeks": "Semanas 5-8"}, AT)
    assert task["due_on"] == "2026-04-07"
    (task,) = tasks_of(PLAN, {**phase(2, [phase_task(1)]), "weeks": "depois"}, AT)
    assert "due_on" not in task
