"""The API gives each column of a list that the read models give, and no other."""

from __future__ import annotations

from dataclasses import fields

import pytest
from pydantic import BaseModel

from gateway.shapes.plans import PlanRow, PlanShape
from gateway.shapes.tasks import TaskDetailShape, TaskShape
from projections.plans.reads import Plan, PlanSummary
from projections.tasks.reads import Task, TaskDetail

#: What an answer says besides its row, since it depends on who asks and when.
MADE = {
    PlanShape: {"actions", "phase1_preview", "reading", "verdict"},
    TaskDetailShape: {"actions"},
}


@pytest.mark.parametrize(
    ("shape", "read"), [(PlanRow, PlanSummary), (PlanShape, Plan), (TaskShape, Task), (TaskDetailShape, TaskDetail)]
)
def test_a_shape_has_the_fields_of_what_is_read(shape: type[BaseModel], read: type) -> None:
    told = {name for part in read.__mro__ for name, one in vars(part).items() if isinstance(one, property)}
    assert set(shape.model_fields) - told == {field.name for field in fields(read)} | MADE.get(shape, set())
