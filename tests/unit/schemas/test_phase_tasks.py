"""What a phase tells of its tasks is what their own events say: whoever reads the one need not read the others."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.events import derive_id
from schemas.phase_tasks import PhaseEvent, created_by, is_phase, is_whole
from schemas.wire import check, from_record
from tests.contract.golden import golden


def told(type_: str, version: int) -> PhaseEvent:
    event = from_record(type_, golden(type_, version).record)
    assert is_phase(event)
    return event


@pytest.mark.parametrize(("type_", "version"), [("plan.phase1.created", 3), ("plan.phase.started", 1)])
def test_each_task_of_a_phase_is_an_event_that_fits_its_schema(type_: str, version: int) -> None:
    phase = told(type_, version)
    made = created_by(phase)
    assert [one.data["task_id"] for one in made] == [task["task_id"] for task in phase.data["tasks"]]
    for one in made:
        check(one)
        assert (one.stream, one.version) == (f"task-{one.data['task_id']}", 1)
        assert (one.causation_id, one.correlation_id) == (phase.event_id, phase.correlation_id)
        assert (one.occurred_at, one.actor) == (phase.occurred_at, phase.actor)


def test_ids_of_tasks_of_phase_1_are_derived_as_ever() -> None:
    """Downstream knows a repeated fact by its id: the way an id is derived is a part of the storage format."""
    phase = told("plan.phase1.created", 3)
    assert [made.event_id for made in created_by(phase)] == [derive_id(phase.event_id, "phase1", n) for n in (1, 2, 3)]


def test_what_a_task_does_not_say_is_left_out() -> None:
    one, two, three = created_by(told("plan.phase1.created", 3))
    assert (one.data.get("due_on"), one.data.get("also_serves")) == ("2026-04-07", ["shopee-devolucoes-CAF-GAR-1L"])
    assert "also_serves" not in two.data
    assert "due_on" not in three.data
    assert {made.data["phase"] for made in (one, two, three)} == {1}
    assert {made.data["phase"] for made in created_by(told("plan.phase.started", 1))} == {2}


@pytest.mark.parametrize(("version", "whole"), [(1, False), (2, False), (3, True)])
def test_phase_1_of_an_older_version_does_not_say_all(version: int, whole: bool) -> None:
    assert is_whole(told("plan.phase1.created", version)) is whole


def test_a_later_phase_says_all_also_without_days() -> None:
    phase = told("plan.phase.started", 1)
    bare: Any = {**phase.data, "tasks": [{**task, "due_on": None} for task in phase.data["tasks"]]}
    object.__setattr__(phase, "data", bare)
    assert is_whole(phase)


def test_no_other_event_is_a_phase() -> None:
    assert not is_phase(from_record("plan.approved", golden("plan.approved", 1).record))
